"""The desk at this moment, for those who look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ivr.desk.seat import Seat
from ivr.queues.agents import AgentState


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent at this moment, for pages and `/health`.

    `is_signed_in` is what they want; who is busy signs out afterwards. `reason`: why they are paused, or will be when
    they are not busy; `since` (aware) is when the state began; `phone` the account that rings, None for a phone that
    does not register.
    """

    name: str
    state: AgentState
    queues: tuple[str, ...]
    reason: str | None = None
    since: datetime | None = None
    phone: str | None = None
    has_phone: bool = True
    is_signed_in: bool = True

    @classmethod
    def of(cls, seat: Seat) -> AgentView:
        """Who sits there."""
        return cls(
            seat.agent.name,
            seat.duty.state,
            seat.on_duty.queues,
            seat.duty.reason,
            seat.since_at,
            seat.account,
            has_phone=seat.duty.has_phone,
            is_signed_in=seat.is_wanted_in,
        )


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue at this moment. `longest_wait_seconds` is 0 when nobody waits.

    `estimate_error_seconds` is how wrong the estimates of waits were of late; None: it is not known.
    """

    name: str
    waiting: int
    signed_in: int
    longest_wait_seconds: float
    estimate_error_seconds: float | None = None
