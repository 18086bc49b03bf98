"""The call record: what is kept of a call when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ivr.records.events import Reason, Routed

Disposition = Literal[
    "answered",
    "voicemail",
    "failed",
    "abandoned",
    "blocked",
    "closed",
    "refused",
    "menu_abandoned",
    "menu_contained",
    "own_call",
]
"""How a call ended, one word for each call. `docs/reference/records.md` says which and when."""

VisitOutcome = Literal[
    "answered",
    "abandoned_short",
    "abandoned",
    "system_dropped",
    "overflowed",
    "callback",
    "exit_key",
    "blocked",
    "closed",
]
"""How one visit to a queue ended; the last two came to it and never waited."""

EndedBy = Literal[
    "caller", "agent", "rules", "failed", "drain", "link_lost", "lost", "lost_while_down"
]


class QueueVisit(msgspec.Struct, frozen=True, kw_only=True):
    """One wait in one queue, or a caller whom it turned away.

    `outcome` and `wait_seconds` are None while the caller still waits; `wait_seconds` also where
    the beginning of the wait is not in the journal, or there was none. `agent` is who answered, `talk_seconds` the
    length of the talk that came of it (None until it is over). `offers` counts the times that a phone was rung.
    `estimated_seconds` is how long the wait was expected to be when it began, `estimate_error_seconds` by how much
    it was longer (less than 0: shorter) when an agent had the caller; None where there was no estimate, or no agent.
    """

    queue: str
    entered_at: datetime
    outcome: VisitOutcome | None = None
    wait_seconds: float | None = None
    agent: str | None = None
    offers: int = 0
    talk_seconds: float | None = None
    estimated_seconds: float | None = None
    estimate_error_seconds: float | None = None

    @property
    def waited_until(self) -> datetime:
        """When the wait ended, and the talk began if one came of it; where it goes on, when it began."""
        return self.entered_at + timedelta(seconds=self.wait_seconds or 0.0)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message that a caller left. `file` is relative to the home folder, `seconds` its length."""

    voicemail: str
    file: str
    seconds: float


class SurveyReply(msgspec.Struct, frozen=True, kw_only=True):
    """A caller who was asked after a talk, and what came of it.

    `queue` and `agent` are those of the talk, `asked_at` when the question began. `score` is a number from `lowest` to
    `highest`; None: there was no answer.
    """

    survey: str
    queue: str
    agent: str | None
    asked_at: datetime
    lowest: int
    highest: int
    score: int | None = None


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One call, from first ring to goodbye; a fold of its events.

    `ended_at`, `ended_by` and `disposition` are None while the call is under way. `answered_at` is
    when *we* answered it, not the agent. `wait_seconds` runs from the first queue until a person
    was heard, or until the caller waited no more; None for a call that reached no queue.
    `talk_seconds` is None until a talk has ended. `queue` and `agent` are those that the caller
    talked with first; without a talk, `queue` is the last one visited. Times are aware, in UTC;
    `call_time` is the time that the rules were asked about, ISO 8601 as it was given. `path` is where
    it went, and by which keys, as PathTaken writes it.
    """

    call_id: str
    arrived_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    dialled: str = ""
    caller: str | None = None
    call_time: str = ""
    sip_call_id: str | None = None
    channel: str = ""
    node: str = ""
    revision: str = ""
    language: str | None = None
    site: str | None = None
    department: str | None = None
    disposition: Disposition | None = None
    ended_by: EndedBy | None = None
    hangup_cause: int | None = None
    error: str | None = None
    wait_seconds: float | None = None
    talk_seconds: float | None = None
    queue: str | None = None
    agent: str | None = None
    test: bool = False
    visits: tuple[QueueVisit, ...] = ()
    messages: tuple[Message, ...] = ()
    surveys: tuple[SurveyReply, ...] = ()
    decisions: tuple[Routed, ...] = ()
    path: str | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every step of every decision, in order: why the call went where it went."""
        return tuple(step for decision in self.decisions for step in decision.steps)
