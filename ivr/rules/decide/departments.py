"""A call comes to a department: open or closed, from which site, and answered there or nationally."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.attendance import turned_away
from ivr.rules.decide.callers import give_priority
from ivr.rules.decide.hours import opening
from ivr.rules.decide.journey import Journey
from ivr.rules.decide.notices import learn_site
from ivr.rules.decide.sites import FoundSite, dialled_entry, find_site, is_national, weigh
from ivr.rules.model import (
    Break,
    Department,
    LocalDepartment,
    Location,
    Question,
    Site,
    Target,
    WhenClosed,
)
from ivr.why import (
    AnsweredElsewhere,
    ClosedReason,
    ClosedThere,
    DepartmentClosedByHand,
    FirstInLine,
    NotAtSite,
    NotFirstInLine,
    Opened,
    OtherSide,
    SiteClosedByHand,
    SiteUnknown,
    SiteWanted,
)


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
        closed = DepartmentClosedByHand(name, journey.by_hand(override))
        return _turn_away(journey, department, closed, None, override.say)
    now = opening(journey.rules, department, facts.at, answering(journey, department))
    if now.away is not None:
        if _is_open_somewhere(journey, department) and _site_is_asked_for(journey, department):
            return None
        return _turn_away(journey, department, now.because, now.at, now.say, now.away)
    journey.reason(now.because, now.at)
    if department.first_in_line:
        _line_up(journey, department)
    give_priority(journey, department)
    if _site_is_asked_for(journey, department):
        return None
    return _to_site_or_nation(journey, department)


def _turn_away(
    journey: Journey,
    department: Department,
    because: Opened | ClosedReason,
    at: Location | None,
    say: str | None,
    away: WhenClosed | Break | None = None,
) -> Target:
    away, national = away or department.closed, department.national
    journey.closed = True
    journey.reason(because, at)
    journey.why_not(ClosedThere(str(national.to), department.name), national.at)
    turned_away(journey, say, away)
    return away.target


def answering(journey: Journey, department: Department) -> Site | None:
    """The call's site, where that answers for the department itself today."""
    site = journey.rules.sites.get(journey.facts.site or "")
    return site if site is not None and _answers(journey, site, department) else None


def _answers(journey: Journey, site: Site, department: Department) -> bool:
    local = site.departments.get(department.name)
    today = journey.facts.at.astimezone(journey.rules.timezone).date()
    return local is not None and not is_national(local, today, journey.facts.caller)


def _is_open_somewhere(journey: Journey, department: Department) -> bool:
    """Whether a site that the caller may belong to keeps other holidays, and is open there now."""
    if journey.facts.site in journey.rules.sites:
        return False
    return any(
        _answers(journey, site, department)
        and opening(journey.rules, department, journey.facts.at, site).is_open
        for site in journey.rules.sites.values()
    )


def _line_up(journey: Journey, department: Department) -> None:
    names = department.first_in_line
    facts, lists = journey.facts, [journey.rules.callers[name] for name in names]
    among = next((one for one in lists if one.has(facts.caller, withheld=facts.withheld)), None)
    if among is None:
        journey.why_not(NotFirstInLine(tuple(names)), department.at)
    else:
        journey.facts = replace(journey.facts, first_in_line=True)
        journey.mention(FirstInLine(among.name), among.at)


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
            learn_site(journey, found)
        case Question() as question:
            journey.reason(SiteWanted(department.name), department.at)
            journey.ask(question, department.name)
            return True
        case None:
            pass
    return False


def _to_site_or_nation(journey: Journey, department: Department) -> Target:
    facts, national = journey.facts, department.national
    site = journey.rules.sites.get(facts.site) if facts.site is not None else None
    if site is None:
        journey.reason(SiteUnknown(department.name), national.at)
        return national
    local = site.departments.get(department.name)
    if local is None:
        journey.reason(NotAtSite(department.name, site.title), site.at)
        _pass_by_closed(journey, site, department)
        return national
    return _weigh(journey, department, local, site)


def _weigh(journey: Journey, department: Department, local: LocalDepartment, site: Site) -> Target:
    """Local or national: the day of the migration decides; a site that was closed by hand answers nothing."""
    name, national, facts = department.name, department.national, journey.facts
    today = facts.at.astimezone(journey.rules.timezone).date()
    weighed = weigh(name, site.title, local, today, facts.caller)
    journey.reason(weighed.because, weighed.at)
    other, there = (local.local, national) if weighed.is_national else (national, local.local)
    journey.why_not(OtherSide(str(other.to), weighed.because), other.at)
    override = facts.override("site", site.name) if facts.overrides else None
    if override is not None and not weighed.is_national:
        closed = SiteClosedByHand(name, journey.by_hand(override))
        return _turn_away(journey, department, closed, None, override.say)
    _pass_by_closed(journey, site, department)
    return there


def _pass_by_closed(journey: Journey, site: Site, department: Department) -> None:
    """A closed site closes what is answered there; the trace tells of it where that is something else."""
    facts = journey.facts
    override = facts.override("site", site.name) if facts.overrides else None
    if override is not None:
        by_hand = journey.by_hand(override)
        journey.mention(AnsweredElsewhere(department.name, site.name, by_hand), None)
