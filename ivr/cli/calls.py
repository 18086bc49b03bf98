"""`ivr calls`: the stored call records, newest first."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.call_lines import calls_table
from ivr.cli.shared.facts import facts_text, record_facts
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.zone import zone_of
from ivr.showing.sentences import Language
from ivr.store.open import open_store


@click.command()
@click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    required=True,
    help="The home folder of the server whose calls are shown (or IVR_HOME).",
)
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, metavar="N")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as a JSON array.")
def calls(home: Path, last: int, language: Language | None, as_json: bool) -> None:
    """Show the calls that have ended, newest first.

    Times are the centre's own, callers' numbers are masked; the JSON has UTC, and the numbers in full.
    """
    with open_store(home).reading() as stored:
        records = stored.calls.latest(last)
    if as_json:
        told_in = language_told(language, as_json=True)
        click.echo(facts_text([record_facts(record, told_in) for record in records]))
        return
    if not records:
        click.echo("no call has ended yet")
        return
    for line in calls_table(records, zone_of(home)):
        click.echo(line)
