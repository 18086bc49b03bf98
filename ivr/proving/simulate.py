"""A played call on the simulator: the walk, and what becomes of a caller who waits where the walk ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ivr.menus.digits import take_option
from ivr.proving.rule_tests import NOTHING_GIVEN, Given, PlayedCall
from ivr.rules.decide import decide
from ivr.rules.decision import Decision, Facts, NothingAnswered, NothingChosen, Turn, WaitedLong
from ivr.rules.model import Menu, Question, Queue, RuleSet, ToHangUp, Voicemail
from ivr.rules.walk import Walk, walk


def simulate(rules: RuleSet, call: PlayedCall, given: Given = NOTHING_GIVEN) -> Walk:
    """Walk the call through the rules."""
    facts = Facts(
        at=call.at if call.at.tzinfo else call.at.replace(tzinfo=rules.timezone),
        dialled=call.dialled,
        caller=call.caller,
        language=rules.languages[0],
        signed_in=given.agents,
        waiting=given.waiting,
    )
    walked = walk(rules, facts, call.press, take_option, call.say)
    return _waiting_on(rules, walked, call.waits_seconds) if call.waits_seconds else walked


def _waiting_on(rules: RuleSet, walked: Walk, patience_seconds: float) -> Walk:
    """The caller waits in the queue where the walk ended; nobody answers, and no key is pressed any more."""
    kind, _, name = walked.ends.partition(" ")
    if kind != "queue" or walked.facts.signed_in.get(name, 1) == 0:
        return walked  # where nobody works, the walk has waited already
    said, steps = list(walked.said), list(walked.steps)
    last: Decision | None = None
    for decision, spoken in _waits(rules, rules.queues[name], walked.facts, patience_seconds):
        said += spoken
        steps += decision.steps
        last = decision
    if last is None:
        return walked
    return Walk(
        ends=last.to,
        said=tuple(said),
        language=last.facts.language,
        site=last.facts.site,
        steps=tuple(steps),
        facts=last.facts,
    )


def _waits(
    rules: RuleSet, queue: Queue, facts: Facts, patience_seconds: float
) -> Iterator[tuple[Decision, tuple[str, ...]]]:
    """Each decision on the way from queue to queue, with what is said."""
    gone_by = 0.0
    # Who is sent back to a queue keeps the place there, so all its steps have been taken before.
    waited_in: set[str] = set()
    while queue.name not in waited_in:
        waited_in.add(queue.name)
        came = gone_by
        for number, step in enumerate(queue.while_waiting):
            if came + step.after_seconds > patience_seconds:
                return
            passed = came + step.after_seconds - gone_by
            gone_by = came + step.after_seconds
            facts = replace(facts, at=facts.at + timedelta(seconds=passed))
            decision = None
            for decision, spoken in _turned(rules, facts, WaitedLong(queue.name, number)):
                yield decision, spoken
                facts = decision.facts
            if decision is None or not isinstance(decision.then, Queue):
                return
            if decision.then.name != queue.name:
                queue = decision.then
                break
        else:
            return


def _turned(
    rules: RuleSet, facts: Facts, turn: Turn | None
) -> Iterator[tuple[Decision, tuple[str, ...]]]:
    """The decision after a turn, and those of menus and questions on the way, in which the caller is silent."""
    for _ in range(len(rules.menus) + len(rules.questions) + 1):
        if turn is None:
            return
        decision = decide(rules, facts, turn)
        facts, turn = decision.facts, None
        match decision.then:
            case Menu() as menu:
                turn = NothingChosen(menu.name)
                yield decision, (*decision.say, *_unanswered(menu))
            case Question() as question:
                turn = NothingAnswered(question.name)
                yield decision, (*decision.say, *_unanswered(question))
            case Voicemail(say=greeting):
                yield decision, (*decision.say, greeting)
            case Queue() | ToHangUp():
                yield decision, decision.say


def _unanswered(asking: Menu | Question) -> tuple[str, ...]:
    """All that a silent caller hears there."""
    return (*asking.say, *(asking.no_input, *asking.say) * (asking.tries - 1))
