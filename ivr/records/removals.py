"""What is taken out again, when its time is over or its caller asks for it: what is asked, what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

KeptKind = Literal["journal", "numbers", "recordings", "messages", "words", "agents"]
"""`journal`: what happened, second by second; `numbers`: who called; `recordings`: sound; `messages`: messages
left, with their sound; `words`: what callers said in menus; `agents`: what agents did, change by change."""

PURGED = "purged"
"""In the place of a number whose time is over: nobody can tell any more whose it was, or which calls were alike."""

_FORGOTTEN = "forgotten-"


def forgotten_mark(removal_id: str) -> str:
    """In the place of the number of a caller who was forgotten: the same in all calls, so that no figure changes."""
    return f"{_FORGOTTEN}{removal_id}"


def removal_of(mark: str) -> str | None:
    """The removal that put this mark in the place of a number; None where none of a caller who was forgotten did."""
    return mark.removeprefix(_FORGOTTEN) if mark.startswith(_FORGOTTEN) else None


def is_taken_out(caller: str) -> bool:
    """Whether a mark stands where a caller's number stood."""
    return caller == PURGED or caller.startswith(_FORGOTTEN)


class KeptSince(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of each kind, what calls that arrived before this time (aware, UTC) have goes; None: it is kept for ever.

    `agents` is a whole hour, so that what was folded by hours stays what it is.
    """

    journal: datetime | None = None
    numbers: datetime | None = None
    recordings: datetime | None = None
    messages: datetime | None = None
    words: datetime | None = None
    agents: datetime | None = None

    @property
    def latest(self) -> datetime | None:
        """Nothing after it goes."""
        return max((one for one in msgspec.structs.astuple(self) if one is not None), default=None)

    @classmethod
    def of(cls, now: datetime, days: dict[KeptKind, int | None]) -> KeptSince:
        """So many days before now; None is for ever."""
        since = {
            kind: now - timedelta(days=kept) for kind, kept in days.items() if kept is not None
        }
        if agents := since.get("agents"):
            since["agents"] = agents.replace(minute=0, second=0, microsecond=0)
        return cls(**since)


class TakenOut(msgspec.Struct, frozen=True, kw_only=True):
    """How much went: rows of the journal, numbers of calls, messages, files, words of calls, changes of agents."""

    events: int = 0
    numbers: int = 0
    messages: int = 0
    files: int = 0
    words: int = 0
    changes: int = 0

    def with_more(self, more: TakenOut) -> TakenOut:
        mine, others = msgspec.structs.astuple(self), msgspec.structs.astuple(more)
        total = (one + other for one, other in zip(mine, others, strict=True))
        return TakenOut(**dict(zip(self.__struct_fields__, total, strict=True)))

    @property
    def is_nothing(self) -> bool:
        return not any(msgspec.structs.astuple(self))


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was taken out: by whom, when and why. It names no number.

    `since` says of a purge what was kept; `done_at` is None while it is under way, or was cut off. `files_left` could
    not be deleted, and are tried again. `under_way`: calls of a forgotten caller that had not ended, and were left.
    """

    removal_id: str
    what: Literal["purge", "forget"]
    asked_at: datetime
    author: str
    why: str
    since: KeptSince = KeptSince()
    taken: TakenOut = TakenOut()
    done_at: datetime | None = None
    files_left: int = 0
    under_way: int = 0


class Removals(Protocol):
    """Takes out, a little at a time, so that no call waits for it. All raise StoreFailed."""

    async def purge(self, since: KeptSince, author: str, why: str) -> Removal:
        """Take out whose time is over. What was taken out of nothing is not written down."""

    async def forget(self, caller: str, author: str, why: str) -> Removal:
        """Take one caller (E.164, or as it came) out of all that is kept. No figure changes."""

    async def finish(self) -> None:
        """Go on with what a server that was killed had begun."""
