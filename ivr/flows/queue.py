"""The story of a queue: company while the caller waits, one phone at a time, and a way out of every wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from ivr.call import SILENT_SECONDS, Call, Leg, LegAnswered, LegFailed, Rung
from ivr.desk import (
    AgentFree,
    ClosedSites,
    ClosingDue,
    Deserted,
    Desk,
    LedAway,
    Place,
    SiteFree,
    SiteGone,
    StepDue,
)
from ivr.errors import IvrError, NotConnected, first_of
from ivr.flows.company import company
from ivr.flows.estimate import foresee
from ivr.flows.exits import WayOut, leave, unless_left
from ivr.flows.kept_place import offer_place, place_remembered
from ivr.flows.site import SiteAnswered, SiteConnection, connect_site, ring_site
from ivr.flows.whisper import whisper
from ivr.numbers import PhoneNumber
from ivr.queues.line import HeldPlace, Told
from ivr.records.events import Connected, Offered, OfferFailed, Queued, TalkEnded
from ivr.rules.decision import ExitKeyed, Finished, PlaceTaken
from ivr.rules.model import Agent
from ivr.rules.visit import WaitInQueue

Connection: TypeAlias = Literal["talked", "lost", "silent", "not connected"]
"""What became of a caller and an agent who had taken the phone."""


@dataclass(frozen=True, slots=True)
class AgentAnswered:
    """This agent took the phone, on this leg."""

    agent: Agent
    leg: Leg


async def run_queue(
    call: Call, wait: WaitInQueue, desk: Desk, told: Told, held: HeldPlace, closed: ClosedSites
) -> Finished | PlaceTaken | WayOut:
    """Keep the caller's place until an agent has taken the call, or something happens that the rules speak of.

    `told` is what this caller has heard of place and wait so far, `held` what the place has come to, `closed` what the
    next decision takes for closed.
    """
    is_new = not wait.goes_on
    if is_new:
        told.waits.comes(wait.queue.name)
    if is_new and (taken := await _comes(call, wait)) is not None:
        return taken
    with (
        call.keys_passed_over(),
        call.other_legs(),
        desk.place_in(wait, call.id, held, closed) as place,
        place_remembered(call, place),
    ):
        foresee(call, place, told.waits)
        while True:
            async with company(call, place, told, at_once=is_new):
                waiting = wait_for_agent(call, place, wait.own)
                happened = await unless_left(call, wait.queue, waiting)
                if isinstance(happened, AgentAnswered):
                    await whisper(call, place, happened.agent, happened.leg)
            is_new = False
            match happened:
                case AgentAnswered() | SiteAnswered():
                    if (finished := await talk_with(call, place, happened)) is not None:
                        return finished
                case StepDue() | ClosingDue() | Deserted() | LedAway() | SiteGone() | ExitKeyed():
                    return leave(call, wait, happened)
                case unknown:
                    assert_never(unknown)


async def talk_with(
    call: Call, place: Place, answered: AgentAnswered | SiteAnswered
) -> Finished | None:
    """Let them talk; None where the caller waits again, and the place is kept."""
    match answered:
        case AgentAnswered(agent, leg):
            came: Connection | SiteConnection = await connect(call, place, agent, leg)
        case SiteAnswered():
            came = await connect_site(call, place, answered)
    match came:
        case "talked" | "cut":
            return Finished(place.queue.name, is_cut=came == "cut")
        case "lost":
            call.note(Queued(queue=place.queue.name))
            await call.say("sorry")
        case "silent":
            await call.say("sorry")
        case "not connected":
            pass  # the next agent is rung, or the next site is tried
        case unheard:
            assert_never(unheard)
    return None


async def _comes(call: Call, wait: WaitInQueue) -> PlaceTaken | None:
    """A wait begins here; or it is an earlier one that goes on, for the caller wants that place."""
    call.note(Queued(queue=wait.queue.name))
    return await offer_place(call, wait.kept) if wait.kept is not None else None


async def wait_for_agent(
    call: Call, place: Place, own: PhoneNumber | None
) -> AgentAnswered | SiteAnswered | StepDue | ClosingDue | Deserted | LedAway | SiteGone:
    """Ring one agent after another, or all at once; an agent who does not take the call costs the caller no place.

    `own` is the number that a site's phone outside sees.
    """
    while True:
        match await place.next():
            case AgentFree(agents):
                if (answered := await ring_agents(call, place, agents)) is not None:
                    return answered
            case SiteFree() as free:
                if (taken := await ring_site(call, place, free, own)) is not None:
                    return taken
            case (StepDue() | ClosingDue() | Deserted() | LedAway() | SiteGone()) as happened:
                return happened
            case unheard_of:
                assert_never(unheard_of)


async def ring_agents(call: Call, place: Place, agents: tuple[Agent, ...]) -> AgentAnswered | None:
    """Ring these agents' phones at once. Who answers first has the call, and the other phones stop at once."""
    queue = place.queue
    rings: dict[asyncio.Task[Rung], Agent] = {}
    first: AgentAnswered | None = None
    try:
        async with asyncio.TaskGroup() as group:
            for agent in agents:
                leg = call.new_leg()
                call.note(Offered(queue=queue.name, agent=agent.name, leg=leg.id))
                ring = call.ring(agent.phone, queue.ring_seconds, leg)
                rings[group.create_task(ring, name=f"ring/{agent.name}")] = agent
            ringing = set(rings)
            while ringing and first is None:
                done, ringing = await asyncio.wait(ringing, return_when=asyncio.FIRST_COMPLETED)
                for task in sorted(done, key=lambda one: rings[one].name):
                    first = _rung(call, place, rings[task], task.result(), first)
            for task in ringing:
                task.cancel()
    except* IvrError as errors:
        raise first_of(errors) from None
    if first is not None:
        for agent in place.claimed:
            if agent != first.agent:
                taken = OfferFailed(queue=queue.name, agent=agent.name, result="other_answered")
                call.note(taken)
    return first


