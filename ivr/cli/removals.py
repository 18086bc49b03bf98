"""`ivr removals`: what was taken out of the store, by whom, when and why."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from ivr.amount import counted
from ivr.cli.shared.change_lines import local
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import json_option, reading_option
from ivr.cli.shared.zone import zone_of
from ivr.records.removals import Removal
from ivr.store.open import open_store


@click.command()
@reading_option
@click.option(
    "--last",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="How many of them.",
)
@json_option
def removals(home: Path, last: int, as_json: bool) -> None:
    """Show what was purged, and how often somebody was forgotten, newest first. None of them has a number."""
    with open_store(home).reading() as stored:
        found = stored.removals.removals(last)
    if as_json:
        click.echo(facts_text(found))
        return
    zone = zone_of(home)
    for one in found:
        why = f": {one.why}" if one.why else ""
        state = "" if one.done_at else "  (not done)"
        click.echo(f"{local(one.asked_at, zone)}  {one.what:<6}  {one.author}{why}{state}")
        click.echo(f"    {_counted(one)}")
    if not found:
        click.echo("nothing was taken out yet")


def _counted(removal: Removal) -> str:
    counts = msgspec.structs.asdict(removal.taken).items()
    return (
        ", ".join(counted(count, name.removesuffix("s")) for name, count in counts if count)
        or "nothing"
    )
