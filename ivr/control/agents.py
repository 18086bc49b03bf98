"""What can be asked about an agent, and what is answered."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import msgspec

from ivr.control.reason import Reasoned

AgentAct: TypeAlias = Literal[
    "sign_in",
    "sign_out",
    "pause",
    "resume",
    "take",
    "leave",
    "end_wrap_up",
    "longer_wrap_up",
    "sit_down",
    "stand_up",
]
"""`take` and `leave`: a queue; `sit_down`: at a phone, `stand_up`: from it."""

AGENT_ACTS: tuple[AgentAct, ...] = get_args(AgentAct)


class AgentWish(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that an agent wants, or somebody for them.

    `reason` goes with `pause`, `queue` with `take` and `leave`, `phone` (an account) with `sit_down`, `seconds` with
    `longer_wrap_up`.
    """

    act: AgentAct
    reason: str | None = None
    queue: str | None = None
    phone: str | None = None
    seconds: float = 60.0


class AgentAsked(AgentWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same, and for whom."""

    agent: str


class AgentTold(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent does now. `notes` are sentences: what holds only later, or what is still missing."""

    agent: str
    before: str
    state: str
    queues: tuple[str, ...]
    reason: str | None = None
    notes: tuple[str, ...] = ()
