"""How long a call talked outside: what it cost, by its events."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.records.durations import seconds_between
from ivr.records.events import Ended, PhoneTaken, TalkEnded
from ivr.records.journal import Entry


def seconds_outside(entries: Sequence[Entry]) -> float:
    """Of the talks over trunks that have ended, in seconds; `entries` are those of one call, in order."""
    seconds, began = 0.0, None
    for entry in entries:
        match entry.event:
            case PhoneTaken(trunk=trunk):
                began = entry if trunk else None
            case TalkEnded() | Ended() if began is not None:
                seconds += seconds_between(began, entry)
                began = None
            case _:
                pass
    return seconds
