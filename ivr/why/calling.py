"""Why a number outside was called as it was, or was not called."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ivr.why.kind import ReasonKind

BarredBy: TypeAlias = Literal[
    "never", "not_allowed", "each_minute", "each_day", "no_line", "no_trunk"
]
"""What stands against calling a number: a list or a limit of `[outgoing]`, all lines taken, or no trunk at all."""


class CalledOutside(ReasonKind, frozen=True):
    """The phone is a number outside (masked): what is shown there, and whether whoever answers presses a key first."""

    phone: str
    number: str
    shown: str | None = None
    shows_caller: bool = False
    confirm: bool = False


class NumberBarred(ReasonKind, frozen=True):
    """The number of this phone is not called: the call goes on to `to`, or (None) ends."""

    phone: str
    by: BarredBy
    to: str | None = None


class CodeDialled(ReasonKind, frozen=True):
    """An agent dialled a code of the rules; `what` is a reason or a queue."""

    agent: str
    code: str
    act: str
    what: str | None = None


class NoSuchCode(ReasonKind, frozen=True):
    """An agent dialled a code that the rules do not have."""

    agent: str
    code: str


class ColleagueDialled(ReasonKind, frozen=True):
    """An agent dialled another, by number or by name."""

    agent: str
    colleague: str
    dialled: str


class OutsideDialled(ReasonKind, frozen=True):
    """An agent dialled a number outside (masked) of a kind that they may call; `shown` is what is seen there."""

    agent: str
    number: str
    cost: str | None = None
    shown: str | None = None


class MayNotCall(ReasonKind, frozen=True):
    """An agent dialled a number outside (masked) of a kind that they may not call; None: abroad, or a machine's."""

    agent: str
    number: str
    cost: str | None = None


Calling = (
    CalledOutside
    | NumberBarred
    | CodeDialled
    | NoSuchCode
    | ColleagueDialled
    | OutsideDialled
    | MayNotCall
)
