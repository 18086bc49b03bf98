"""The state of the house at one moment, as pages and programs read it. Nothing in it changes by time alone."""

from __future__ import annotations

import msgspec

from ivr.numbers import PhoneNumber, dialled_shown
from ivr.records.present import Moment, PresentCall


class PresentShare(msgspec.Struct, frozen=True, kw_only=True):
    """A site's share of a split queue: `agreed` is 0 to 1; `had` calls of it, and `owed` (less than 0: had others').

    `here`: the site can take calls now.
    """

    site: str
    agreed: float
    had: int
    owed: float
    here: bool


class PresentEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """What the estimates of a queue's waits were worth of late: the `measured` ones were off by that in the mean.

    `mean_error_seconds` is null where too few were measured. `allowed_error_seconds` is what the rules allow, null
    where they have nothing said of waits; `told`: callers hear the estimates now.
    """

    measured: int = 0
    mean_error_seconds: float | None = None
    allowed_error_seconds: float | None = None
    told: bool = False


class PresentQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue. `longest_since` is when the wait of the caller began who has waited longest; null where nobody waits.

    `signed_in` and `available` count its agents, `talking` the callers who came to an agent from it; `shares` are those
    of its sites, where it is split. `estimate` is how well waits are foreseen here. `closed_until` is the end of what
    was closed by hand; null where the queue is open as its rules say.
    """

    name: str
    waiting: int
    talking: int
    signed_in: int
    available: int
    longest_since: Moment | None = None
    shares: tuple[PresentShare, ...] = ()
    estimate: PresentEstimate = PresentEstimate()
    closed_until: Moment | None = None


class PresentAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent. `call_id` is the call that is offered to them, or that they talk in; `since` when the state began.

    `reason` is why they are paused, or will be when they are not busy any more. `phone` is the account that rings;
    null for a phone that does not register. `signed_in` is what they want: who is busy, and not signed in, is signed
    out as soon as that is over.
    """

    name: str
    title: str
    state: str
    queues: tuple[str, ...]
    call_id: str | None = None
    since: Moment | None = None
    reason: str | None = None
    phone: str | None = None
    phone_there: bool = True
    signed_in: bool = True


class PresentState(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at the time `at` (aware)."""

    at: Moment
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
    """The same without the numbers of callers, and of those whom agents call: country and last three digits stay."""
    calls = tuple(_without_numbers(call) for call in present.calls)
    return msgspec.structs.replace(present, calls=calls)


def _without_numbers(call: PresentCall) -> PresentCall:
    caller = PhoneNumber(call.caller).masked if call.caller is not None else None
    dialled = dialled_shown(call.dialled) if call.own_call else call.dialled
    return msgspec.structs.replace(call, caller=caller, dialled=dialled)
