"""Reasons in words, in the reader's language: English or Norwegian (bokmål)."""

from __future__ import annotations

from typing import Literal

from ivr.showing.sentences import english, norwegian
from ivr.why import Because

Language = Literal["en", "nb"]


def sentence(because: Because, *, taken: bool, language: Language = "en") -> str:
    """One reason, without a full stop; `taken` False is a why-not."""
    if language == "nb":
        told = norwegian.sentence(because)
        return told if taken else f"ikke {told}"
    told = english.sentence(because)
    return told if taken else f"not {told}"
