"""What can be asked about an agent, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias, get_args

import msgspec

from ivr.control.reason import Reasoned
from ivr.errors import ChangeRefused

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

GOES_WITH: Mapping[AgentAct, str] = MappingProxyType(
    {
        "pause": "reason",
        "take": "queue",
        "leave": "queue",
        "sit_down": "phone",
        "longer_wrap_up": "seconds",
    }
)
"""The one field that an act has beside `why`. Another is refused: who signs out with a queue means to leave it."""


class AgentWish(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that an agent wants, or somebody for them.

    `reason` goes with `pause`, `queue` with `take` and `leave`, `phone` (an account) with `sit_down`, `seconds` with
    `longer_wrap_up`, 60 where it is left out. With an act that it does not go with it is refused.
    """

    act: AgentAct
    reason: str | None = None
    queue: str | None = None
    phone: str | None = None
    seconds: Annotated[float, msgspec.Meta(ge=1, le=3600)] | None = None

    def __post_init__(self) -> None:
        """Raises ChangeRefused for what does not go with the act."""
        super().__post_init__()
        own = GOES_WITH.get(self.act)
        for name in dict.fromkeys(GOES_WITH.values()):
            if name != own and getattr(self, name) is not None:
                message = f"{self.act} goes with {own or 'nothing'}; leave {name} out"
                raise ChangeRefused(message)


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