def _rung(
    call: Call, place: Place, agent: Agent, rung: Rung, first: AgentAnswered | None
) -> AgentAnswered | None:
    """What came of one phone; `first` is who has answered already: then this one is hung up on."""
    match rung:
        case LegAnswered(leg) if first is None:
            return AgentAnswered(agent, leg)
        case LegAnswered(leg):
            leg.hang_up_soon()
            call.give_up(leg)
        case LegFailed(why):
            place.missed(agent, is_declined=why == "declined")
            call.note(OfferFailed(queue=place.queue.name, agent=agent.name, result=why))
        case unknown:
            assert_never(unknown)
    return first


async def connect(call: Call, place: Place, agent: Agent, leg: Leg) -> Connection:
    """Let caller and agent talk until the agent hangs up, or the agent's phone is gone: then the caller waits again.

    So does the caller who is connected with a phone from which no sound comes.
    """
    try:
        async with call.talking_with(leg) as talk:
            place.took(agent)
            connected = Connected(
                queue=place.queue.name, agent=agent.name, leg=leg.id, bridge=talk.id
            )
            call.note(connected)
            gone, end = await talk.ended_within(SILENT_SECONDS), None
            if gone is not None:
                end = gone.ended.result()
            elif not await call.is_silent(leg):
                call.acquaintance.talks_with(agent.name)
                end = (await talk.ended()).ended.result()
    except NotConnected:
        place.missed(agent)
        call.note(OfferFailed(queue=place.queue.name, agent=agent.name, result="gone"))
        return "not connected"
    if end is None:
        call.note(OfferFailed(queue=place.queue.name, agent=agent.name, result="silent"))
        place.silent()
        return "silent"
    if end.was_lost:
        call.note(TalkEnded(by="system", heard_seconds=end.heard_seconds))
        place.lost()
        return "lost"
    call.note(TalkEnded(by="agent"))
    return "talked"
