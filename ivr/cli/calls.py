"""`ivr calls`: the stored call records, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec

from ivr.cli.shared.call_lines import calls_table
from ivr.cli.shared.emergency_lines import emergency_lines
from ivr.cli.shared.facts import facts_text, record_facts
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.server import reading_option
from ivr.cli.shared.zone import zone_of
from ivr.records.emergency import EmergencyRecord
from ivr.showing.sentences import Language
from ivr.store.open import open_store

_NO_CALL: Mapping[Language, str] = {
    "en": "no call has ended yet",
    "nb": "ingen samtaler er slutt ennå",
}
_EMERGENCIES: Mapping[Language, str] = {"en": "emergency calls", "nb": "nødanrop"}
_NO_EMERGENCY: Mapping[Language, str] = {
    "en": "no phone has called an emergency number yet",
    "nb": "ingen telefon har ringt et nødnummer ennå",
}


@click.command()
@reading_option
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, metavar="N")
@click.option(
    "--emergency",
    is_flag=True,
    help="Emergency calls only, with each trunk that did not take them.",
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as a JSON array.")
def calls(home: Path, last: int, emergency: bool, language: Language | None, as_json: bool) -> None:
    """Show the calls that have ended, newest first, and below them the emergency calls of phones since the first one.

    Times are the centre's own, callers' numbers are masked; the JSON has UTC, and the numbers in full. Emergency calls
    are in the JSON with --emergency only.
    """
    with open_store(home).reading() as stored:
        records = () if emergency else stored.calls.latest(last)
        emergencies = stored.history.emergencies(last)
    told_in = language_told(language, as_json=as_json)
    if emergency:
        _show_emergencies(emergencies, home, told_in, as_json=as_json)
        return
    if as_json:
        click.echo(facts_text([record_facts(record, told_in) for record in records]))
        return
    for line in calls_table(records, zone_of(home), told_in) if records else [_NO_CALL[told_in]]:
        click.echo(line)
    since = records[-1].arrived_at if records else None
    if lately := [one for one in emergencies if since is None or one.began_at >= since]:
        click.echo(f"\n{_EMERGENCIES[told_in]}")
        for line in emergency_lines(lately, zone_of(home), told_in):
            click.echo(line)


def _show_emergencies(
    calls: Sequence[EmergencyRecord], home: Path, language: Language, *, as_json: bool
) -> None:
    if as_json:
        click.echo(facts_text(msgspec.to_builtins(calls)))
    elif not calls:
        click.echo(_NO_EMERGENCY[language])
    else:
        for line in emergency_lines(calls, zone_of(home), language):
            click.echo(line)
