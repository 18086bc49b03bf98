"""The ledger's twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ivr.errors import StoreFailed
from ivr.records.changes import OverrideKept, RulesChange


class MemoryLedger:
    """See Ledger. `failure` set to a sentence makes every put fail with it."""

    def __init__(self) -> None:
        self.failure: str | None = None
        self._changes: dict[str, RulesChange] = {}
        self._overrides: dict[str, OverrideKept] = {}

    async def put_changes(self, *changes: RulesChange) -> None:
        self._fail()
        self._changes.update({change.change_id: change for change in changes})

    async def changes(self, count: int) -> Sequence[RulesChange]:
        newest = sorted(
            self._changes.values(), key=lambda c: (c.settled_at or c.due_at, c.change_id)
        )
        return newest[::-1][:count]

    async def planned(self) -> Sequence[RulesChange]:
        found = [change for change in self._changes.values() if change.state == "planned"]
        return sorted(found, key=lambda change: (change.due_at, change.change_id))

    async def put_overrides(self, *overrides: OverrideKept) -> None:
        self._fail()
        self._overrides.update({override.override_id: override for override in overrides})

    async def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        found = [override for override in self._overrides.values() if override.holds(at)]
        return sorted(found, key=lambda override: (override.until, override.override_id))

    def _fail(self) -> None:
        if self.failure is not None:
            raise StoreFailed(self.failure)
