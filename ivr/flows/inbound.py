"""The story of every call: decide, run the flow, decide again, until the rules say hang up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

import structlog

from ivr.call import Call
from ivr.clock import stopwatch
from ivr.desk import Desk
from ivr.flows.menu import run_menu
from ivr.flows.question import run_question
from ivr.flows.queue import run_queue
from ivr.flows.voicemail import run_voicemail
from ivr.records.events import Answered, Reason, Routed
from ivr.rules.decide import decide
from ivr.rules.decision import Arrived, Decision, Facts, Override, Step, Turn
from ivr.rules.model import Menu, Question, Queue, RuleSet, ToHangUp, Voicemail

log = structlog.get_logger()


def nothing_closed() -> tuple[Override, ...]:
    """Nothing is closed by hand."""
    return ()


async def inbound(
    call: Call,
    rules: RuleSet,
    facts: Facts,
    desk: Desk,
    overrides: Callable[[], tuple[Override, ...]] = nothing_closed,
) -> None:
    """Take the call to where the rules say; returns when the rules say hang up.

    The rules are those that the call began with, to its end; `overrides`, what is closed by hand, is asked at each
    decision.
    """
    await call.keep(Answered())
    await call.answer()
    turn: Turn = Arrived()
    entered: dict[str, float] = {}
    elapsed = stopwatch(asyncio.get_running_loop().time)
    while True:
        now = replace(
            facts,
            at=facts.at + elapsed(),
            signed_in=desk.signed_in(rules.queues),
            overrides=overrides(),
            waiting=desk.waiting(),
        )
        decision = decide(rules, now, turn)
        facts = replace(decision.facts, at=facts.at)
        _tell(call, decision)
        match decision.then:
            case Menu() as menu:
                turn = await run_menu(call, menu, decision.say)
            case Question() as question:
                turn = await run_question(call, question, decision.say)
            case Queue() as queue:
                await call.say(*decision.say)
                first = decision.facts.first_in_line
                turn = await run_queue(call, queue, desk, entered, is_first=first)
            case Voicemail() as box:
                await call.say(*decision.say)
                turn = await run_voicemail(call, box)
            case ToHangUp():
                await call.say(*decision.say)
                return
            case unknown:
                assert_never(unknown)


def _tell(call: Call, decision: Decision) -> None:
    """Speak as decided from here on, and leave the decision with its reasons in the journal and on the channel."""
    facts = decision.facts
    call.speak(facts.language, facts.site)
    call.note(
        Routed(
            to=decision.to,
            language=facts.language,
            site=facts.site,
            department=decision.department,
            closed=decision.closed,
            steps=tuple(_reason(step) for step in decision.steps),
        )
    )
    why = decision.decided_by
    log.info("call routed", to=decision.to, why=why.text, rule=str(why.at) if why.at else None)
    call.checkpoint(decision.to)


def _reason(step: Step) -> Reason:
    at = step.at
    if at is None:
        return Reason(text=step.text, taken=step.taken)
    return Reason(text=step.text, file=at.file, line=at.line, path=at.path, taken=step.taken)
