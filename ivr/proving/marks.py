"""The marks that a call leaves where it takes a branch of the rules.

Steps that were taken at the branch's location, or why-nots where passing over is what shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivr.rules.decision import Step
from ivr.rules.model import Location
from ivr.why import Because


class Trail:
    """The steps of one call, found by their locations."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)
        self._by_location: dict[Location | None, list[Step]] = {}
        for step in self.steps:
            self._by_location.setdefault(step.at, []).append(step)

    def at(self, location: Location) -> Sequence[Step]:
        return self._by_location.get(location, ())


@dataclass(frozen=True, slots=True)
class Mark:
    """A step at `at` (None: anywhere) of one of these kinds (none: of any), in which all of `having` is so.

    `taken` False is a why-not.
    """

    at: Location | None
    kinds: tuple[type[Because], ...] = ()
    having: tuple[tuple[str, object], ...] = ()
    taken: bool = True

    def left_on(self, trail: Trail) -> bool:
        there = trail.steps if self.at is None else trail.at(self.at)
        return any(step.taken == self.taken and self._is_of(step.because) for step in there)

    def _is_of(self, because: Because) -> bool:
        return (not self.kinds or isinstance(because, self.kinds)) and all(
            getattr(because, name, None) == value for name, value in self.having
        )


@dataclass(frozen=True, slots=True)
class Branch:
    """`words` say what it is, `advice` how a test reaches it. A call that takes it leaves all of `marks`."""

    at: Location
    words: str
    advice: str
    marks: tuple[Mark, ...]

    def reached_by(self, trail: Trail) -> bool:
        """Whether the call that left this trail takes the branch."""
        return all(mark.left_on(trail) for mark in self.marks)
