"""The pure simulator: a call from its first ring to where it ends, made of nothing but decisions.

What it says is what the engine does; the acceptance tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from ivr.rules.decide import decide
from ivr.rules.decision import (
    Arrived,
    Decision,
    Facts,
    Keyed,
    NothingChosen,
    Step,
    Turn,
    WaitedLong,
)
from ivr.rules.model import Menu, Queue, RuleSet, ToHangUp, Voicemail


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


def walk(rules: RuleSet, facts: Facts, row: str, take_option: TakeOption) -> Walk:
    """Walk a call through the rules; the caller keys `row`, then nothing more.

    A `,` in the row is a pause as long as the menu's patience. In a queue the walk ends where
    agents are signed in or `facts.signed_in` does not name the queue; else the caller waits for the
    queue's next step.
    """
    walker = _Walker(rules, row, take_option)
    decision = walker.step(facts, Arrived())
    # Each round takes a key or ends a menu for good, unless the rules go round in a ring, which
    # `ivr check` refuses.
    for _ in range(2 * (len(row) + len(rules.menus) + len(rules.queues)) + 2):
        turn = walker.turn_at(decision)
        if turn is None:
            break
        decision = walker.step(decision.facts, turn)
    else:
        walker.steps.append(Step("the rules lead round in a ring: the walk ends here", None))
    return Walk(
        ends=_spelled(decision),
        said=tuple(walker.said),
        language=decision.facts.language,
        site=decision.facts.site,
        steps=tuple(walker.steps),
        facts=decision.facts,
    )


class _Walker:
    def __init__(self, rules: RuleSet, row: str, take_option: TakeOption) -> None:
        self.said: list[str] = []
        self.steps: list[Step] = []
        self._rules = rules
        self._row = row
        self._take_option = take_option
        self._waited_in: set[str] = set()

    def step(self, facts: Facts, turn: Turn) -> Decision:
        if isinstance(turn, WaitedLong):
            waited = self._rules.queues[turn.queue].while_waiting[turn.step].after_seconds
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
            case Queue() as queue:
                return self._in_queue(queue, decision.facts)
            case Voicemail(say=greeting):
                self.said.append(greeting)
                return None
            case ToHangUp():
                return None

    def _in_menu(self, menu: Menu) -> Turn:
        first: tuple[
            str, ...
        ] = ()  # what was wrong is said before the next try, so not after the last
        for _ in range(menu.tries):
            self.said += (*first, *menu.say)
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

    def _in_queue(self, queue: Queue, facts: Facts) -> Turn | None:
        is_staffed = facts.signed_in.get(queue.name, 1) > 0
        if is_staffed or not queue.while_waiting or queue.name in self._waited_in:
            return None
        self._waited_in.add(queue.name)
        return WaitedLong(queue.name, 0)


def _spelled(decision: Decision) -> str:
    match decision.then:
        case Menu(name=name):
            return f"menu {name}"
        case Queue(name=name):
            return f"queue {name}"
        case Voicemail(name=name):
            return f"voicemail {name}"
        case ToHangUp():
            return "hangup"
