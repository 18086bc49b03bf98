"""How long things took in a call, by the clock that nobody sets."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from ivr.records.events import Ended
from ivr.records.journal import Entry

LONGEST_UNNOTICED_SECONDS = 152.0
"""A phone that is gone is found within this time (docs/explanation/what-asterisk-decides.md)."""


def seconds_between(start: Entry, end: Entry) -> float:
    """Seconds from one event to a later one, never negative."""
    nanoseconds = end.monotonic_ns - start.monotonic_ns
    if nanoseconds >= 0:
        return nanoseconds / 1e9
    return max(0.0, (end.at - start.at).total_seconds())


def seen_at(end: Entry, last: Entry) -> Entry:
    """The end of a call or talk; where nobody saw it, when the call was last known to be there.

    Not before its `last` event.
    """
    seen = end.event.last_seen if isinstance(end.event, Ended) else None
    if seen is None:
        return end
    later = max(timedelta(), seen - last.at)
    monotonic_ns = last.monotonic_ns + later // timedelta(microseconds=1) * 1000
    return msgspec.structs.replace(end, at=last.at + later, monotonic_ns=monotonic_ns)


def unnoticed_seconds(up: Entry | None, found: Entry, heard_seconds: float | None) -> float:
    """How long a phone that was up since `up` had been gone when that was found.

    A phone sends speech without a pause, muted ones aside: what did not come is the time that it was gone. That is not
    known, and 0, where nothing came at all.
    """
    if up is None or heard_seconds is None:
        return 0.0
    return min(max(0.0, seconds_between(up, found) - heard_seconds), LONGEST_UNNOTICED_SECONDS)
