"""The door to the journal: what the engine may ask of it, and what one line of it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from ivr.records.events import CallEvent, Ended


class Journal(Protocol):
    """Append-only. Events of one call keep their order; each is numbered from 1 within its call."""

    def note(self, call_id: str, event: CallEvent, *, at_once: bool = False) -> None:
        """Write soon, or `at_once`. Never waits, never raises: what goes wrong is told in log and `/health`."""

    async def keep(self, call_id: str, event: CallEvent) -> None:
        """Write, and return when it is on disk: for what cannot be undone. Raises StoreFailed.

        After StoreFailed the event is not in the journal and will not come there by itself:
        whoever goes on with the act that it told of says so with `note`.
        """


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal.

    `seq` counts from 1 within the call. `at` is aware, in UTC, for people; `monotonic_ns` is for
    durations, which must not change when the machine's clock is set.
    """

    call_id: str
    seq: int
    at: datetime
    monotonic_ns: int
    event: CallEvent


def has_ended(entries: Iterable[Entry]) -> bool:
    """Whether the call that these belong to is over. What came in later may stand behind its end."""
    return any(isinstance(entry.event, Ended) for entry in entries)


def is_told(entries: Sequence[Entry]) -> bool:
    """Whether more is there of a call than a purge leaves: nothing, or the event that was the newest of all."""
    return len(entries) > 1 or any(entry.seq == 1 for entry in entries)


class RelayState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a second store is behind the journal, for `/health`.

    `to` is where it is, without a password. `behind`: changes that it has not got yet. `behind_seconds`: since it had
    all of them. `failing_since` is None while it takes what is sent; `last_error` and `mend`
    say why it did not, and what an operator does about it.
    """

    to: str
    sent: int = 0
    behind: int = 0
    behind_seconds: float = 0.0
    failing_since: datetime | None = None
    last_error: str | None = None
    mend: str | None = None
    is_filling: bool = False


class JournalState(msgspec.Struct, frozen=True, kw_only=True):
    """How the journal is, for `/health`.

    `written`: events on disk since the start. `behind`: events that wait to be written.
    `dropped`: events lost for good, because the buffer was full or the journal was closed.
    `failing_since` is None while writing works; `last_error` is what went wrong last, and `mend` what an operator does
    about it; both stay after it has been mended. `notices`: what befell the journal before, and nobody can mend by
    waiting. `commit_seconds` is what a write takes of late; of the last 1,000, 99 in a hundred took no longer than
    `commit_p99_seconds`. `goes_first`: whether the thread that writes is given a core at once; None where that is not
    asked for, since there is one core. `relay` is how the second store is, where there is one.
    """

    written: int = 0
    behind: int = 0
    dropped: int = 0
    failing_since: datetime | None = None
    last_error: str | None = None
    mend: str | None = None
    notices: tuple[str, ...] = ()
    commit_seconds: float = 0.0
    commit_p99_seconds: float = 0.0
    goes_first: bool | None = None
    relay: RelayState | None = None
