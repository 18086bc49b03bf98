"""Calls in a table or a sheet: one line each, the numbers of callers, and of those whom agents call, masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from ivr.cli.shared.change_lines import local
from ivr.cli.shared.sheets import Row
from ivr.records.record import CallRecord
from ivr.showing.callers import record_caller, record_dialled
from ivr.showing.record_words import DISPOSITIONS
from ivr.showing.sentences import Language
from ivr.showing.sentences.notation_norwegian import agent_named, figure

_TITLES: Mapping[Language, tuple[str, ...]] = {
    "en": ("ARRIVED", "CALLER", "DIALLED", "ENDED AS", "QUEUE", "AGENT", "WAIT", "TALK", "ID"),
    "nb": ("KOM INN", "INNRINGER", "RINGTE", "ENDTE SOM", "KØ", "HOS", "VENTET", "SNAKKET", "ID"),
}
CALL_COLUMNS = (
    *("arrived", "caller", "dialled", "disposition", "queue", "agent", "wait_seconds"),
    *("talk_seconds", "test", "call_id"),
)
"""Of a sheet: named as in the records where they have the same."""

_WIDTHS = (24, 13, 13, 14, 14, 10, 7, 7)


def calls_table(
    records: Iterable[CallRecord], zone: tzinfo | None, language: Language = "en"
) -> list[str]:
    """The titles, and a line for each call. Times are in `zone`; None is this machine's."""
    rows = (_cells(record, zone, language) for record in records)
    return [_columns(_TITLES[language]), *map(_columns, rows)]


def calls_rows(records: Iterable[CallRecord], zone: tzinfo | None) -> list[Row]:
    """A row of a sheet for each call; times as in the table."""
    return [
        {
            "arrived": local(record.arrived_at, zone),
            "caller": record_caller(record, "en"),
            "dialled": record_dialled(record),
            "disposition": record.disposition,
            "queue": record.queue,
            "agent": record.agent,
            "wait_seconds": record.wait_seconds,
            "talk_seconds": record.talk_seconds,
            "test": str(record.test).lower(),
            "call_id": record.call_id,
        }
        for record in records
    ]


def _cells(record: CallRecord, zone: tzinfo | None, language: Language) -> tuple[str, ...]:
    return (
        local(record.arrived_at, zone),
        record_caller(record, language),
        record_dialled(record),
        _ended_as(record, language) + (" (test)" if record.test else ""),
        record.queue or "",
        _agent(record.agent, language),
        _seconds(record.wait_seconds, language),
        _seconds(record.talk_seconds, language),
        record.call_id,
    )


def _columns(cells: tuple[str, ...]) -> str:
    padded = [f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=False)]
    return "  ".join([*padded, cells[-1]])


def _ended_as(record: CallRecord, language: Language) -> str:
    """The word that `ivr kpi` goes by, in English; in Norwegian as reports say it."""
    if record.disposition is None:
        return ""
    return DISPOSITIONS[record.disposition][1] if language == "nb" else record.disposition


def _agent(agent: str | None, language: Language) -> str:
    if agent is None:
        return ""
    return agent_named(agent) if language == "nb" else agent


def _seconds(seconds: float | None, language: Language) -> str:
    if seconds is None:
        return ""
    return f"{figure(seconds, 1)} s" if language == "nb" else f"{seconds:.1f} s"
