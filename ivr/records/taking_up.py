"""From the events of a call that has not ended to all that is needed to take it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from ivr.records.events import (
    Arrived,
    Connected,
    Ended,
    LeftQueue,
    MessageLeft,
    OfferFailed,
    PhoneTaken,
    Queued,
    RecordingStarted,
    Routed,
    TalkEnded,
)
from ivr.records.journal import Entry
from ivr.records.standing import Standing, Waited


class LeftOff(msgspec.Struct, frozen=True, kw_only=True):
    """Where a call was left off: its last standing, and what it had of Asterisk then.

    `legs` are channels, the caller's first; `bridge` is where they talk; None: they do not. `is_waiting`: the caller
    waits in the queue where the call stands. `recording` is the message that was under way, as the journal has it.
    `written_at` (aware) is the wall clock when the call came there.
    """

    call_id: str
    standing: Standing
    written_at: datetime
    arrived: Arrived
    legs: tuple[str, ...]
    bridge: str | None = None
    is_waiting: bool = False
    recording: RecordingStarted | None = None


def left_off(entries: Sequence[Entry]) -> LeftOff | None:  # noqa: C901, PLR0912 - a line for each
    """Where the call of these entries (in order) was left off; None where it has ended, or came to no destination."""
    arrived: Arrived | None = None
    at: Entry | None = None
    standing: Standing | None = None
    talk: Connected | PhoneTaken | None = None
    waits_in: str | None = None
    recording: RecordingStarted | None = None
    for entry in entries:
        match entry.event:
            case Arrived():
                arrived = entry.event
            case Routed(standing=Standing() as now):
                at, standing, recording = entry, now, None
            case RecordingStarted():
                recording = entry.event
            case MessageLeft():
                recording = None
            case Queued(queue=queue) if standing is not None and at is not None:
                waits_in = queue
                standing = _waiting(
                    standing, queue, standing.at.astimezone(UTC) + (entry.at - at.at)
                )
            case LeftQueue():
                waits_in = None
            case Connected() | PhoneTaken():
                talk, waits_in = entry.event, None
            case TalkEnded():
                talk = None
            case OfferFailed(result="silent", queue=queue):
                talk, waits_in = None, queue
            case Ended():
                return None
            case _:
                pass  # what was said, keyed or rung in vain does not move the call
    if arrived is None or at is None or standing is None:
        return None
    return LeftOff(
        call_id=at.call_id,
        standing=standing,
        written_at=at.at,
        arrived=arrived,
        legs=(arrived.channel, talk.leg) if talk and talk.leg else (arrived.channel,),
        bridge=talk.bridge if talk else None,
        is_waiting=standing.place == f"queue {waits_in}",
        recording=recording,
    )


def _waiting(standing: Standing, queue: str, since: datetime) -> Standing:
    """All has been said, and the wait begins, unless the caller has waited there before."""
    waits = standing.waits
    if all(one.queue != queue for one in waits):
        waits = (*waits, Waited(queue, since))
    return msgspec.structs.replace(standing, waits=waits, unsaid=())
