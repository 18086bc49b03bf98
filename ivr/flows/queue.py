"""The story of a queue: company while the caller waits, one phone at a time, and a way out of every wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from ivr.call import Call, Leg, LegAnswered, LegFailed
from ivr.desk import AgentFree, Deserted, Desk, Place, StepDue
from ivr.errors import NotConnected
from ivr.flows.company import company
from ivr.queues.line import ToldPlaces
from ivr.records.events import Connected, LeftQueue, Offered, OfferFailed, Queued, TalkEnded
from ivr.rules.decision import Finished, NobodyLoggedIn, WaitedLong
from ivr.rules.model import Agent
from ivr.rules.visit import WaitInQueue

Connection: TypeAlias = Literal["talked", "lost", "not connected"]
"""What became of a caller and an agent who had taken the phone."""


@dataclass(frozen=True, slots=True)
class AgentAnswered:
    """This agent took the phone, on this leg."""

    agent: Agent
    leg: Leg


async def run_queue(
    call: Call, wait: WaitInQueue, desk: Desk, told: ToldPlaces
) -> Finished | WaitedLong | NobodyLoggedIn:
    """Keep the caller's place until an agent has taken the call, or something happens that the rules speak of.

    `told` is what this caller has heard of the place so far.
    """
    queue = wait.queue
    is_new = not wait.goes_on
    if not wait.goes_on:
        call.note(Queued(queue=queue.name))
    with call.keys_passed_over(), call.other_legs(), desk.place_in(wait, call.id) as place:
        while True:
            async with company(call, place, told, at_once=is_new):
                happened = await wait_for_agent(call, place)
            is_new = False
            match happened:
                case AgentAnswered(agent, leg):
                    match await connect(call, place, agent, leg):
                        case "talked":
                            return Finished(queue.name)
                        case "lost":
                            call.note(Queued(queue=queue.name))
                            await call.say("sorry")
                        case "not connected":
                            pass  # the place is kept, the next agent is rung
                        case unheard:
                            assert_never(unheard)
                case StepDue(step):
                    if wait.leads_away:
                        call.note(LeftQueue(queue=queue.name, result="overflowed"))
                    return WaitedLong(queue.name, step)
                case Deserted():
                    call.note(LeftQueue(queue=queue.name, result="nobody_logged_in"))
                    return NobodyLoggedIn(queue.name)
                case unknown:
                    assert_never(unknown)


async def wait_for_agent(call: Call, place: Place) -> AgentAnswered | StepDue | Deserted:
    """Ring one agent after another; an agent who does not take the call costs the caller no place."""
    while True:
        match await place.next():
            case AgentFree(agent):
                call.note(Offered(queue=place.queue.name, agent=agent.name))
                match await call.ring(agent.phone, place.queue.ring_seconds):
                    case LegAnswered(leg):
                        return AgentAnswered(agent, leg)
                    case LegFailed(why):
                        place.missed(is_declined=why == "declined")
                        call.note(OfferFailed(queue=place.queue.name, agent=agent.name, result=why))
                    case unknown:
                        assert_never(unknown)
            case (StepDue() | Deserted()) as happened:
                return happened
            case unheard_of:
                assert_never(unheard_of)


async def connect(call: Call, place: Place, agent: Agent, leg: Leg) -> Connection:
    """Let caller and agent talk until the agent hangs up, or the agent's phone is gone: then the caller waits again."""
    try:
        async with call.talking_with(leg) as talk:
            place.took()
            connected = Connected(
                queue=place.queue.name, agent=agent.name, leg=leg.id, bridge=talk.id
            )
            call.note(connected)
            end = (await talk.ended()).ended.result()
    except NotConnected:
        place.missed()
        call.note(OfferFailed(queue=place.queue.name, agent=agent.name, result="gone"))
        return "not connected"
    if end.was_lost:
        call.note(TalkEnded(by="system", heard_seconds=end.heard_seconds))
        place.lost()
        return "lost"
    call.note(TalkEnded(by="agent"))
    return "talked"
