"""Who calls: whether the caller is on a list that says what becomes of the call."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.journey import Journey
from ivr.rules.model import CallerList
from ivr.why import FirstInLine, ListedCallers, NotListed


def meet_caller(journey: Journey) -> CallerList | None:
    """The list that says where this caller's calls go; None where none does.

    The first one counts: that two do not contradict one another, `ivr check` sees to.
    """
    lists = [one for one in journey.rules.callers.values() if one.target or one.first_in_line]
    facts = journey.facts
    found = [one for one in lists if one.has(facts.caller, withheld=facts.withheld)]
    for one in found:
        if one.first_in_line:
            journey.facts = replace(journey.facts, first_in_line=True)
            journey.mention(FirstInLine(one.name), one.at)
    leading = next((one for one in found if one.target), None)
    if leading is not None and leading.target is not None:
        to, at = str(leading.target.to), leading.target.at
        journey.reason(ListedCallers(leading.name, to, withheld=facts.withheld), at)
    elif len(found) < len(lists):
        journey.why_not(NotListed(tuple(one.name for one in lists if one not in found)), None)
    return leading
