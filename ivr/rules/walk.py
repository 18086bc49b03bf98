"""The pure simulator: a call from its first ring to where it ends, made of nothing but decisions.

What it says is what the engine does; the acceptance tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from ivr.rules.decide import decide
from ivr.rules.decision import (
    Answered,
    Arrived,
    Decision,
    Facts,
    Keyed,
    NothingAnswered,
    NothingChosen,
    Spoken,
    Step,
    Turn,
    WaitedLong,
)
from ivr.rules.model import Menu, Question, Queue, RuleSet, ToHangUp, Voicemail


class TakeOption(Protocol):
    """How keys are matched: the option at the head of a row of keys (None: no option), and the rest of the row."""

    def __call__(self, keys: Collection[str], row: str) -> tuple[str | None, str]: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a call ends (`queue bergen`, `voicemail kundeservice`, `hangup`), and all that happened on the way.

    `said` are the prompts that begin to play, in their order; `facts` are the facts as they stand
    at the end.
    """

    ends: str
    said: tuple[str, ...]
    language: str
    site: str | None
    steps: tuple[Step, ...]
    facts: Facts


def walk(
    rules: RuleSet, facts: Facts, row: str, take_option: TakeOption, says: Sequence[str] = ()
) -> Walk:
    """Walk a call through the rules; the caller keys `row`, then nothing more.

    With `says` the caller then says these words, one after another, in menus that listen.
    A `,` in the row is a pause as long as the menu's patience. In a queue the walk ends where
    agents are signed in or `facts.signed_in` does not name the queue; else the caller waits for the
    queue's next step.
    """
    walker = _Walker(rules, row, take_option, says)
    decision = walker.step(facts, Arrived())
    # Each round takes a key or ends a menu for good, unless the rules go round in a ring, which
    # `ivr check` refuses.
    places = len(rules.menus) + len(rules.questions) + _waits(rules)
    for _ in range(2 * (len(row) + len(says) + places) + 2):
        turn = walker.turn_at(decision)
        if turn is None:
            break
        decision = walker.step(decision.facts, turn)
    else:
        walker.steps.append(Step("the rules lead round in a ring: the walk ends here", None))
    return Walk(
        ends=decision.to,
        said=tuple(walker.said),
        language=decision.facts.language,
        site=decision.facts.site,
        steps=tuple(walker.steps),
        facts=decision.facts,
    )


class _Walker:
    def __init__(
        self, rules: RuleSet, row: str, take_option: TakeOption, says: Sequence[str]
    ) -> None:
        self.said: list[str] = []
        self.steps: list[Step] = []
        self._rules = rules
        self._row = row
        self._take_option = take_option
        self._says = list(says)
        self._steps_taken: dict[str, int] = {}

    def step(self, facts: Facts, turn: Turn) -> Decision:
        if isinstance(turn, WaitedLong):
            steps = self._rules.queues[turn.queue].while_waiting
            before = steps[turn.step - 1].after_seconds if turn.step else 0.0
            waited = steps[turn.step].after_seconds - before
            facts = replace(facts, at=facts.at + timedelta(seconds=waited))
        decision = decide(self._rules, facts, turn)
        self.said += decision.say
        self.steps += decision.steps
        return decision

    def turn_at(self, decision: Decision) -> Turn | None:
        """What the caller does there; None where the walk ends."""
        match decision.then:
            case Menu() as menu:
                return self._in_menu(menu)
            case Question() as question:
                return self._in_question(question)
            case Queue() as queue:
                return self._in_queue(queue, decision.facts)
            case Voicemail(say=greeting):
                self.said.append(greeting)
                return None
            case ToHangUp():
                return None

    def _in_menu(self, menu: Menu) -> Turn:
        # What was wrong is said before the next try, so not after the last.
        first: tuple[str, ...] = ()
        for _ in range(menu.tries):
            self.said += (*first, *menu.say)
            if not self._row and self._says and menu.speech:
                return Spoken(menu.name, self._says.pop(0))
            key, rest = self._take_option(menu.options.keys(), self._row)
            keyed = self._row[: len(self._row) - len(rest)].rstrip(",")
            self._row = rest
            if key is not None:
                return Keyed(menu.name, key)
            if keyed:
                first = (menu.no_match,)
                text = f"the caller keyed {keyed}, which menu {menu.name} does not offer"
            else:
                first = (menu.no_input,)
                text = f"the caller keyed nothing in menu {menu.name}"
            self.steps.append(Step(text, menu.at))
        return NothingChosen(menu.name)

    def _in_question(self, question: Question) -> Turn:
        first: tuple[str, ...] = ()
        for _ in range(question.tries):
            self.said += (*first, *question.say)
            keyed = self._row[: question.digits]
            digits = keyed[: len(keyed) - len(keyed.lstrip("0123456789"))]
            # A caller who stops too soon, or keys a star, begins anew: what follows is the next try's.
            self._row = self._row[len(digits) + (len(digits) < len(keyed)) :]
            if len(digits) == question.digits:
                return Answered(question.name, digits)
            first = (question.no_match,) if digits else (question.no_input,)
            text = f"the caller keyed {len(digits)} of {question.digits} digits"
            self.steps.append(Step(f"{text} for question {question.name}", question.at))
        return NothingAnswered(question.name)

    def _in_queue(self, queue: Queue, facts: Facts) -> Turn | None:
        """Without agents the caller takes the steps of the wait, each once."""
        is_staffed = facts.signed_in.get(queue.name, 1) > 0
        step = self._steps_taken.get(queue.name, 0)
        if is_staffed or step >= len(queue.while_waiting):
            return None
        if step and queue.while_waiting[step - 1].target is not None:
            return None  # who comes back has taken the step that led away
        self._steps_taken[queue.name] = step + 1
        return WaitedLong(queue.name, step)


def _waits(rules: RuleSet) -> int:
    """How often a caller can be asked what happens next while waiting."""
    return sum(1 + len(queue.while_waiting) for queue in rules.queues.values())
