"""A call that is under way, as it stands at this moment: the fold of what the journal was told of it so far."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

import msgspec

from ivr.records import events

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware time. Only of one that says so the API's description tells programs that it is a date and time."""

Doing: TypeAlias = Literal[
    "arriving", "in a menu", "at a question", "waiting", "ringing", "talking", "leaving a message", "leaving"
]  # fmt: skip
"""What a caller does. `arriving` is also between two places; `ringing`: a phone rings for them."""

_AT: dict[str, Doing] = {
    "menu": "in a menu",
    "question": "at a question",
    "phone": "ringing",
    "voicemail": "leaving a message",
    "hangup": "leaving",
}
"""By the first word of a destination. Who comes to a queue waits from the event that says so."""

_AFTER: dict[type[events.CallEvent], Doing] = {
    events.PhoneRang: "ringing",
    events.PhoneTaken: "talking",
    events.PhoneNotTaken: "arriving",
    events.LeftQueue: "arriving",
    events.TalkEnded: "arriving",
    events.RecordingStarted: "leaving a message",
    events.MessageLeft: "leaving",
}
"""Outside the queues."""


class PresentCall(msgspec.Struct, frozen=True, kw_only=True):
    """Times are aware. `since`: when the caller began to do that; `waiting_since`: when this wait in a queue began.

    `queued_at`: when they came to that queue, also while they talk with an agent from it.
    `at` is the last destination, as the rules write it; `agent` is rung, or talks with the caller.
    `own_call`: one of our phones dialled it, a code, a colleague or a number outside; `made_by` is the agent who sits
    there, null where nobody does.
    `expected_wait_seconds` is how long that wait was estimated to be when it began, where no agent was free.
    """

    call_id: str
    dialled: str
    caller: str | None
    trunk: str | None
    test: bool
    arrived_at: Moment
    doing: Doing
    since: Moment
    at: str | None = None
    language: str | None = None
    site: str | None = None
    department: str | None = None
    queue: str | None = None
    waiting_since: Moment | None = None
    agent: str | None = None
    expected_wait_seconds: float | None = None
    own_call: bool = False
    made_by: str | None = None
    queued_at: Moment | None = None


def arrived_call(call_id: str, told: events.Arrived, now: datetime) -> PresentCall:
    """A call that has just come in."""
    return PresentCall(
        call_id=call_id,
        dialled=told.dialled,
        caller=told.caller,
        trunk=told.trunk,
        test=told.test,
        arrived_at=now - timedelta(seconds=told.waited_seconds or 0.0),
        doing="arriving",
        since=now,
        own_call=told.agent is not None,
        made_by=told.agent or None,
    )


def gone_on(  # noqa: PLR0911 - a line for each
    call: PresentCall, told: events.CallEvent, now: datetime
) -> PresentCall:
    """The same call after `told`. What changes nothing that is shown leaves it as it is."""
    match told:
        case events.Routed(to=to, language=language, site=site, department=department):
            waits_on = call.waiting_since is not None and to == f"queue {call.queue}"
            moved = (
                call if waits_on else _does(call, _AT.get(to.partition(" ")[0], "arriving"), now)
            )
            return msgspec.structs.replace(
                moved, at=to, language=language, site=site, department=department
            )
        case events.Queued(queue=queue):
            return _does(call, "waiting", now, queue=queue)
        case events.WaitEstimated(seconds=seconds):
            return msgspec.structs.replace(call, expected_wait_seconds=seconds)
        case events.Offered(agent=agent):
            return _does(call, "ringing", now, queue=call.queue, agent=agent)
        case events.OfferFailed():
            waiting = _does(call, "waiting", now, queue=call.queue)
            # Who was connected with a phone without a sound has waited all the time.
            since = waiting.waiting_since or waiting.queued_at or now
            return msgspec.structs.replace(waiting, waiting_since=since)
        case events.Connected(queue=queue, agent=agent):
            talking = _does(call, "talking", now, queue=queue, agent=agent)
            return msgspec.structs.replace(talking, waiting_since=None)
        case _:
            doing = _AFTER.get(type(told))
            return call if doing is None else _does(call, doing, now)


def _does(
    call: PresentCall,
    doing: Doing,
    now: datetime,
    *,
    queue: str | None = None,
    agent: str | None = None,
) -> PresentCall:
    is_same_wait = queue is not None and queue == call.queue
    waiting_since = call.waiting_since if is_same_wait else now if queue is not None else None
    return msgspec.structs.replace(
        call,
        doing=doing,
        since=call.since if doing == call.doing else now,
        queue=queue,
        waiting_since=waiting_since,
        queued_at=call.queued_at if is_same_wait else waiting_since,
        agent=agent,
        expected_wait_seconds=call.expected_wait_seconds if is_same_wait else None,
    )
