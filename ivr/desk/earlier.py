"""An agent as an earlier server knew them last: what of it holds still."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ivr.queues.agents import MISSED_REASON, AgentEvent, AgentState, Duty, move
from ivr.records.agents import AgentChange
from ivr.rules.model import DutyRules


def seconds_left(earlier: AgentChange, now: datetime) -> float:
    """Of a wrap-up, or of the peace after a missed call; 0 where none is left.

    Never more than it was to last when it was written down: the machine's clock may have been set back since.
    """
    if earlier.until is None:
        return 0.0
    left = min(earlier.until - now, earlier.until - earlier.at)
    return max(0.0, left.total_seconds())


def duty_as_before(duty: Duty, earlier: AgentChange, left_seconds: float, rules: DutyRules) -> Duty:
    """Sign-ins, pauses and wrap-ups as they were.

    A pause for missed calls has no end where the rules gave it; the peace after a single one is over with its time.
    """
    duty = move(duty, AgentEvent.SIGNED_IN if earlier.signed_in else AgentEvent.SIGNED_OUT)
    was_missed = earlier.reason == MISSED_REASON
    has_no_end = earlier.until is None and rules.missed is not None
    if earlier.reason is not None and (not was_missed or has_no_end or left_seconds > 0):
        duty = move(duty, AgentEvent.PAUSED, earlier.reason)
    if left_seconds > 0 and not was_missed:
        duty = replace(duty, state=AgentState.WRAPPING_UP)
    return duty
