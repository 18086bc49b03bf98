"""A call comes in: the number that was dialled, its site, and the notices of the day."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ivr.numbers import PhoneNumber
from ivr.rules.decide.journey import APOLOGY, Journey
from ivr.rules.decide.onward import go
from ivr.rules.model import DialledNumber, Notice
from ivr.rules.sites import FoundSite, find_site


def arrive(journey: Journey) -> None:
    """The call came in: to the number that was dialled, or to `anything else`."""
    rules, facts = journey.rules, journey.facts
    if facts.language not in rules.languages:
        journey.facts = replace(facts, language=rules.languages[0])
    entry = rules.numbers.get(facts.dialled) if facts.dialled is not None else None
    spoken = _spaced(facts.dialled) if facts.dialled is not None else "no number"
    if entry is not None:
        name = f" ({entry.title})" if entry.title else ""
        journey.reason(f"the caller dialled {spoken}{name}: {entry.target.to}", entry.at)
        _enter(journey, entry)
    elif rules.anything_else is not None:
        entry = rules.anything_else
        journey.why_not(f"one of the numbers: {spoken} is not among them", None)
        journey.reason(f"the caller dialled anything else: {entry.target.to}", entry.at)
        _enter(journey, entry)
    else:
        text = f"{spoken} is not among the numbers, and there is no `anything else`"
        journey.reason(text, None)
        journey.hang_up(APOLOGY)


def _enter(journey: Journey, entry: DialledNumber) -> None:
    found = find_site(journey.rules, journey.facts, entry)
    if isinstance(found, FoundSite):
        journey.take_site(found)
    for notice in journey.rules.notices:
        tell(journey, notice)
    go(journey, entry.target)


def tell(journey: Journey, notice: Notice) -> None:
    """Say a notice, or say why not."""
    facts = journey.facts
    said = ", ".join(notice.say)
    there = facts.at.astimezone(journey.rules.timezone).replace(tzinfo=None)
    if there < notice.start:
        journey.why_not(f"the notice {said}: it begins {notice.start:%Y-%m-%d %H:%M}", notice.at)
    elif there >= notice.end:
        journey.why_not(f"the notice {said}: it ended {notice.end:%Y-%m-%d %H:%M}", notice.at)
    elif notice.sites and facts.site not in notice.sites:
        sites = " or ".join(sorted(notice.sites))
        journey.why_not(f"the notice {said}: it is for callers of {sites}", notice.at)
    else:
        until = f"until {notice.end:%Y-%m-%d %H:%M}"
        journey.mention(f"the caller hears the notice {said}, {until}", notice.at)
        for prompt in notice.say:
            journey.say(prompt)


@lru_cache(maxsize=16384)
def _spaced(number: PhoneNumber) -> str:
    """Spelling a number costs more than all the rest of a decision."""
    return number.spaced
