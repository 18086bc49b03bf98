"""Which branches of the rules the tests reach, and which they do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.proving.branches import branches
from ivr.proving.marks import Branch, Trail
from ivr.rules.model import RuleSet
from ivr.rules.walk import Walk
from ivr.showing.sentences import Language


@dataclass(frozen=True, slots=True)
class Coverage:
    """The branches of one rule set, reached and not."""

    reached: tuple[Branch, ...]
    missed: tuple[Branch, ...]

    @property
    def percent(self) -> float:
        """Rounded down to a tenth: 100 is all, and nothing less. Rules without branches are covered."""
        count = len(self.reached) + len(self.missed)
        return len(self.reached) * 1000 // count / 10 if count else 100.0


def coverage(rules: RuleSet, walks: Iterable[Walk], language: Language = "en") -> Coverage:
    """What these calls reach."""
    missed = list(branches(rules, language))
    reached: list[Branch] = []
    for walked in walks:
        trail = Trail(walked.steps)
        still: list[Branch] = []
        for branch in missed:
            (reached if branch.reached_by(trail) else still).append(branch)
        missed = still
    return Coverage(tuple(reached), tuple(missed))
