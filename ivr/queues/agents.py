"""An agent's state, and the moves that are legal. The state outlives calls, so it is a value with one function."""

from __future__ import annotations

from enum import StrEnum


class AgentState(StrEnum):
    """What an agent does at this moment."""

    SIGNED_OUT = "signed out"
    AVAILABLE = "available"
    OFFERED = "offered"
    TALKING = "talking"
    WRAPPING_UP = "wrapping up"
    PAUSED = "paused"
    IN_OWN_CALL = "in a call of their own"


class AgentEvent(StrEnum):
    """What happens to an agent."""

    PHONE_CAME = "phone came"
    PHONE_WENT = "phone went"
    WAS_OFFERED = "was offered"
    WITHDRAWN = "offer withdrawn"
    MISSED = "missed the call"
    TOOK = "took the call"
    TALK_ENDED = "talk ended"
    READY = "ready again"
    CALL_BEGAN = "a call of their own began"
    CALL_ENDED = "their own call ended"


_S, _E = AgentState, AgentEvent

_MOVES: dict[tuple[AgentState, AgentEvent], AgentState] = {
    (_S.SIGNED_OUT, _E.PHONE_CAME): _S.AVAILABLE,
    (_S.AVAILABLE, _E.PHONE_WENT): _S.SIGNED_OUT,
    (_S.AVAILABLE, _E.WAS_OFFERED): _S.OFFERED,
    (_S.OFFERED, _E.WITHDRAWN): _S.AVAILABLE,
    (_S.OFFERED, _E.MISSED): _S.PAUSED,
    (_S.OFFERED, _E.TOOK): _S.TALKING,
    (_S.TALKING, _E.TALK_ENDED): _S.WRAPPING_UP,
    (_S.WRAPPING_UP, _E.READY): _S.AVAILABLE,
    (_S.WRAPPING_UP, _E.PHONE_WENT): _S.SIGNED_OUT,
    (_S.PAUSED, _E.READY): _S.AVAILABLE,
    (_S.PAUSED, _E.PHONE_WENT): _S.SIGNED_OUT,
    (_S.AVAILABLE, _E.CALL_BEGAN): _S.IN_OWN_CALL,
    (_S.IN_OWN_CALL, _E.CALL_ENDED): _S.AVAILABLE,
    (_S.IN_OWN_CALL, _E.PHONE_WENT): _S.SIGNED_OUT,
}


def move(state: AgentState, event: AgentEvent) -> AgentState:
    """The state after `event`. What changes nothing (a phone that flaps while its agent talks) keeps the state."""
    return _MOVES.get((state, event), state)
