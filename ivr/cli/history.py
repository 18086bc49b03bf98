"""`ivr history`: which rules were in force, since when, by whom and why."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

import click

from ivr.cli.shared.change_lines import local, state_of
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import json_option, reading_option
from ivr.cli.shared.zone import zone_of
from ivr.records.changes import RulesChange
from ivr.store.open import open_store


@click.command()
@reading_option
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, metavar="N")
@json_option
def history(home: Path, last: int, as_json: bool) -> None:
    """Show the changes of the rules in force, newest first, and those that are planned.

    The server may be running or not.
    """
    with open_store(home).reading() as stored:
        changes = stored.history.changes(last)
    if as_json:
        click.echo(facts_text(changes))
        return
    if not changes:
        click.echo("no rules have been in force here yet")
        return
    zone = zone_of(home)
    for change in changes:
        click.echo(_line(change, zone))


def _line(change: RulesChange, zone: tzinfo | None) -> str:
    at = change.settled_at or change.due_at
    state = (
        "" if change.state == "taken" else f" ({state_of(change)}: {change.reason or 'not yet'})"
    )
    return (
        f"{local(at, zone)}  {change.revision[:12]}  {change.how:<8}  {change.author:<12}  "
        f"{change.why}{state}"
    )
