"""The story of every call: do what the visit says, tell it what came of that, until it says hang up."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Literal, assert_never

import structlog

from ivr.call import Call
from ivr.clock import stopwatch
from ivr.desk import Desk
from ivr.flows.estimate import told_before
from ivr.flows.kept_place import held_before
from ivr.flows.menu import run_menu
from ivr.flows.origin import Adopted, NewCall, Origin
from ivr.flows.phone import run_phone
from ivr.flows.question import run_question
from ivr.flows.queue import run_queue
from ivr.flows.standing import standing, talk_over, visit_left_off
from ivr.flows.survey import run_survey
from ivr.flows.voicemail import run_voicemail
from ivr.records.events import Answered, Ended, Reason, RecordingStarted, Routed
from ivr.rules.decision import Finished, Override, Step
from ivr.rules.model import RuleSet
from ivr.rules.visit import (
    AskQuestion,
    AskSurvey,
    HangUp,
    Happened,
    Move,
    OfferMenu,
    Present,
    PromptsSaid,
    Refuse,
    RingPhone,
    Say,
    TakeMessage,
    WaitInQueue,
    after,
    begin,
    resume,
)

log = structlog.get_logger()

REJECTED = 21
"""Q.850 `call rejected`: what a caller's network hears of a call that the rules do not answer."""


LOTS = 1_000_000
"""So many lots there are for what is drawn by lot."""


def nothing_closed() -> tuple[Override, ...]:
    """Nothing is closed by hand."""
    return ()


async def inbound(  # noqa: C901, PLR0912 - a case for each act
    call: Call,
    rules: RuleSet,
    origin: Origin,
    desk: Desk,
    overrides: Callable[[], tuple[Override, ...]] = nothing_closed,
) -> Ended:
    """Take the call from its origin to where the rules say, until they say hang up; returns how it ended.

    It is the agent who hung up, though it is the rules that then have us hang up. A call that is not answered ends
    with a cause, for the caller's network.

    The rules are those that the call began with, to its end; `overrides`, what is closed by hand, is asked at each
    decision.
    """
    elapsed = stopwatch(asyncio.get_running_loop().time)

    def closed_now() -> frozenset[str]:
        return closed_sites(overrides(), origin.at + elapsed())

    def present() -> Present:
        return Present(
            origin.at + elapsed(),
            desk.signed_in(rules.queues),
            desk.waiting(),
            overrides(),
            dues=desk.sites.dues(rules.queues, closed_now(), call.id),
            lot=secrets.randbelow(LOTS) / LOTS,
            surveyed_at=call.acquaintance.last_surveyed(),
            last_talk=call.acquaintance.last_talk(),
            kept_place=call.acquaintance.kept_place(),
            free=desk.free_for(call.id),
        )

    told, held = told_before(origin), held_before(origin)
    ended_by: Literal["agent", "rules"] = "rules"
    if origin.is_under_way:
        await call.hush()
    if isinstance(origin, Adopted):
        ended_by = "agent" if origin.left.talked == "to the end" else "rules"
    move = _begun(call, rules, origin, present())
    # Where it stands is known before Asterisk is asked for anything: from here on it can be taken up.
    _come_to(call, move, desk)
    if not origin.is_answered and not isinstance(move.act, Refuse):
        call.note(Answered(), at_once=True)  # beside the answer: docs/adr/0028
        await call.answer()
    elif isinstance(origin, Adopted):
        await _hold_on(call, origin)
    while True:
        match move.act:
            case Say(prompts):
                await call.say(*prompts)
                happened: Happened = PromptsSaid()
            case OfferMenu() as offer:
                happened = await run_menu(call, offer)
            case AskQuestion() as asked:
                happened = await run_question(call, asked)
            case WaitInQueue() as wait:
                happened = await run_queue(call, wait, desk, told, held, closed_now)
                ended_by = "agent" if isinstance(happened, Finished) else "rules"
            case TakeMessage(box):
                happened = await run_voicemail(call, box)
            case RingPhone() as ringing:
                with desk.phone_in_use(ringing.phone.phone):
                    happened = await run_phone(call, ringing)
                ended_by = "agent" if happened == Finished() else "rules"
            case AskSurvey() as asked_after:
                happened = await run_survey(call, asked_after, move.visit.facts.at)
                ended_by = "agent"  # who hung up first, though this server may not have seen it
            case HangUp():
                return Ended(by=ended_by)
            case Refuse():
                return Ended(by="rules", cause=REJECTED)
            case unknown:
                assert_never(unknown)
        move = after(rules, move.visit, happened, present())
        _come_to(call, move, desk)


async def _hold_on(call: Call, origin: Adopted) -> None:
    """The link may have been lost under the answer, and then Asterisk takes the caller back in a few seconds.

    Who is recorded was answered; nothing else is done to them until that is over.
    """
    if origin.was_freed:
        call.keep_on()
    elif not isinstance(call.message, RecordingStarted):
        await call.answer()


def _begun(call: Call, rules: RuleSet, origin: Origin, present: Present) -> Move:
    match origin:
        case NewCall(facts):
            return begin(rules, present.added_to(facts))
        case Adopted(left):
            call.speak(left.standing.language, left.standing.site)
            visit = visit_left_off(left)
            if left.talked is not None:
                return after(rules, visit, talk_over(left), present)
            return resume(rules, visit, present, goes_on=left.is_waiting)
        case unknown:
            assert_never(unknown)


def closed_sites(closed: tuple[Override, ...], at: datetime) -> frozenset[str]:
    """The sites that are closed by hand."""
    return frozenset(one.name for one in closed if one.kind == "site" and one.holds(at))


def _come_to(call: Call, move: Move, desk: Desk) -> None:
    _give(call, move, desk)
    _tell(call, move)


def _give(call: Call, move: Move, desk: Desk) -> None:
    """Where the call is a site's from now on, its account says so: in the same step as the decision."""
    decision = move.decision
    if decision is None or decision.given_site is None:
        return
    closed = closed_sites(decision.facts.overrides, decision.facts.at)
    kept = desk.sites.give(decision.given_site, closed, call.id)
    if kept is not None:
        call.note(kept)


def _tell(call: Call, move: Move) -> None:
    """Leave what was decided, with its reasons and where the call stands, in the journal, and speak so from here on."""
    decision = move.decision
    if decision is None:
        return
    facts = decision.facts
    call.speak(facts.language, facts.site)
    call.note(
        Routed(
            to=decision.to,
            language=facts.language,
            site=facts.site,
            department=decision.department,
            closed=decision.closed,
            blocked=decision.blocked,
            refused=decision.refused,
            steps=tuple(_reason(step) for step in decision.steps),
            standing=standing(move.visit),
        )
    )
    why, rule = decision.decided_by.because, decision.decided_by.at
    log.info("call routed", to=decision.to, why=why.kind, facts=why.facts(), rule=str(rule or ""))


def _reason(step: Step) -> Reason:
    at = step.at
    if at is None:
        return Reason(because=step.because, taken=step.taken)
    return Reason(because=step.because, file=at.file, line=at.line, path=at.path, taken=step.taken)
