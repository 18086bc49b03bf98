"""Calls in a table: one line each, callers masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from ivr.cli.shared.change_lines import local
from ivr.records.record import CallRecord
from ivr.showing.story import masked

_TITLES = ("ARRIVED", "CALLER", "DIALLED", "ENDED AS", "QUEUE", "AGENT", "WAIT", "TALK", "ID")
_WIDTHS = (24, 13, 13, 14, 14, 10, 7, 7)


def calls_table(records: Iterable[CallRecord], zone: tzinfo | None) -> list[str]:
    """The titles, and a line for each call. Times are in `zone`; None is this machine's."""
    return [_columns(_TITLES), *(_columns(_cells(record, zone)) for record in records)]


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
