"""A call as a conversation: what happens is yielded, and what the caller does is sent back.

The same decisions as in a real call, made of the same turns; only nobody hears anything.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import timedelta

from ivr.menus.digits import PAUSE, take_option
from ivr.rules.decide import decide
from ivr.rules.decision import (
    Answered,
    Arrived,
    Decision,
    Facts,
    Finished,
    Keyed,
    NothingAnswered,
    NothingChosen,
    Spoken,
    Turn,
    WaitedLong,
)
from ivr.rules.model import Agent, Menu, Question, Queue, RuleSet, ToHangUp, Voicemail, WaitStep


@dataclass(frozen=True, slots=True)
class Decided:
    """The rules have decided. Nothing is sent back."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Heard:
    """The caller hears these prompts. Nothing is sent back."""

    prompts: tuple[str, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class MayKey:
    """The caller is asked. Sent back: what is keyed or said; an empty text is silence, None hangs up."""

    place: Menu | Question


@dataclass(frozen=True, slots=True)
class Waits:
    """The caller waits in a queue. Sent back: True to be answered, False to wait on, None to hang up.

    `agents` are those whose phones can ring, in the order of the file; `next_step` is what happens to who waits on.
    """

    queue: Queue
    agents: tuple[Agent, ...]
    next_step: WaitStep | None


@dataclass(frozen=True, slots=True)
class LeavesMessage:
    """The tone has sounded. Sent back: anything for a message left, None for a hang-up."""

    box: Voicemail


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over."""

    by_caller: bool
    talked_with: Agent | None = None


Happening = Decided | Heard | MayKey | Waits | LeavesMessage | Ended
Reply = str | bool | None
Talk = Generator[Happening, Reply, None]
_Part = Generator[Happening, Reply, Turn | None]


def conversation(rules: RuleSet, facts: Facts) -> Talk:
    """A call from its first ring. After `Ended` there is nothing more."""
    return _Conversation(rules).run(facts)


class _Conversation:
    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._row = ""
        self._waited = 0.0
        self._steps: dict[str, int] = {}

    def run(self, facts: Facts) -> Talk:
        turn: Turn | None = Arrived()
        while turn is not None:
            now = replace(facts, at=facts.at + timedelta(seconds=self._waited))
            decision = decide(self._rules, now, turn)
            facts = replace(decision.facts, at=facts.at)
            yield Decided(decision)
            if decision.say:
                yield Heard(decision.say, facts)
            match decision.then:
                case Menu() as menu:
                    turn = yield from self._in_menu(menu, facts)
                case Question() as question:
                    turn = yield from self._in_question(question, facts)
                case Queue() as queue:
                    turn = yield from self._in_queue(queue, facts)
                case Voicemail() as box:
                    turn = yield from self._in_voicemail(box, facts)
                case ToHangUp():
                    yield Ended(by_caller=False)
                    return

    def _in_menu(self, menu: Menu, facts: Facts) -> _Part:
        first: tuple[str, ...] = ()
        for _ in range(menu.tries):
            yield Heard((*first, *menu.say), facts)
            if not self._row:
                said = yield from self._asked(menu)
                if said is None:
                    return None
                if menu.speech and any(char.isalpha() for char in said):
                    return Spoken(menu.name, said)
            key, rest = take_option(menu.options.keys(), self._row)
            keyed = self._row[: len(self._row) - len(rest)].rstrip(PAUSE)
            self._row = rest
            if key is not None:
                return Keyed(menu.name, key)
            first = (menu.no_match if keyed else menu.no_input,)
        return NothingChosen(menu.name)

    def _in_question(self, question: Question, facts: Facts) -> _Part:
        first: tuple[str, ...] = ()
        for _ in range(question.tries):
            yield Heard((*first, *question.say), facts)
            if not self._row and (yield from self._asked(question)) is None:
                return None
            digits, self._row = self._row[: question.digits], self._row[question.digits :]
            if len(digits) == question.digits and digits.isdecimal():
                return Answered(question.name, digits)
            first = (question.no_match if digits.strip(PAUSE) else question.no_input,)
        return NothingAnswered(question.name)

    def _asked(self, place: Menu | Question) -> Generator[Happening, Reply, str | None]:
        """What the caller does there; keys go to the row, and a row may hold those for what comes next."""
        reply = yield MayKey(place)
        if reply is None:
            yield Ended(by_caller=True)
            return None
        said = str(reply)
        if not any(char.isalpha() for char in said):
            self._row = said or PAUSE
        return said

    def _in_queue(self, queue: Queue, facts: Facts) -> _Part:
        number = self._steps.get(queue.name, 0)
        steps = queue.while_waiting
        next_step = steps[number] if number < len(steps) else None
        agents = self._agents(queue, facts)
        while True:
            reply = yield Waits(queue, agents, next_step)
            if reply is None:
                yield Ended(by_caller=True)
                return None
            if reply is True and agents:
                yield Decided(decide(self._rules, facts, Finished(queue.name)))
                yield Ended(by_caller=False, talked_with=agents[0])
                return None
            if next_step is not None:
                before = steps[number - 1].after_seconds if number else 0.0
                self._waited += next_step.after_seconds - before
                self._steps[queue.name] = number + 1
                return WaitedLong(queue.name, number)

    def _agents(self, queue: Queue, facts: Facts) -> tuple[Agent, ...]:
        """Those who work there; as many as are said to be signed in, where that is said."""
        all_of_them = tuple(a for a in self._rules.agents.values() if queue.name in a.queues)
        return all_of_them[: facts.signed_in.get(queue.name, len(all_of_them))]

    def _in_voicemail(self, box: Voicemail, facts: Facts) -> _Part:
        yield Heard((box.say, "beep"), facts)
        if (yield LeavesMessage(box)) is None:
            yield Ended(by_caller=True)
            return None
        yield Heard(("message_saved",), facts)
        return Finished()
