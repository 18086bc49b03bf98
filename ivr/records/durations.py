"""How long things took in a call, by the clock that nobody sets."""

from __future__ import annotations

from ivr.records.journal import Entry

LONGEST_UNNOTICED_SECONDS = 152.0
"""A phone that is gone is found within this time (docs/explanation/what-asterisk-decides.md)."""


def seconds_between(start: Entry, end: Entry) -> float:
    """Seconds from one event to a later one, never negative."""
    nanoseconds = end.monotonic_ns - start.monotonic_ns
    if nanoseconds >= 0:
        return nanoseconds / 1e9
    return max(0.0, (end.at - start.at).total_seconds())


def unnoticed_seconds(up: Entry | None, found: Entry, heard_seconds: float | None) -> float:
    """How long a phone that was up since `up` had been gone when that was found.

    A phone sends speech without a pause, muted ones aside: what did not come is the time that it was gone. That is not
    known, and 0, where nothing came at all.
    """
    if up is None or heard_seconds is None:
        return 0.0
    return min(max(0.0, seconds_between(up, found) - heard_seconds), LONGEST_UNNOTICED_SECONDS)
