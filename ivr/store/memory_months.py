"""The closed months' twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ivr.kpi.cells import local_arrival
from ivr.records.months import ClosedMonth, MonthDefinitions
from ivr.store.memory_journal import MemoryJournal


class MemoryMonths:
    """See Months."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self.closed: dict[str, ClosedMonth] = {}

    async def close(
        self, through: str, definitions: MonthDefinitions, at: datetime
    ) -> Sequence[str]:
        every = {f"{local_arrival(one):%Y-%m}" for one in self._journal.ended() if not one.test}
        months = sorted(month for month in every if month <= through and month not in self.closed)
        for month in months:
            self.closed[month] = ClosedMonth(month=month, closed_at=at, definitions=definitions)
        return months
