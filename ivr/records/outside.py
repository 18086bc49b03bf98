"""How long a call talked outside: what it cost, by its events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ivr.records.durations import seconds_between, seen_at
from ivr.records.events import Ended, PhoneTaken, TalkEnded
from ivr.records.journal import Entry


def seconds_outside(entries: Sequence[Entry], since: datetime | None = None) -> float:
    """Of the talks over trunks that have ended, at this time (aware) or later; `entries` are one call's, in order."""
    seconds, began, last = 0.0, None, None
    for entry in entries:
        match entry.event:
            case PhoneTaken(trunk=trunk):
                began = entry if trunk else None
            case TalkEnded() | Ended() if began is not None:
                end = seen_at(entry, last or began)
                if since is None or end.at >= since:
                    seconds += seconds_between(began, end)
                began = None
            case _:
                pass
        last = entry
    return seconds
