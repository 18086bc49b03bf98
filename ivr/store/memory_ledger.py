"""The ledger's twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ivr.errors import StoreFailed
from ivr.records.agents import AgentChange
from ivr.records.changes import FollowUp, OverrideKept, RulesChange
from ivr.records.emergency import EmergencyRecord


class MemoryHistory:
    """See History."""

    def __init__(self) -> None:
        self.changes_by_id: dict[str, RulesChange] = {}
        self.overrides_by_id: dict[str, OverrideKept] = {}
        self.told: list[FollowUp] = []
        self.emergencies_by_call: dict[str, EmergencyRecord] = {}
        self.agent_changes_by_key: dict[tuple[str, int], AgentChange] = {}

    def changes(self, count: int) -> Sequence[RulesChange]:
        newest = sorted(
            self.changes_by_id.values(), key=lambda c: (c.settled_at or c.due_at, c.change_id)
        )
        return newest[::-1][:count]

    def timed(self) -> Sequence[RulesChange]:
        found = [change for change in self.changes_by_id.values() if change.state == "planned"]
        return sorted(found, key=lambda change: (change.due_at, change.change_id))

    def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        found = [override for override in self.overrides_by_id.values() if override.holds(at)]
        return sorted(found, key=lambda override: (override.until, override.override_id))

    def follow_ups(self, since: datetime) -> Sequence[FollowUp]:
        return [one for one in self.told if one.at >= since]

    def emergencies(self, count: int) -> Sequence[EmergencyRecord]:
        found = sorted(self.emergencies_by_call.values(), key=lambda one: (one.began_at, one.call))
        return found[::-1][:count]

    def agent_changes(self, first: datetime, last: datetime) -> Sequence[AgentChange]:
        found = [one for one in self.agent_changes_by_key.values() if first <= one.at < last]
        return sorted(found, key=lambda one: (one.at, one.agent, one.seq))

    def last_of_agents(self) -> Sequence[AgentChange]:
        ordered = sorted(self.agent_changes_by_key.items())
        latest = {agent: change for (agent, _), change in ordered}
        return list(latest.values())


class MemoryLedger:
    """See Ledger. `failure` set to a sentence makes every put fail with it."""

    def __init__(self, history: MemoryHistory | None = None) -> None:
        self.failure: str | None = None
        self._history = history or MemoryHistory()

    async def put_changes(self, *changes: RulesChange) -> None:
        self._fail()
        self._history.changes_by_id.update({change.change_id: change for change in changes})

    async def changes(self, count: int) -> Sequence[RulesChange]:
        return self._history.changes(count)

    async def timed(self) -> Sequence[RulesChange]:
        return self._history.timed()

    async def put_overrides(self, *overrides: OverrideKept) -> None:
        self._fail()
        self._history.overrides_by_id.update(
            {override.override_id: override for override in overrides}
        )

    async def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        return self._history.overrides(at)

    async def put_follow_up(self, follow_up: FollowUp) -> None:
        self._fail()
        self._history.told.append(follow_up)

    async def put_emergencies(self, *calls: EmergencyRecord) -> None:
        self._fail()
        self._history.emergencies_by_call.update({one.call: one for one in calls})

    async def emergencies(self, count: int) -> Sequence[EmergencyRecord]:
        return self._history.emergencies(count)

    async def put_agent_changes(self, *changes: AgentChange) -> None:
        self._fail()
        for one in changes:
            self._history.agent_changes_by_key.setdefault((one.agent, one.seq), one)

    async def last_of_agents(self) -> Sequence[AgentChange]:
        return self._history.last_of_agents()

    def _fail(self) -> None:
        if self.failure is not None:
            raise StoreFailed(self.failure)
