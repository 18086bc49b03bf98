"""Taking a message: what a caller says is recorded, and whether that is one is found out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import Protocol

import structlog

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import RecordingEnded, Relinked
from ivr.call.outcomes import MessageKept, MessageLost, NothingSaid, Recorded
from ivr.call.ports import Ports
from ivr.errors import AsteriskUnreachable
from ivr.records.events import CallEvent, MessageLeft, RecordingStarted
from ivr.rules.model import Voicemail

log = structlog.get_logger()

SILENCE_SECONDS = 10
"""A message ends after this long a silence: callers who forget to hang up."""

SHORTEST_SECONDS = 1
"""What is shorter, by Asterisk's count of whole seconds, is no message: those callers hung up at the tone."""

LAST_WORD_SECONDS = 2.0
"""After a hang-up, Asterisk still closes the file: so long is waited for word of it."""


class Notes(Protocol):
    """The call's lines in the journal."""

    def note(self, event: CallEvent) -> None: ...

    async def keep(self, event: CallEvent) -> None: ...


def has_room(box: Voicemail, ports: Ports) -> bool:
    """Whether a message can be kept; where none can, one is counted as lost."""
    if ports.messages.has_room(box.longest_seconds):
        return True
    log.error("no room on the disk for a message", voicemail=box.name)
    ports.counts.count("messages_lost")
    return False


async def take_message(leg: Channel, box: Voicemail, ports: Ports, notes: Notes) -> Recorded:
    """Record what is said on `leg` until `#`, a long silence, the box's limit, or a hang-up.

    A caller who hangs up has left a message all the same: it is told to the journal on the way out.
    """
    name = ids.new("rec")
    started = RecordingStarted(voicemail=box.name, file=f"{ports.messages.recordings}/{name}.wav")
    if not has_room(box, ports):
        return MessageLost()
    await notes.keep(started)
    async with leg.listen(RecordingEnded, Relinked) as happenings:
        await leg.record(
            name,
            longest_seconds=round(box.longest_seconds),
            silence_seconds=SILENCE_SECONDS,
            beep=False,  # ours was heard already
            terminate_on="#",
        )
        return await _to_its_end(leg, started, happenings, ports, notes)


async def go_on_with_message(
    leg: Channel, started: RecordingStarted, ports: Ports, notes: Notes
) -> Recorded:
    """The same for a message that was begun, and lost sight of: it is recorded still, or was, when nobody looked."""
    async with leg.listen(RecordingEnded, Relinked) as happenings:
        if await leg.is_recorded_as(_name_of(started)):
            return await _to_its_end(leg, started, happenings, ports, notes)
    message = message_of(started, ports)
    if message is None:
        return NothingSaid()
    notes.note(message)
    return MessageKept()


def message_of(started: RecordingStarted, ports: Ports) -> MessageLeft | None:
    """What was left in a recording that nobody heard the end of, by its file; None: nothing that can be listened to.

    The files of an Asterisk elsewhere cannot be looked at: there it is believed that somebody spoke.
    """
    seconds = ports.messages.seconds(started.file)
    if seconds is not None and seconds < SHORTEST_SECONDS:
        return None
    return MessageLeft(voicemail=started.voicemail, file=started.file, seconds=seconds or 0.0)


def _name_of(started: RecordingStarted) -> str:
    return PurePosixPath(started.file).stem


async def _to_its_end(
    leg: Channel,
    started: RecordingStarted,
    happenings: AsyncIterator[RecordingEnded | Relinked],
    ports: Ports,
    notes: Notes,
) -> Recorded:
    try:
        ended = await _end_of(leg, started, happenings)
    except asyncio.CancelledError:
        if (
            not leg.ended.done()
        ):  # the server stops: what is said to the caller waits for the end of this else
            leg.recording(_name_of(started)).stop().tell()
        _recorded(started, await _last_word(leg, started, happenings), ports, notes)
        raise
    return _recorded(started, ended, ports, notes)


def _recorded(
    started: RecordingStarted, ended: RecordingEnded | None, ports: Ports, notes: Notes
) -> Recorded:
    """What became of it. A message is what can be listened to: not a file that is empty, or not there."""
    message: MessageLeft | None = None
    if ended is None:
        message = message_of(started, ports)
    elif ended.ok and ended.seconds < SHORTEST_SECONDS:
        return NothingSaid()
    elif ended.ok and ports.messages.is_whole(started.file, ended.seconds):
        message = MessageLeft(voicemail=started.voicemail, file=started.file, seconds=ended.seconds)
    if message is None:
        log.error("message lost", voicemail=started.voicemail, file=started.file)
        ports.counts.count("messages_lost")
        return MessageLost()
    notes.note(message)
    return MessageKept()


async def _end_of(
    leg: Channel, started: RecordingStarted, happenings: AsyncIterator[RecordingEnded | Relinked]
) -> RecordingEnded | None:
    """How this recording ended, others of the same leg are others' concern; None: while the link was lost."""
    name = _name_of(started)
    async for happened in happenings:
        match happened:
            case RecordingEnded():
                if happened.name == name:
                    return happened
            case Relinked():
                if not await leg.is_recorded_as(name):
                    return None
    return None


async def _last_word(
    leg: Channel, started: RecordingStarted, happenings: AsyncIterator[RecordingEnded | Relinked]
) -> RecordingEnded | None:
    try:
        async with asyncio.timeout(LAST_WORD_SECONDS):
            return await _end_of(leg, started, happenings)
    except (TimeoutError, AsteriskUnreachable):
        return None
