"""Calling a number outside: over one trunk after another, for as long as none gets the call there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog

from ivr.ari.channel import Channel
from ivr.ari.events import Entered, LegEnded, Redirected, Sounding
from ivr.ari.routes import Presented, Route
from ivr.call.outcomes import Barred, LegAnswered, NotReached, Reached
from ivr.call.ports import Ports
from ivr.errors import AsteriskRefused, ChannelGone
from ivr.numbers import PhoneNumber
from ivr.records.events import CalledOut, CallEvent, CallOutFailed
from ivr.trunks import CarrierAnswer, answer_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OutsideCall:
    """What is to be called: `phone` is its name in the rules. It rings for up to `ring_seconds`, once it does."""

    phone: str
    number: PhoneNumber
    presented: Presented
    ring_seconds: float


class OwnLegs(Protocol):
    """The call's own legs, and its lines in the journal."""

    def new_leg(self) -> Channel: ...

    def give_up(self, leg: Channel) -> None: ...

    def note(self, event: CallEvent) -> None: ...


async def call_out(call: OwnLegs, asked: OutsideCall, ports: Ports) -> Reached:
    """Call the number until somebody answers, or it is known why nobody does. Early sound is no answer.

    What another trunk would say too (busy, no such number) ends it; all else leads on to the next address.
    """
    outgoing = ports.outgoing
    if by := outgoing.bars(asked.number, is_named=True):
        log.warning("number not called", phone=asked.phone, number=asked.number, why=by)
        return Barred(by)
    reached: Reached = Barred("no_trunk")
    for route in ports.exchange.routes_to(asked.number, asked.presented):
        if route.trunk is None or not outgoing.has_line(route.trunk):
            continue
        leg = call.new_leg()
        outgoing.begin(leg.id, route.trunk)
        tried = CalledOut(
            phone=asked.phone, trunk=route.trunk, address=route.address, number=str(asked.number)
        )
        call.note(tried)
        status = await _place(leg, route, asked.ring_seconds, outgoing.longest_seconds)
        if isinstance(status, Channel):
            outgoing.taken(leg.id)
            return LegAnswered(leg, route.trunk)
        outcome = (
            CarrierAnswer("no_answer", leads_on=False) if status == RANG else answer_of(status)
        )
        call.give_up(leg)
        call.note(
            CallOutFailed(
                phone=asked.phone,
                trunk=route.trunk,
                result=outcome.result,
                status=status if status != RANG else None,
            )
        )
        reached = NotReached(outcome.result)
        if not outcome.leads_on:
            break
        outgoing.failed(route.trunk, status)
    return reached


RANG = 0
"""In place of a status: it rang for as long as it may, and nobody answered."""


FLOOR_SECONDS = 30
"""So long after we should have ended a talk outside, Asterisk does: a server that froze, or is gone, costs no more."""


SETTLE_SECONDS = 0.05
"""An answer that agrees on no sound Asterisk takes, and hangs up at once (0.5 ms later, measured)."""

SIP_OK = 200

MOVED = 302
"""Any redirection is told as this: which it was is not always known."""


async def _stays(leg: Channel) -> bool:
    """Whether who answered is still there a moment later, before anybody is connected."""
    await asyncio.wait((leg.ended,), timeout=SETTLE_SECONDS)
    return not leg.ended.done()


async def _place(
    leg: Channel, route: Route, ring_seconds: float, longest_seconds: float
) -> Channel | int | None:
    """The leg once it is answered; else SIP's status, None where none came in time, RANG where it rang in vain."""
    clock = asyncio.get_running_loop().time
    to_answer = round(route.first_answer_seconds + ring_seconds) + 1
    floor = to_answer + round(longest_seconds) + FLOOR_SECONDS
    answered = has_rung = False
    async with leg.listen(Entered, Sounding, Redirected, LegEnded) as happenings:
        try:
            await leg.originate(
                route.endpoint,
                caller_number=route.shown,
                caller_name="",
                timeout_seconds=to_answer,
                variables={**route.variables, "TIMEOUT(absolute)": str(floor)},
                codecs=route.codecs,
            )
            async with asyncio.timeout(route.first_answer_seconds) as limit:
                async for happened in happenings:
                    match happened:
                        case Entered():
                            answered = await _stays(leg)
                            return leg if answered else SIP_OK
                        case Sounding() if not has_rung:
                            has_rung = True
                            limit.reschedule(clock() + ring_seconds)
                        case Redirected():
                            return MOVED
                        case LegEnded(status=status):
                            return status
        except TimeoutError:
            return RANG if has_rung else None
        except (AsteriskRefused, ChannelGone) as error:
            log.warning("trunk could not be used", trunk=route.trunk, error=str(error))
            return None
        finally:
            if not answered:
                leg.hang_up_soon()
    return None
