"""A call that is tried under two rule sets at once: what becomes of it, and where it stands with its keys used up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr.menus.digits import PAUSE
from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome
from ivr.proving.plan.changes import HIDDEN, Circumstances, KeyedRow
from ivr.proving.plan.grid import Part
from ivr.proving.rule_tests import PlayedCall
from ivr.proving.simulate import simulate
from ivr.rules.decision import Step
from ivr.rules.model import RuleSet
from ivr.why import ClosedReason, KeyedNothing, KeyedTooFew, Opened

_PATIENCE = PAUSE * 40
"""Longer than all tries of the menus on the way: what is pressed then is pressed in the queue that they lead to."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A menu or a question where a caller has no keys left, in this language."""

    menu: str
    question: str
    language: str


@dataclass(frozen=True, slots=True)
class _Walked:
    outcome: Outcome
    stop: Stop | None
    departments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tried:
    """What becomes of the call before and after, where it stopped, and when that is so."""

    part: Part
    before: Outcome
    after: Outcome
    stops: tuple[Stop, ...]
    departments: frozenset[str]
    """Those whose hours were looked at."""


class Tries:
    """Calls to one number after another. Each is walked once."""

    def __init__(self, before: RuleSet, after: RuleSet) -> None:
        self._rules = before, after
        self._known: dict[tuple[object, ...], _Walked] = {}
        self._same: dict[Outcome, Outcome] = {}
        self.walks = 0

    def forget(self) -> None:
        """The next calls are to another number."""
        self._known.clear()

    def over(
        self,
        parts: Iterable[Part],
        number: PhoneNumber,
        row: KeyedRow,
        caller: PhoneNumber | None,
        around: Circumstances,
    ) -> list[Tried]:
        """The same call in each of these parts of the time."""
        found = []
        for part in parts:
            both = [self._walked(n, part.at, number, row, caller, around) for n in (0, 1)]
            stops = tuple(dict.fromkeys(one.stop for one in both if one.stop))
            departments = both[0].departments | both[1].departments
            found.append(Tried(part, both[0].outcome, both[1].outcome, stops, departments))
        return found

    def _walked(
        self,
        which: int,
        at: datetime,
        number: PhoneNumber,
        row: KeyedRow,
        caller: PhoneNumber | None,
        around: Circumstances,
    ) -> _Walked:
        key = (which, at, row.press, row.said, caller, around)
        known = self._known.get(key)
        if known is None:
            self.walks += 1
            says = (row.said,) if row.said else ()
            there = at.replace(tzinfo=self._rules[1].timezone)
            call = PlayedCall(
                number,
                there,
                None if caller == HIDDEN else caller,
                row.press + _PATIENCE + around.key if around.key else row.press,
                says,
                around.waits_seconds,
                withheld=caller == HIDDEN,
                left=around.left,
            )
            walked = simulate(self._rules[which], call, around.given)
            outcome = Outcome.of(self._rules[which], walked)
            outcome = self._same.setdefault(outcome, outcome)
            stop = _stop(walked.steps, walked.language)
            known = self._known[key] = _Walked(outcome, stop, _departments(walked.steps))
        return known


def _departments(steps: Iterable[Step]) -> frozenset[str]:
    opening = (step.because for step in steps if isinstance(step.because, Opened | ClosedReason))
    return frozenset(one.department for one in opening)


def _stop(steps: Iterable[Step], language: str) -> Stop | None:
    """The first menu in which nothing was keyed, or the first question."""
    for step in steps:
        match step.because:
            case KeyedNothing(menu):
                return Stop(menu, "", language)
            case KeyedTooFew(question, 0):
                return Stop("", question, language)
            case _:
                pass
    return None
