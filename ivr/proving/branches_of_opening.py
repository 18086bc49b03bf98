"""The branches of opening: days, hours and notices, and whatever is open or closed by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ivr.proving.branch_words import BranchTeller
from ivr.proving.marks import Branch, Mark
from ivr.rules.model import (
    Attendance,
    Department,
    LocalDepartment,
    Location,
    Notice,
    RuleSet,
    Site,
)
from ivr.rules.ways import attended_places
from ivr.why import (
    ClosedByHours,
    ClosedForHoliday,
    ClosedForPeriod,
    ClosedOnDate,
    ClosedOnShortDay,
    ClosedReason,
    ClosedSaying,
    LocalForGood,
    LocalUntil,
    NationalSince,
    NoticeHeard,
    OnTheRamp,
    OpenByHours,
    Opened,
    OpenOnDate,
    OpenOnShortDay,
    PlaceClosed,
    PlaceOpen,
    SiteUnknown,
)


def of_opening(rules: RuleSet, teller: BranchTeller) -> Iterator[Branch]:
    """All of them but those of numbers and menus with hours."""
    yield from _of_days(rules, teller)
    yield from _of_hours(rules, teller)
    for notice in rules.notices:
        yield from _of_notice(notice, teller)
    for site in rules.sites.values():
        for name, local in site.departments.items():
            yield from _of_local(rules.departments[name], site, local, teller)
    for department in rules.departments.values():
        yield from _of_department(department, teller)


def of_place(
    words: str, place: str, attended: Attendance, at: Location, teller: BranchTeller
) -> Iterator[Branch]:
    """A number or a menu with hours."""
    whose = (("place", place),)
    closed = attended.closed.at
    yield teller.branch("place open", at, Mark(None, (PlaceOpen,), whose), place=words)
    yield teller.branch("place closed", closed, Mark(None, (PlaceClosed,), whose), place=words)
    yield from _of_breaks(words, attended, teller)


def _of_days(rules: RuleSet, teller: BranchTeller) -> Iterator[Branch]:
    calendar = rules.holidays
    if calendar.public is not None and calendar.at is not None:
        yield teller.branch("holiday", calendar.at, Mark(calendar.at, (ClosedForHoliday,)))
    for site in rules.sites.values():
        if (at := site.public_at) is not None:
            marks = Mark(at, (ClosedForHoliday,))
            yield teller.branch("holiday of site", at, marks, site=site.title)
    for short in calendar.short_days:
        until = f"{short.until:%H:%M}"
        for kind, form in (
            (OpenOnShortDay, "short day before"),
            (ClosedOnShortDay, "short day after"),
        ):
            yield teller.branch(form, short.at, Mark(short.at, (kind,)), until=until)
    for period in calendar.closed:
        days, who = teller.days(period.days), teller.who(period.scope.departments)
        mark = Mark(period.at, (ClosedForPeriod,))
        yield teller.branch("closed days", period.at, mark, days=days, who=who)
    for opened in calendar.opened:
        days, who = teller.days(opened.days), teller.who(opened.scope.departments)
        for side, form in ((OpenOnDate, "opened within"), (ClosedOnDate, "opened outside")):
            yield teller.branch(form, opened.at, Mark(opened.at, (side,)), days=days, who=who)


def _of_hours(rules: RuleSet, teller: BranchTeller) -> Iterator[Branch]:
    """The seasons of hours, and the days of the month that have their own."""
    kinds = (OpenByHours, ClosedByHours)
    used = {attended.hours.name: attended.hours for _, attended in attended_places(rules)}
    for name, hours in used.items():
        for season in hours.seasons:
            if season.week.ranges or not season.week.of_month:
                mark, days = Mark(season.at, kinds), teller.days(season.season)
                yield teller.branch("season", season.at, mark, hours=name, days=days)
        for week in (hours.week, *(season.week for season in hours.seasons)):
            for one in week.of_month:
                mark = Mark(one.at, kinds, (("hours", name),))
                day = teller.day_of_month(one.day)
                yield teller.branch("day of month", one.at, mark, hours=name, day=day)


def _of_notice(notice: Notice, teller: BranchTeller) -> Iterator[Branch]:
    said = ", ".join(notice.say)
    start, end = (f"{one:%Y-%m-%d %H:%M}" for one in (notice.start, notice.end))
    heard = Mark(notice.at, (NoticeHeard,))
    yield teller.branch("notice", notice.at, heard, said=said, start=start, end=end)
    # Not to be heard is what is tested there, so it is the why-not that counts.
    yield teller.branch("no notice", notice.at, Mark(notice.at, taken=False), said=said)


def _of_local(
    department: Department, site: Site, local: LocalDepartment, teller: BranchTeller
) -> Iterator[Branch]:
    facts = {"department": department.name, "site": site.name, "title": site.title}
    here = (("department", department.name), ("site", site.title))
    migrated, at = local.migrated, local.migrated_at
    if migrated is None or at is None:
        yield teller.branch("local", local.at, Mark(local.at, (LocalForGood,), here), **facts)
        return
    early, late = (Mark(at, (OnTheRamp,), (*here, ("moved", moved))) for moved in (True, False))
    local_still, national = Mark(at, (LocalUntil,), here), Mark(at, (NationalSince,), here)
    ways = [("local before", local_still), ("national from", national)]
    if local.ramp is not None:
        ways[1] = ("ramp over", national)
        ways += [("ramp early", early), ("ramp late", late)]
    for form, mark in ways:
        # Both sides of a migration are told at its day, so the kinds tell them apart.
        yield teller.branch(form, at, mark, day=migrated, **facts)


def _of_breaks(words: str, attended: Attendance, teller: BranchTeller) -> Iterator[Branch]:
    for one in attended.breaks:
        mark = Mark(one.at, (ClosedSaying,))
        yield teller.branch("break", one.at, mark, place=words, hours=one.hours.name)


def _of_department(department: Department, teller: BranchTeller) -> Iterator[Branch]:
    here = teller.department(department.name)
    whose = (("department", department.name),)
    is_open = Mark(None, get_args(Opened), whose)
    yield teller.branch("department open", department.at, is_open, place=here)
    at = department.closed.at
    is_closed = (Mark(None, get_args(ClosedReason), whose), Mark(at, (ClosedSaying,)))
    yield teller.branch("department closed", at, *is_closed, place=here)
    yield from _of_breaks(here, department.attended, teller)
    nation = department.national.at
    yield teller.branch("without site", nation, Mark(nation, (SiteUnknown,), whose), place=here)
