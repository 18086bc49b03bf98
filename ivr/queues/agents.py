"""An agent's state, and the moves that are legal. The state outlives calls, so it is a value with one function.

What an agent wants (to be signed in, a pause) and what the phone does are kept apart from the state. Whoever is rung,
talks or wraps up is busy: what is wanted meanwhile holds when that is over. Everybody else is at rest, and the state of
one at rest follows from what is wanted and from the phone, whatever happened before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

MISSED_REASON = "missed"
"""Why an agent is paused who did not take a call. No rules' reason is called so."""

SILENT_REASON = "silent"
"""Why an agent is paused from whose phone no sound came: until they say that they are back, or the phone does."""


class AgentState(StrEnum):
    """What an agent does at this moment."""

    SIGNED_OUT = "signed out"
    AVAILABLE = "available"
    OFFERED = "offered"
    TALKING = "talking"
    WRAPPING_UP = "wrapping up"
    PAUSED = "paused"
    IN_OWN_CALL = "in a call of their own"


BUSY = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAPPING_UP})
AT_REST = frozenset(AgentState) - BUSY


class AgentEvent(StrEnum):
    """What happens to an agent."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    PAUSED = "paused"
    RESUMED = "resumed"
    PHONE_CAME = "phone came"
    PHONE_WENT = "phone went"
    CALL_BEGAN = "a call of their own began"
    CALL_ENDED = "their own call ended"
    WAS_OFFERED = "was offered"
    WITHDRAWN = "offer withdrawn"
    MISSED = "missed the call"
    DECLINED = "declined the call"
    TOOK = "took the call"
    TAKEN_UP = "talk taken up again"
    TALK_ENDED = "talk ended"
    SILENT = "answered, and no sound came"
    READY = "ready again"


@dataclass(frozen=True, slots=True)
class Duty:
    """How it is with an agent. `reason` is why they are paused, or will be when they are not busy any more.

    `is_signed_in` is what they want: without a phone that is there they are signed out all the same.
    """

    state: AgentState = AgentState.SIGNED_OUT
    is_signed_in: bool = False
    reason: str | None = None
    has_phone: bool = False
    is_in_own_call: bool = False

    @property
    def at_rest(self) -> AgentState:
        """The state that they have, or will have, when they are not busy."""
        if not (self.is_signed_in and self.has_phone):
            return AgentState.SIGNED_OUT
        if self.reason is not None:
            return AgentState.PAUSED
        return AgentState.IN_OWN_CALL if self.is_in_own_call else AgentState.AVAILABLE


_S, _E = AgentState, AgentEvent

_MOVES: dict[tuple[AgentState, AgentEvent], AgentState | None] = {
    **{(state, event): None for state in AT_REST for event in AgentEvent},
    (_S.AVAILABLE, _E.WAS_OFFERED): _S.OFFERED,
    (_S.OFFERED, _E.WITHDRAWN): None,
    (_S.OFFERED, _E.MISSED): None,
    (_S.OFFERED, _E.DECLINED): None,
    (_S.OFFERED, _E.TOOK): _S.TALKING,
    (_S.TALKING, _E.TALK_ENDED): _S.WRAPPING_UP,
    (_S.TALKING, _E.SILENT): None,
    (_S.WRAPPING_UP, _E.READY): None,
    (_S.WRAPPING_UP, _E.PHONE_WENT): None,
    (_S.WRAPPING_UP, _E.SIGNED_OUT): None,
    (_S.WRAPPING_UP, _E.PAUSED): None,
    **{(state, _E.TAKEN_UP): _S.TALKING for state in AT_REST},
}
"""None: to rest. What is not here keeps the state: a phone that flaps while its agent talks ends no talk."""


def move(duty: Duty, event: AgentEvent, reason: str | None = None) -> Duty:
    """How it is after `event`. `reason` goes with `PAUSED`.

    A missed or declined call is a pause of its own, which being `READY` ends. So is a phone without a sound, which ends
    when the phone goes: the one that comes after it is another, or was mended. No other pause ends by itself.
    """
    wanted = _wanted(duty, event, reason)
    after = _MOVES.get((duty.state, event), duty.state)
    state = wanted.at_rest if after is None else after
    return wanted if wanted.state is state else replace(wanted, state=state)


def _wanted(duty: Duty, event: AgentEvent, reason: str | None) -> Duty:  # noqa: C901, PLR0911 - a line for each
    match event:
        case _E.SIGNED_IN:
            return replace(duty, is_signed_in=True)
        case _E.SIGNED_OUT:
            return replace(duty, is_signed_in=False, reason=None)
        case _E.PAUSED:
            return replace(duty, reason=reason)
        case _E.MISSED | _E.DECLINED if duty.state is _S.OFFERED:
            return replace(duty, reason=duty.reason or MISSED_REASON)
        case _E.SILENT if duty.state is _S.TALKING:
            return replace(duty, reason=duty.reason or SILENT_REASON)
        case _E.RESUMED:
            return replace(duty, reason=None)
        case _E.READY if duty.reason == MISSED_REASON:
            return replace(duty, reason=None)
        case _E.PHONE_WENT:
            is_mended = duty.reason == SILENT_REASON
            return replace(duty, has_phone=False, reason=None if is_mended else duty.reason)
        case _E.PHONE_CAME:
            return replace(duty, has_phone=True)
        case _E.CALL_BEGAN | _E.CALL_ENDED:
            return replace(duty, is_in_own_call=event is _E.CALL_BEGAN)
        case _:
            return duty
