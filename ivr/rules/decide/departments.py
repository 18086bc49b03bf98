"""A call comes to a department: open or closed, from which site, and answered there or nationally."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.journey import Journey
from ivr.rules.hours import opening
from ivr.rules.model import Department, LocalDepartment, Place, Question, Site, Target
from ivr.rules.sites import FoundSite, dialled_entry, find_site, weigh


def come_to_department(journey: Journey, department: Department) -> Target | None:
    """Where the department leads on to; None where the call ends, or its site is asked for first."""
    name = department.name
    if journey.comes_again(f"department {name}"):
        return None
    journey.department = name
    journey.closed = False
    facts = journey.facts
    override = facts.override("department", name) if facts.overrides else None
    if override is not None:
        return _turn_away(journey, department, journey.told(override), None, override.say)
    now = opening(journey.rules, department, facts.at)
    if not now.is_open:
        return _turn_away(journey, department, now.reason, now.at, now.say)
    journey.reason(f"department {name} is open: {now.reason}", now.at)
    if department.first_in_line:
        _line_up(journey, department)
    if _site_is_asked_for(journey, department):
        return None
    return _to_site_or_nation(journey, department)


def _turn_away(
    journey: Journey, department: Department, reason: str, at: Place | None, say: str | None
) -> Target:
    closed, national = department.closed, department.national
    journey.closed = True
    journey.reason(f"department {department.name} is closed: {reason}", at)
    journey.why_not(f"{national.to}: {department.name} is closed", national.at)
    said = say or closed.say
    journey.say(said)
    journey.mention(f"the caller hears {said!r}: then {closed.target.to}", closed.at)
    return closed.target


def _line_up(journey: Journey, department: Department) -> None:
    names = department.first_in_line
    lists = [journey.rules.callers[name] for name in names]
    among = next((one for one in lists if journey.facts.caller in one.numbers), None)
    if among is None:
        spoken = " or ".join(names)
        journey.why_not(f"first in line: the caller is not among {spoken}", department.at)
    else:
        journey.facts = replace(journey.facts, first_in_line=True)
        journey.mention(f"the caller is among {among.name}: first in line", among.at)


def _site_is_asked_for(journey: Journey, department: Department) -> bool:
    """Look for the site where it is not known and makes a difference; True where a question comes first."""
    rules, facts = journey.rules, journey.facts
    if facts.site in rules.sites or not rules.questions:
        return False
    until = rules.local_until.get(department.name)
    if until is None or facts.at.astimezone(rules.timezone).date() > until:
        return False
    match find_site(rules, facts, dialled_entry(rules, facts)):
        case FoundSite() as found:
            journey.take_site(found)
        case Question() as question:
            name = department.name
            journey.reason(f"{name} depends on the site, which is not known", department.at)
            journey.ask(question, name)
            return True
        case None:
            pass
    return False


def _to_site_or_nation(journey: Journey, department: Department) -> Target:
    facts, national = journey.facts, department.national
    site = journey.rules.sites.get(facts.site) if facts.site is not None else None
    if site is None:
        reason = f"the site is not known: {department.name} is national"
        journey.reason(reason, national.at)
        return national
    local = site.departments.get(department.name)
    if local is None:
        reason = f"{department.name} has no place of its own in {site.title}: it is national"
        journey.reason(reason, site.at)
        _pass_by_closed(journey, site, department)
        return national
    return _weigh(journey, department, local, site)


def _weigh(journey: Journey, department: Department, local: LocalDepartment, site: Site) -> Target:
    """Local or national: the day of the migration decides; a site that was closed by hand answers nothing."""
    name, national, facts = department.name, department.national, journey.facts
    today = facts.at.astimezone(journey.rules.timezone).date()
    weighed = weigh(local, today, facts.caller, local.at.path)
    journey.reason(f"{name} in {site.title} {weighed.reason}", weighed.at)
    other, there = (local.local, national) if weighed.is_national else (national, local.local)
    journey.why_not(f"{other.to}: {name} in {site.title} {weighed.reason}", other.at)
    override = facts.override("site", site.name) if facts.overrides else None
    if override is not None and not weighed.is_national:
        reason = f"its site is {journey.told(override)}"
        return _turn_away(journey, department, reason, None, override.say)
    _pass_by_closed(journey, site, department)
    return there


def _pass_by_closed(journey: Journey, site: Site, department: Department) -> None:
    """A closed site closes what is answered there; the trace tells of it where that is something else."""
    facts = journey.facts
    override = facts.override("site", site.name) if facts.overrides else None
    if override is not None:
        told = f"site {site.name} is {journey.told(override)}"
        journey.mention(f"{told}, but {department.name} is answered elsewhere", None)
