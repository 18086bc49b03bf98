"""What people did that is kept: changes of the rules, closings by hand, follow-ups; and the door to their ledger.

Emergency calls and what agents did are kept there, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from ivr.records.agents import AgentChange
from ivr.records.emergency import EmergencyRecord

HowChanged = Literal["start", "edit", "apply", "rollback"]
"""`start`: the file as a server found it at its start; `edit`: the file was changed on disk."""

ChangeState = Literal["planned", "taken", "refused", "called_off"]

SHORTEST = 4
"""A revision may be named by its beginning, if it is at least so long."""

HOW_FAR_BACK = 1000
"""So many changes are looked through where an earlier one is meant."""

OverrideKind = Literal["site", "department", "queue"]


class RulesChange(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that a server took, is to take later, or refused when it was to take them. Times are aware, in UTC.

    `settled_at` is None while the change is planned; `reason` says why it was refused.
    """

    change_id: str
    asked_at: datetime
    due_at: datetime
    how: HowChanged
    author: str
    why: str
    revision: str
    file: str
    state: ChangeState
    settled_at: datetime | None = None
    reason: str | None = None


class OverrideKept(msgspec.Struct, frozen=True, kw_only=True):
    """Something closed by hand from `set_at` until `until`, or until it was lifted. Times are aware, in UTC.

    `say` is the prompt that callers hear then; None: what they hear otherwise.
    """

    override_id: str
    kind: OverrideKind
    name: str
    say: str | None
    why: str
    author: str
    set_at: datetime
    until: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    def holds(self, at: datetime) -> bool:
        return self.lifted_at is None and at < self.until


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """A caller who had given up was seen to: called back, or not worth it. `at` is aware, in UTC; `caller` E.164."""

    follow_up_id: str
    caller: str
    at: datetime
    author: str
    why: str


class Ledger(Protocol):
    """Keeps changes, overrides and follow-ups. All raise StoreFailed; what is put is on disk when the put returns."""

    async def put_changes(self, *changes: RulesChange) -> None:
        """Add changes, or bring those with the same ids up to date; all or none."""

    async def changes(self, count: int) -> Sequence[RulesChange]:
        """The last `count`, newest first: by when they took effect, or will."""

    async def timed(self) -> Sequence[RulesChange]:
        """Those that are still to take effect, the next one first."""

    async def put_overrides(self, *overrides: OverrideKept) -> None:
        """Add overrides, or bring those with the same ids up to date; all or none."""

    async def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        """Those that hold at this time, the one that ends next first."""

    async def put_follow_up(self, follow_up: FollowUp) -> None:
        """Add one."""

    async def put_emergencies(self, *calls: EmergencyRecord) -> None:
        """Add emergency calls, or bring those of the same name up to date; all or none."""

    async def emergencies(self, count: int) -> Sequence[EmergencyRecord]:
        """The last `count` emergency calls, newest first."""

    async def put_agent_changes(self, *changes: AgentChange) -> None:
        """Add them, all or none; those that are there already stay as they are."""

    async def last_of_agents(self) -> Sequence[AgentChange]:
        """The last change of each agent."""
