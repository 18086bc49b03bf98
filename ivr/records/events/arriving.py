"""A call comes, is decided upon, and is over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ivr.records.events.event import Event, Reason
from ivr.records.standing import Standing


class Arrived(Event, tag="arrived", frozen=True):
    """The call came in. `call_time` is the time that the rules were asked about, ISO 8601.

    `trunk` is what it came over, where that is one of `ivr.toml`'s; `forwarded_by` the number that passed it on to us.
    `agent` is who made it, where it is no caller's call: a code, a colleague or a number outside was dialled.
    `waited_seconds`: for so long no server took it, and Asterisk kept the caller company with music.
    A test may set that time. `test` marks a call whose facts were set by a test; it is in no
    figure unless asked for.
    """

    dialled: str
    caller: str | None
    call_time: str
    revision: str
    channel: str
    node: str = ""
    sip_call_id: str | None = None
    trunk: str | None = None
    forwarded_by: str | None = None
    test: bool = False
    agent: str | None = None
    waited_seconds: float | None = None


class Answered(Event, tag="answered", frozen=True):
    """We answered the call: the caller hears us from here."""


class TakenUp(Event, tag="taken_up", frozen=True):
    """The server before this one is gone, and this one goes on with the call at this `place` of the rules.

    `was_freed`: meanwhile the caller was on Asterisk's floor.
    """

    place: str
    was_freed: bool = False


class Routed(Event, tag="routed", frozen=True):
    """A decision: where the call goes next, and why. `standing`: all that is needed to take the call up there again.

    `blocked`: queues on the way that did not take the call, full or with nobody signed in. `refused`: by a list of
    callers, or a number that is not answered. Rows of earlier versions have none of them.
    """

    to: str
    language: str
    site: str | None = None
    department: str | None = None
    closed: bool = False
    blocked: tuple[str, ...] = ()
    refused: bool = False
    steps: tuple[Reason, ...] = ()
    standing: Standing | None = None


class Ended(Event, tag="ended", frozen=True):
    """The call is over. `by`: who or what ended it; `cause`: the Q.850 hang-up cause, if known.

    `lost`: nobody did, the caller's phone is gone, of which `heard_seconds` of speech had come. `lost_while_down`: when
    a server started, the call was not there any more, or could not be gone on with; `link_lost`: when the link was
    back. `last_seen` (aware) is its end by Asterisk's own ledger, else the last that is known of the server before.
    """

    by: Literal[
        "caller", "agent", "rules", "failed", "drain", "link_lost", "lost", "lost_while_down"
    ]
    cause: int | None = None
    error: str | None = None
    heard_seconds: float | None = None
    last_seen: datetime | None = None
