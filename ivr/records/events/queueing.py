"""A wait in a queue, the agents who were rung for it, and the talk that came of it."""

from __future__ import annotations

from typing import Literal, TypeGuard

from ivr.records.events.event import Event
from ivr.records.events.phoning import NotTakenBecause


class Queued(Event, tag="queued", frozen=True):
    """The caller began to wait."""

    queue: str


class WaitEstimated(Event, tag="wait_estimated", frozen=True):
    """No agent was free for the caller, who was expected to wait `seconds` from here: the median of what may come.

    Half of that lies between `low_seconds` and `high_seconds`. So many callers were `ahead`, in all queues that the
    `agents` serve who may take this one. It need not have been spoken.
    """

    queue: str
    seconds: float
    low_seconds: float
    high_seconds: float
    ahead: int
    agents: int


class Offered(Event, tag="offered", frozen=True):
    """An agent's phone was rung for the caller, on this `leg` (a channel); a site's phone, or of old: None."""

    queue: str
    agent: str
    leg: str | None = None


class OfferFailed(Event, tag="offer_failed", frozen=True):
    """The agent did not take the call; the caller kept the place.

    `declined`: somebody pressed the key for it. `other_answered`: phones rang at once, and another was faster.
    `silent`: after they were connected, no sound came from the agent's phone; that was no talk. A site outside
    (`agent` is `site partner`): `not_confirmed`, whoever answered pressed no key for it; `barred`, it was not called.
    """

    queue: str
    agent: str
    result: Literal[NotTakenBecause, "other_answered", "silent"]


class PlaceKept(Event, tag="place_kept", frozen=True):
    """The caller has the place again that they left in the call `of_call`."""

    queue: str
    of_call: str


class PlacePassedOn(Event, tag="place_passed_on", frozen=True):
    """After its end: the place of this call is had by the same caller, who called again, in the call `to_call`."""

    queue: str
    to_call: str


class Whispered(Event, tag="whispered", frozen=True):
    """The agent who took the phone hears this of the call, before the two are connected."""

    agent: str
    prompts: tuple[str, ...]


class Connected(Event, tag="connected", frozen=True):
    """Caller and agent hear each other, the agent on this `leg` (a channel), in this `bridge`."""

    queue: str
    agent: str
    leg: str | None = None
    bridge: str | None = None


SITE_AGENT = "site "
"""How a site's phone is called where an agent's name stands: `site partner`."""


def is_agent(name: str | None) -> TypeGuard[str]:
    """Whether an agent is called so: not a site's phone, and not nobody."""
    return name is not None and not name.startswith(SITE_AGENT)


class GivenToSite(Event, tag="given_to_site", frozen=True):
    """A call of a queue that is split is this site's from now on, and no longer that of `before`.

    The rest is the queue's account after it, whose events are numbered by `number`: `shares` and `owed` in parts (as
    many as all shares together are one call), `had` and `in_turn` calls by site, `most_owed` calls. What these mean,
    and `here`, `since` and `made_up`, is in `docs/reference/records.md`.
    """

    queue: str
    site: str
    because: Literal["turn", "owed", "others_away"]
    number: int
    shares: dict[str, int]
    had: dict[str, int]
    in_turn: dict[str, int]
    owed: dict[str, int]
    most_owed: int
    before: str | None = None
    here: tuple[str, ...] = ()
    since: dict[str, int] | None = None
    made_up: tuple[str, ...] = ()


class TakenToFront(Event, tag="taken_to_front", frozen=True):
    """Somebody took the caller to the front of the queue: before all who wait there."""

    queue: str
    author: str
    why: str = ""


class LeftQueue(Event, tag="left_queue", frozen=True):
    """The wait ended without an agent. `abandoned`: the caller hung up; `exit_key`: chose something else instead."""

    queue: str
    result: Literal[
        "abandoned", "overflowed", "callback", "exit_key", "nobody_logged_in", "dropped"
    ]


class TalkEnded(Event, tag="talk_ended", frozen=True):
    """The talk is over. `by` is who hung up first.

    `system`: nobody did, the agent's phone is gone, of which `heard_seconds` of speech had come. `limit`: we did, for
    it had lasted as long as a call outside may.
    """

    by: Literal["caller", "agent", "system", "limit"]
    heard_seconds: float | None = None
