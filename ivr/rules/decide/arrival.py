"""A call comes in: the number that was dialled, its site, and the notices of the day."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.attendance import is_let_in, led_away
from ivr.rules.decide.callers import meet_caller
from ivr.rules.decide.journey import APOLOGY, Journey
from ivr.rules.decide.notices import tell
from ivr.rules.decide.onward import go
from ivr.rules.decide.sites import FoundSite, find_site
from ivr.rules.model import DialledNumber, Target, ToRefuse
from ivr.why import (
    Dialled,
    DialledAnythingElse,
    NobodysNumber,
    NotAmongNumbers,
)


def arrive(journey: Journey) -> None:
    """The call came in: to the number that was dialled, or to `anything else`."""
    rules, facts = journey.rules, journey.facts
    if facts.language not in rules.languages:
        journey.facts = replace(facts, language=rules.languages[0])
    entry = rules.numbers.get(facts.dialled) if facts.dialled is not None else None
    dialled = facts.dialled.digits if facts.dialled is not None else None
    if entry is not None and dialled is not None:
        journey.reason(Dialled(dialled, str(entry.target.to), entry.title or ""), entry.at)
        _enter(journey, entry)
    elif rules.anything_else is not None:
        entry = rules.anything_else
        journey.why_not(NotAmongNumbers(dialled), None)
        journey.reason(DialledAnythingElse(str(entry.target.to)), entry.at)
        _enter(journey, entry)
    else:
        journey.reason(NobodysNumber(dialled), None)
        journey.hang_up(APOLOGY)


def _enter(journey: Journey, entry: DialledNumber) -> None:
    found = find_site(journey.rules, journey.facts, entry)
    if isinstance(found, FoundSite):
        journey.take_site(found)
    target = entry.target
    said: tuple[str, ...] = ()
    journey.refused = isinstance(target.to, ToRefuse) and is_let_in(journey, entry.attended)
    listed = meet_caller(journey)
    if listed is not None and listed.target is not None:
        target, said = replace(listed.target, language=entry.target.language), listed.say
        journey.refused = listed.is_refused
    # Who is turned away hears why, and no news.
    for notice in () if journey.refused else journey.rules.notices:
        tell(journey, notice)
    for prompt in said:
        journey.say(prompt)
    # A list of callers wins over the hours of the number.
    away = _led_away(journey, entry) if target is entry.target else None
    go(journey, away or target)


def _led_away(journey: Journey, entry: DialledNumber) -> Target | None:
    if entry.attended is None:
        return None
    dialled = entry.number.digits if entry.number is not None else str(entry)
    return led_away(journey, dialled, entry.attended, entry.target, entry.target.at)
