"""The story of a phone outside the queues: it rings, and somebody takes it or nobody does."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Barred, Call, LegAnswered, LegFailed, NotReached
from ivr.errors import NotConnected
from ivr.numbers import PhoneNumber
from ivr.records.events import PhoneNotTaken, PhoneRang, PhoneTaken, TalkEnded
from ivr.rules.decision import Finished, NotTaken
from ivr.rules.model import Phone
from ivr.rules.visit import RingPhone


async def run_phone(call: Call, ringing: RingPhone) -> Finished | NotTaken:
    """Ring the phone while the caller hears it ring, or music; whoever takes it talks until they hang up."""
    phone = ringing.phone
    with call.keys_passed_over(), call.other_legs():
        async with call.music(phone.music) if phone.music else call.ringing():
            match await reach(call, ringing):
                case LegAnswered() as answered:
                    is_taken = not phone.confirm or await call.is_confirmed_on(answered.leg)
                case LegFailed(why) | NotReached(why):
                    call.note(PhoneNotTaken(phone=phone.name, result=why))
                    return NotTaken(phone.name)
                case Barred(by):
                    call.note(PhoneNotTaken(phone=phone.name, result="barred", barred=by))
                    return NotTaken(phone.name, by)
                case unknown:
                    assert_never(unknown)
        if not is_taken:
            call.note(PhoneNotTaken(phone=phone.name, result="not_confirmed"))
            return NotTaken(phone.name)
        return await connect_phone(call, phone, answered)


async def reach(call: Call, ringing: RingPhone) -> LegAnswered | LegFailed | NotReached | Barred:
    """Ring a phone of ours, or call a number outside."""
    phone = ringing.phone
    if isinstance(phone.phone, PhoneNumber):
        return await call.call_out(phone, phone.phone, ringing.own)
    call.note(PhoneRang(phone=phone.name))
    return await call.ring(phone.phone, phone.ring_seconds)


async def connect_phone(call: Call, phone: Phone, answered: LegAnswered) -> Finished | NotTaken:
    """Let them talk until the phone hangs up; where it is gone, the caller goes on as if nobody had taken it.

    A talk over a trunk has a longest time: then the caller hears goodbye, and it is over.
    """
    leg = answered.leg
    try:
        async with call.talking_with(leg) as talk:
            taken = PhoneTaken(phone=phone.name, leg=leg.id, bridge=talk.id, trunk=answered.trunk)
            call.note(taken)
            gone = await talk.ended_within(call.longest_seconds(answered))
            end = gone.ended.result() if gone else None
    except NotConnected:
        call.note_unheard(phone, answered)
        call.note(PhoneNotTaken(phone=phone.name, result="gone"))
        return NotTaken(phone.name)
    if end is None:
        call.note(TalkEnded(by="limit"))
        await call.say("goodbye")
        return Finished(is_cut=True)
    if end.was_lost:
        call.note(TalkEnded(by="system", heard_seconds=end.heard_seconds))
        return NotTaken(phone.name)
    call.note(TalkEnded(by="agent"))
    return Finished()
