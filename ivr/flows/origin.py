"""How a story begins: with a call that comes in, or where an earlier server left one off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from ivr.records.taking_up import LeftOff
from ivr.rules.decision import Facts


@dataclass(frozen=True, slots=True)
class NewCall:
    """It rings, and nobody has answered it yet."""

    facts: Facts

    @property
    def at(self) -> datetime:
        """The call's own time when its story begins (aware)."""
        return self.facts.at


@dataclass(frozen=True, slots=True)
class Adopted:
    """It was answered, and stands where it was `left` off; `at` (aware) is the call's own time by now.

    Not for one that talks: where its talk leads is to be seen first.
    """

    left: LeftOff
    at: datetime


Origin: TypeAlias = NewCall | Adopted
