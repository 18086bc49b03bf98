"""A call comes to a number or a menu that has hours: is it let in, or where does it go?"""

from __future__ import annotations

from ivr.rules.decide.hours import Opening, opening_of
from ivr.rules.decide.journey import Journey
from ivr.rules.model import Attendance, Break, Location, Target, WhenClosed
from ivr.why import ClosedSaying, Opened, PlaceClosed, PlaceNotOpen, PlaceOpen


def led_away(
    journey: Journey, place: str, attended: Attendance, inside: Target | str, at: Location
) -> Target | None:
    """Where a call goes that is not let in; None where the place is open, and leads to `inside`."""
    now = _opening(journey, attended)
    if isinstance(now.because, Opened):
        journey.reason(PlaceOpen(place, now.because), now.at)
        return None
    away = now.away or attended.closed
    journey.reason(PlaceClosed(place, now.because, str(away.target.to)), now.at)
    instead_of = str(inside.to) if isinstance(inside, Target) else inside
    journey.why_not(PlaceNotOpen(instead_of, place), at)
    turned_away(journey, now.say, away)
    return away.target


def is_let_in(journey: Journey, attended: Attendance | None) -> bool:
    """Whether what has these hours is open now; what has none always is."""
    return attended is None or isinstance(_opening(journey, attended).because, Opened)


def _opening(journey: Journey, attended: Attendance) -> Opening:
    site = journey.rules.sites.get(journey.facts.site or "")
    return opening_of(journey.rules, attended, journey.facts.at, site=site)


def turned_away(journey: Journey, say: str | None, away: WhenClosed | Break) -> None:
    """Say what is said to those who are not let in; `say` wins over what is said otherwise."""
    said = say or away.say
    if said is not None:
        journey.say(said)
        journey.mention(ClosedSaying(said, str(away.target.to)), away.at)
