"""What a call needs of the house, as one frozen record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr.ari.events import Arrival
from ivr.ari.legs import Legs
from ivr.ari.routes import Route
from ivr.audio.catalogue import PromptCatalogue
from ivr.numbers import PhoneNumber
from ivr.observe import Counts
from ivr.records.journal import Journal
from ivr.rules.model import Account, SipAddress


class Exchange(Protocol):
    """Where calls come in and phones ring: one Asterisk, or several that take calls side by side.

    A call says at which node it came in, and stays there; nobody above knows more of a node than its name.
    """

    def arrivals(self) -> AbstractAsyncContextManager[AsyncIterator[Arrival]]:
        """Calls that come in, from here on; each is followed from before it is handed out."""

    def legs(self, call_id: str, node: str) -> Legs:
        """For the legs and bridges of one call at this node."""

    async def linked(self, node: str) -> None:
        """Wait until there is a link to this node."""

    def routes_to(self, phone: Account | SipAddress | PhoneNumber) -> tuple[Route, ...]:
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


@dataclass(frozen=True, slots=True)
class Ports:
    """The doors: the telephone exchange, the prompts, the journal, the counts, callers' messages."""

    exchange: Exchange
    prompts: PromptCatalogue
    journal: Journal
    counts: Counts
    messages: Messages
