"""What a call needs of the house, as one frozen record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ivr.ari.events import Arrival
from ivr.ari.legs import Legs
from ivr.ari.routes import OF_US, Presented, Route
from ivr.audio.catalogue import PromptCatalogue
from ivr.call.lifesign import LifeSigns
from ivr.call.music import Music
from ivr.numbers import PhoneNumber
from ivr.observe import Counts
from ivr.records.journal import Journal
from ivr.rules.decision import KeptPlace, LastTalk
from ivr.rules.model import Account, SipAddress
from ivr.speech.workers import SpeechPlace
from ivr.why import BarredBy


class Exchange(Protocol):
    """Where calls come in and phones ring: one Asterisk, or several that take calls side by side.

    A call says at which node it came in, and stays there; nobody above knows more of a node than its name.
    """

    def arrivals(self) -> AbstractAsyncContextManager[AsyncIterator[Arrival]]:
        """Calls that come in, from here on; each is followed from before it is handed out."""

    def legs(self, call_id: str, node: str) -> Legs:
        """For the legs and bridges of one call at this node."""

    def routes_to(
        self, phone: Account | SipAddress | PhoneNumber, presented: Presented = OF_US
    ) -> tuple[Route, ...]:
        """How a phone is reached, the route to be tried first first; none where it cannot be rung."""

    def media(self, recording: Path) -> str:
        """What a leg is told to play: the recording in this file, an absolute path."""


class Messages(Protocol):
    """Where messages are kept. `recordings` is the folder below the home, `file` a path below the home."""

    @property
    def recordings(self) -> str: ...

    def has_room(self, seconds: float) -> bool:
        """Whether a message of this length can be kept."""

    def is_whole(self, file: str, seconds: float) -> bool:
        """Whether the file has this length, more or less."""

    def seconds(self, file: str) -> float | None:
        """How much sound the file has, 0 where it is not there; None: another machine has it."""


class WorldOutside(Protocol):
    """Who is asked before a number outside is called, and told of the legs that go there."""

    @property
    def longest_seconds(self) -> float: ...

    def bars(
        self, number: PhoneNumber, *, is_named: bool, is_tried: bool = False
    ) -> BarredBy | None:
        """Why this number is not called now, which is counted; None: it is, and counts as called.

        `is_named`: the rules name it, and no caller brought it. `is_tried`: somebody tries it by hand, who is told why
        it is not called, and no caller misses it.
        """

    def has_line(self, trunk: str) -> bool:
        """Whether another call may go out over this trunk."""

    def begin(self, leg: str, trunk: str) -> None:
        """A leg is being rung over this trunk."""

    def taken(self, leg: str, seconds_ago: float = 0.0) -> None:
        """It was answered: from here on it costs money, or has since then."""

    def talked(self, seconds: float) -> None:
        """So long was talked on a leg of an earlier server that is over."""

    def end(self, leg: str) -> None:
        """It is over, if it ever began."""

    def failed(self, trunk: str, status: int | None) -> None:
        """The trunk did not get a call there; SIP's status, where one came."""


class NothingOutside:
    """Where there are no trunks: no number outside is ever called."""

    longest_seconds = 0.0

    def bars(
        self, number: PhoneNumber, *, is_named: bool, is_tried: bool = False
    ) -> BarredBy | None:
        return "no_trunk"

    def has_line(self, _: str) -> bool:
        return False

    def begin(self, leg: str, trunk: str) -> None: ...

    def taken(self, leg: str, seconds_ago: float = 0.0) -> None: ...

    def talked(self, seconds: float) -> None: ...

    def end(self, leg: str) -> None: ...

    def failed(self, trunk: str, status: int | None) -> None: ...


class SurveyedCallers(Protocol):
    """Who was asked in a survey, and is to be left in peace for a while."""

    def last(self, caller: PhoneNumber) -> datetime | None:
        """When this caller was last asked (aware)."""

    def ask(self, caller: PhoneNumber, at: datetime) -> None:
        """This caller is being asked, at this (aware) time."""


class NobodyRemembered:
    """Every caller is as one who was never asked."""

    def last(self, _: PhoneNumber) -> datetime | None:
        return None

    def ask(self, caller: PhoneNumber, at: datetime) -> None: ...


class LastTalks(Protocol):
    """Which agent each caller talked with last."""

    def last(self, caller: PhoneNumber) -> LastTalk | None:
        """None where that is not known."""

    def talked(self, caller: PhoneNumber, agent: str, at: datetime | None = None) -> None:
        """They talked at this time (aware); None: they talk now."""


class NoTalks:
    """Every caller is as one who never called."""

    def last(self, _: PhoneNumber) -> LastTalk | None:
        return None

    def talked(self, caller: PhoneNumber, agent: str, at: datetime | None = None) -> None: ...


class KeptPlaces(Protocol):
    """The places of callers who left a queue without a word with anybody."""

    def last(self, caller: PhoneNumber) -> KeptPlace | None:
        """Where this caller waited last; None where that is not known, or too long ago for any rules."""

    def leave(
        self,
        caller: PhoneNumber,
        call_id: str,
        queue: str,
        waited_seconds: float,
        at: datetime | None = None,
    ) -> None:
        """The caller of this call has left the queue at that time (aware; None: now)."""

    def take(self, caller: PhoneNumber, call_id: str) -> bool:
        """The place of this call is had again, or refused: nobody gets it after that. Whether it was there."""


class NoPlaces:
    """Nobody who calls has been here before."""

    def last(self, _: PhoneNumber) -> KeptPlace | None:
        return None

    def leave(
        self,
        caller: PhoneNumber,
        call_id: str,
        queue: str,
        waited_seconds: float,
        at: datetime | None = None,
    ) -> None: ...

    def take(self, caller: PhoneNumber, call_id: str) -> bool:
        return False


class SpeechPlaces(Protocol):
    """Where what callers say is understood."""

    def place(self, call_id: str) -> AbstractAsyncContextManager[SpeechPlace]:
        """A place for this call's speech. Raises SpeechFailed when there is none."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The doors: the telephone exchange, the prompts, the journal, the counts, callers' messages, the world outside.

    `life` looks at the phones, `music` knows who hears some. Without `speech` callers have only keys.
    """

    exchange: Exchange
    prompts: PromptCatalogue
    journal: Journal
    counts: Counts
    messages: Messages
    outgoing: WorldOutside = field(default_factory=NothingOutside)
    speech: SpeechPlaces | None = None
    surveyed: SurveyedCallers = field(default_factory=NobodyRemembered)
    talks: LastTalks = field(default_factory=NoTalks)
    places: KeptPlaces = field(default_factory=NoPlaces)
    life: LifeSigns = field(default_factory=LifeSigns)
    music: Music = field(default_factory=Music)
