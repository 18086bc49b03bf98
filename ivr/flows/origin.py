"""How a story begins: with a call that comes in, or where an earlier server left one off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from ivr.records.taking_up import LeftOff
from ivr.rules.decision import Facts


@dataclass(frozen=True, slots=True)
class NewCall:
    """It rings, and nobody has answered it yet.

    `is_under_way`: a server had it, which was killed before it wrote down what it did with the call.
    """

    facts: Facts
    is_under_way: bool = False
    is_answered = False

    @property
    def at(self) -> datetime:
        """The call's own time when its story begins (aware)."""
        return self.facts.at


@dataclass(frozen=True, slots=True)
class Adopted:
    """It stands where it was `left` off; `at` (aware) is the call's own time by now.

    Not for one that talks: where its talk leads is to be seen first. `was_freed`: Asterisk offers it anew, from the
    floor, and nothing is under way in it.
    """

    left: LeftOff
    at: datetime
    was_freed: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether something may be played, or recorded, that was begun when the call was left."""
        return not self.was_freed

    @property
    def is_answered(self) -> bool:
        """Whether the caller hears us."""
        return self.left.is_answered


Origin: TypeAlias = NewCall | Adopted
