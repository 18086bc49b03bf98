"""What a call needs of the house, as one frozen record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ivr.ari.node import Node
from ivr.audio.catalogue import PromptCatalogue
from ivr.observe import Counts
from ivr.records.journal import Journal


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
    """The doors: Asterisk, the prompts, the journal, the counts, callers' messages."""

    node: Node
    prompts: PromptCatalogue
    journal: Journal
    counts: Counts
    messages: Messages
