"""Closing months in the journal's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec

from ivr.records.months import ClosedMonth, MonthDefinitions
from ivr.store.removals import Turns
from ivr.store.texts import time_text


class SqliteMonths:
    """See Months. `journal` writes the file."""

    def __init__(self, journal: Turns) -> None:
        self._journal = journal

    async def close(
        self, through: str, definitions: MonthDefinitions, at: datetime
    ) -> Sequence[str]:
        told = msgspec.json.encode(definitions).decode()

        def close(connection: sqlite3.Connection) -> Sequence[str]:
            rows = connection.execute(_TO_CLOSE, (through,)).fetchall()
            values = [(month, time_text(at), told) for (month,) in rows]
            connection.executemany("INSERT INTO closed_month VALUES (?, ?, ?)", values)
            return [month for (month,) in rows]

        await self._journal.folded()
        return await self._journal.in_turn(close)


_TO_CLOSE = (
    "SELECT DISTINCT substr(day, 1, 7) AS month FROM call_day WHERE substr(day, 1, 7) <= ? "
    "AND substr(day, 1, 7) NOT IN (SELECT month FROM closed_month) ORDER BY month"
)


def read_month(month: str, closed_at: str, definitions: str) -> ClosedMonth:
    """Of a row of the table."""
    held = msgspec.json.decode(definitions, type=MonthDefinitions)
    return ClosedMonth(month=month, closed_at=datetime.fromisoformat(closed_at), definitions=held)
