"""The story of a site whose calls a phone takes: its own, a number outside, or a partner's queue behind a trunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from ivr.call import Barred, Call, LegAnswered, LegFailed, NotReached
from ivr.desk import Place, SiteFree
from ivr.errors import NotConnected
from ivr.flows.phone import reach
from ivr.numbers import PhoneNumber
from ivr.records.events import (
    SITE_AGENT,
    Connected,
    NotTakenBecause,
    Offered,
    OfferFailed,
    PhoneTaken,
    TalkEnded,
)
from ivr.rules.model import Phone
from ivr.rules.visit import RingPhone

SiteConnection: TypeAlias = Literal["talked", "cut", "lost", "not connected"]
"""What became of a caller and whoever took the site's phone. `cut`: it had lasted as long as a talk outside may."""


@dataclass(frozen=True, slots=True)
class SiteAnswered:
    """Somebody took this site's phone, and pressed the key where the rules want one."""

    site: str
    phone: Phone
    answered: LegAnswered


async def ring_site(
    call: Call, place: Place, free: SiteFree, own: PhoneNumber | None
) -> SiteAnswered | None:
    """Ring the site's phone; where nobody takes it, the caller keeps the place, and another site may."""
    site, phone = free.site, free.phone
    call.note(Offered(queue=place.queue.name, agent=f"{SITE_AGENT}{site}"))
    match await reach(call, RingPhone(phone, own)):
        case LegAnswered() as answered:
            if not phone.confirm or await call.is_confirmed_on(answered.leg):
                return SiteAnswered(site, phone, answered)
            answered.leg.hang_up_soon()
            call.give_up(answered.leg)
            why: NotTakenBecause = "not_confirmed"
        case LegFailed(failed) | NotReached(failed):
            why = failed
        case Barred():
            why = "barred"
        case unknown:
            assert_never(unknown)
    _not_taken(call, place, site, why)
    return None


async def connect_site(call: Call, place: Place, taken: SiteAnswered) -> SiteConnection:
    """Let them talk until the site hangs up; where its phone is gone, the caller waits again, before the others."""
    leg, answered = taken.answered.leg, taken.answered
    try:
        async with call.talking_with(leg) as talk:
            place.site_took()
            phone = PhoneTaken(
                phone=taken.phone.name, leg=leg.id, bridge=talk.id, trunk=answered.trunk
            )
            call.note(phone)
            agent = f"{SITE_AGENT}{taken.site}"
            connected = Connected(queue=place.queue.name, agent=agent, leg=leg.id, bridge=talk.id)
            call.note(connected)
            gone = await talk.ended_within(call.longest_seconds(answered))
            end = gone.ended.result() if gone else None
    except NotConnected:
        call.note_unheard(taken.phone, answered)
        _not_taken(call, place, taken.site, "gone")
        return "not connected"
    if end is None:
        call.note(TalkEnded(by="limit"))
        await call.say("goodbye")
        return "cut"
    if end.was_lost:
        call.note(TalkEnded(by="system", heard_seconds=end.heard_seconds))
        place.site_lost()
        return "lost"
    call.note(TalkEnded(by="agent"))
    return "talked"


def _not_taken(call: Call, place: Place, site: str, why: NotTakenBecause) -> None:
    place.site_refused()
    call.note(OfferFailed(queue=place.queue.name, agent=f"{SITE_AGENT}{site}", result=why))
