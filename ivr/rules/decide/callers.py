"""Who calls: whether the caller is on a list that says what becomes of the call."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.journey import Journey
from ivr.rules.model import PRIORITIES, CallerList, Department
from ivr.why import (
    FirstInLine,
    ListedCallers,
    NotListed,
    PriorityOfCallers,
    PriorityOfDepartment,
)

_WORDS = {level: word for word, level in PRIORITIES.items()}


def give_priority(journey: Journey, department: Department | None) -> None:
    """How urgent the caller is from here on: as the lists of callers say, or else the department that is come to."""
    facts = journey.facts
    listed = [
        one
        for one in journey.rules.callers.values()
        if one.priority is not None and one.has(facts.caller, withheld=facts.withheld)
    ]
    first = max(listed, key=lambda one: one.priority or 0, default=None)
    if first is not None and first.priority is not None:
        priority = first.priority
        if department is None:
            journey.mention(PriorityOfCallers(first.name, _WORDS[priority]), first.at)
    else:
        priority = department.priority if department else 0
        if department is not None and priority:
            journey.mention(PriorityOfDepartment(department.name, _WORDS[priority]), department.at)
    if priority != facts.priority:
        journey.facts = replace(facts, priority=priority)


def meet_caller(journey: Journey) -> CallerList | None:
    """The list that says where this caller's calls go; None where none does.

    The first one counts: that two do not contradict one another, `ivr check` sees to.
    """
    lists = [one for one in journey.rules.callers.values() if one.target or one.first_in_line]
    facts = journey.facts
    found = [one for one in lists if one.has(facts.caller, withheld=facts.withheld)]
    give_priority(journey, None)
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
