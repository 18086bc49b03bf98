"""What a call needs of the house, as one frozen record."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.ari.node import Node
from ivr.audio.catalogue import PromptCatalogue
from ivr.observe import Counts
from ivr.records.journal import Journal


@dataclass(frozen=True, slots=True)
class Ports:
    """The doors: Asterisk, the prompts, the journal, the counts; `recordings` is where messages lie, below the home."""

    node: Node
    prompts: PromptCatalogue
    journal: Journal
    counts: Counts
    recordings: str
