"""The story of a phone outside the queues: it rings, and somebody takes it or nobody does."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Call, Leg, LegAnswered, LegFailed
from ivr.errors import NotConnected
from ivr.records.events import PhoneNotTaken, PhoneRang, PhoneTaken, TalkEnded
from ivr.rules.decision import Finished, NotTaken
from ivr.rules.model import Phone


async def run_phone(call: Call, phone: Phone) -> Finished | NotTaken:
    """Ring the phone while the caller hears it ring; whoever takes it talks until they hang up."""
    call.note(PhoneRang(phone=phone.name))
    with call.keys_passed_over(), call.other_legs():
        async with call.ringing():
            rung = await call.ring(phone.phone, phone.ring_seconds)
        match rung:
            case LegAnswered(leg):
                return await connect_phone(call, phone, leg)
            case LegFailed(why):
                call.note(PhoneNotTaken(phone=phone.name, result=why))
                return NotTaken(phone.name)
            case unknown:
                assert_never(unknown)


async def connect_phone(call: Call, phone: Phone, leg: Leg) -> Finished | NotTaken:
    """Let them talk until the phone hangs up; where it is gone, the caller goes on as if nobody had taken it."""
    try:
        async with call.talking_with(leg) as talk:
            call.note(PhoneTaken(phone=phone.name, leg=leg.id, bridge=talk.id))
            end = (await talk.ended()).ended.result()
    except NotConnected:
        call.note(PhoneNotTaken(phone=phone.name, result="gone"))
        return NotTaken(phone.name)
    if end.was_lost:
        call.note(TalkEnded(by="system", heard_seconds=end.heard_seconds))
        return NotTaken(phone.name)
    call.note(TalkEnded(by="agent"))
    return Finished()
