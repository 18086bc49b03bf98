"""How times and events are written in the tables, and read again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ivr.records.events import CallEvent

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[CallEvent] = msgspec.json.Decoder(CallEvent)


def time_text(at: datetime) -> str:
    """An aware time as 27 characters: `2026-11-21T23:44:17.123456Z`."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def read_time(text: str) -> datetime:
    """The time that `time_text` wrote, aware, in UTC."""
    return datetime.fromisoformat(text)


def event_text(event: CallEvent) -> str:
    """An event as JSON. Raises UnicodeEncodeError for text that no encoding can hold."""
    return _encoder.encode(event).decode("utf-8")


def read_event(payload: str) -> CallEvent | None:
    """The event that `event_text` wrote; None for one that this version does not know, or that a disk has spoilt."""
    try:
        return _decoder.decode(payload)
    except msgspec.DecodeError:  # ValidationError is one
        return None
