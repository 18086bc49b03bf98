"""What a caller, or an agent's phone, can make of a verb: values, to be matched exhaustively."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivr.ari.channel import Channel
from ivr.trunks import CallOutResult
from ivr.why import BarredBy


@dataclass(frozen=True, slots=True)
class Chosen:
    """The caller keyed an option of the menu."""

    key: str


@dataclass(frozen=True, slots=True)
class NoInput:
    """The caller keyed nothing before the first-digit timeout."""


@dataclass(frozen=True, slots=True)
class NoMatch:
    """What the caller keyed is no option of the menu. What it was is not kept: it may be a secret."""


MenuOutcome = Chosen | NoInput | NoMatch


@dataclass(frozen=True, slots=True)
class Digits:
    """The caller keyed, or said, as many digits as were asked for. They may be a secret: no log, no journal.

    `are_said`: some of them were said, and what is said may be misheard.
    """

    digits: str
    are_said: bool = False


QuestionOutcome = Digits | NoInput | NoMatch


@dataclass(frozen=True, slots=True)
class Rated:
    """The caller keyed a number of the survey's scale."""

    score: int


SurveyOutcome = Rated | NoInput | NoMatch


@dataclass(frozen=True, slots=True)
class MessageKept:
    """The caller's message is kept."""


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """The caller left no message: the recording was over before anything can have been said."""


@dataclass(frozen=True, slots=True)
class MessageLost:
    """The caller spoke, or wanted to, and it could not be kept."""


Recorded = MessageKept | NothingSaid | MessageLost


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """Somebody took the phone; the leg is the call's until the call gives it up. `trunk`: what it goes over, if any."""

    leg: Channel
    trunk: str | None = None


@dataclass(frozen=True, slots=True)
class LegFailed:
    """The phone was not taken: it rang in vain, was busy, somebody declined, or it could not be reached."""

    why: Literal["no_answer", "busy", "declined", "gone"]


Rung = LegAnswered | LegFailed


@dataclass(frozen=True, slots=True)
class NotReached:
    """The number outside was called, and nobody took the call."""

    why: CallOutResult


@dataclass(frozen=True, slots=True)
class Barred:
    """The number outside was not called at all: a list, a limit, or the lack of a line stands against it."""

    by: BarredBy


Reached = LegAnswered | NotReached | Barred
