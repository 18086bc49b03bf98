"""`ivr calls`: the stored call records, newest first."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

import click
import msgspec

from ivr.cli.shared.change_lines import local
from ivr.cli.shared.facts import facts_text, reason_facts
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.zone import zone_of
from ivr.records.record import CallRecord
from ivr.showing.sentences import Language
from ivr.showing.story import masked
from ivr.store.open import open_store


@click.command()
@click.option(
    "--home",
    type=click.Path(path_type=Path),
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
        click.echo(facts_text([_facts(record, told_in) for record in records]))
        return
    if not records:
        click.echo("no call has ended yet")
        return
    zone = zone_of(home)
    click.echo(_columns(_TITLES))
    for record in records:
        click.echo(_columns(_cells(record, zone)))


def _facts(record: CallRecord, language: Language) -> dict[str, object]:
    """The record as it is stored, each reason with its sentence."""
    decisions = [
        {
            **msgspec.to_builtins(decision),
            "steps": [reason_facts(reason, language) for reason in decision.steps],
        }
        for decision in record.decisions
    ]
    return {**msgspec.to_builtins(record), "decisions": decisions}


_TITLES = ("ARRIVED", "CALLER", "DIALLED", "ENDED AS", "QUEUE", "AGENT", "WAIT", "TALK", "ID")
_WIDTHS = (24, 13, 13, 14, 14, 10, 7, 7)


def _cells(record: CallRecord, zone: tzinfo | None) -> tuple[str, ...]:
    return (
        local(record.arrived_at, zone),
        masked(record.caller),
        record.dialled,
        f"{record.disposition or ''}{' (test)' if record.test else ''}",
        record.queue or "",
        record.agent or "",
        _seconds(record.wait_seconds),
        _seconds(record.talk_seconds),
        record.call_id,
    )


def _columns(cells: tuple[str, ...]) -> str:
    padded = [f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=False)]
    return "  ".join([*padded, cells[-1]])


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f} s"
