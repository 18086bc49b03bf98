"""The state of the house at one moment, as pages and programs read it. Nothing in it changes by time alone."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ivr.numbers import PhoneNumber
from ivr.records.present import PresentCall


class PresentShare(msgspec.Struct, frozen=True, kw_only=True):
    """A site's share of a split queue: `agreed` is 0 to 1; `had` calls of it, and `owed` (less than 0: had others').

    `here`: the site can take calls now.
    """

    site: str
    agreed: float
    had: int
    owed: float
    here: bool


class PresentQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue. `longest_since` is when the wait of the caller began who has waited longest; null where nobody waits.

    `signed_in` and `available` count its agents, `talking` the callers who came to an agent from it; `shares` are those
    of its sites, where it is split.
    """

    name: str
    waiting: int
    talking: int
    signed_in: int
    available: int
    longest_since: datetime | None = None
    shares: tuple[PresentShare, ...] = ()


class PresentAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent. `call_id` is the call that is offered to them, or that they talk in; `since` when the state began.

    `reason` is why they are paused, or will be when they are not busy any more. `phone` is the account that rings;
    null for a phone that does not register.
    """

    name: str
    title: str
    state: str
    queues: tuple[str, ...]
    call_id: str | None = None
    since: datetime | None = None
    reason: str | None = None
    phone: str | None = None
    phone_there: bool = True


class PresentState(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at the time `at` (aware)."""

    at: datetime
    queues: tuple[PresentQueue, ...]
    agents: tuple[PresentAgent, ...]
    calls: tuple[PresentCall, ...]


class PresentQueues(msgspec.Struct, frozen=True, kw_only=True):
    """All queues."""

    queues: tuple[PresentQueue, ...]


class PresentAgents(msgspec.Struct, frozen=True, kw_only=True):
    """All agents."""

    agents: tuple[PresentAgent, ...]


class PresentCalls(msgspec.Struct, frozen=True, kw_only=True):
    """All calls under way."""

    calls: tuple[PresentCall, ...]


def without_numbers(present: PresentState) -> PresentState:
    """The same without callers' numbers: the country and the last three digits stay."""
    calls = tuple(
        msgspec.structs.replace(call, caller=PhoneNumber(call.caller).masked)
        if call.caller is not None
        else call
        for call in present.calls
    )
    return msgspec.structs.replace(present, calls=calls)
