"""Words that are right and change nothing: closed days, moves to the same place, words that nobody can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from itertools import takewhile

from ivr.rules.decide.hours import public_holiday
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import (
    ByCallerList,
    ClosedPeriod,
    Department,
    Holidays,
    Location,
    RuleSet,
    ShortDay,
)
from ivr.rules.values.days import days_from_easter

# So many years have each day of the calendar on each day of the week.
_YEARS = range(2024, 2052)
_LONGEST_PERIOD_DAYS = 400
_MIDNIGHT = time(0)
_OR_OUT = "or take it out"


def lint_idle(rules: RuleSet) -> Iterator[Fault]:
    """Findings about what changes nothing. For rules without other faults."""
    yield from _short_days(rules)
    yield from _periods(rules)
    yield from _migrations(rules)
    yield from _lists_without_sites(rules)
    yield from _words_unheard(rules)
    yield from _languages(rules)
    yield from _greetings(rules)


def _short_days(rules: RuleSet) -> Iterator[Fault]:
    departments = tuple(rules.departments.values())
    for short in rules.holidays.short_days:
        days = [_falls_on(short, year) for year in _YEARS]
        real = [day for day in days if day and not public_holiday(rules.holidays, day)]
        if departments and not any(_open_after(departments, short.until, day) for day in real):
            why = f"no department is open then at {short.until:%H:%M} or later"
            hint = f"write a time before the hours of that day end, {_OR_OUT}"
            if not real:
                why, hint = "it is a public holiday, and closed", "take it out"
            yield _idle(f"this short day changes nothing: {why}", short.at, hint)


def _falls_on(short: ShortDay, year: int) -> date | None:
    if short.day.easter is not None:
        return days_from_easter(year, short.day.easter)
    try:
        return date(year, short.day.month or 1, short.day.day or 1)
    except ValueError:  # 29 February
        return None


def _open_after(departments: Iterable[Department], until: time, day: date) -> bool:
    """Whether a department's hours reach beyond `until` on that day."""
    for department in departments:
        hours = department.hours
        if any(span.crosses_midnight or span.end > until for span in hours.on(day).ranges):
            return True
        before = hours.on(day - timedelta(days=1)).ranges
        if any(span.crosses_midnight and span.end > until for span in before):
            return True
    return False


def _periods(rules: RuleSet) -> Iterator[Fault]:
    calendar = rules.holidays
    for number, period in enumerate(calendar.closed):
        covering = next((one for one in calendar.closed[:number] if _covers(one, period)), None)
        if covering is not None:
            hint = f"take one of the two out, or write this one before line {covering.at.line}"
            message = f"the period from {covering.first} to {covering.last} comes first and has all of these days"
            yield _idle(message, period.at, hint)
        elif period.say is None and _is_closed_anyway(rules, period):
            message = "no department is open on these days anyway"
            hint = f"write other days, or `say` for a prompt of their own, {_OR_OUT}"
            yield _idle(message, period.at, hint)


def _covers(earlier: ClosedPeriod, period: ClosedPeriod) -> bool:
    all_days = earlier.first <= period.first and period.last <= earlier.last
    all_departments = not earlier.departments or (
        bool(period.departments) and period.departments <= earlier.departments
    )
    return all_days and all_departments


def _is_closed_anyway(rules: RuleSet, period: ClosedPeriod) -> bool:
    departments = [
        one
        for name, one in rules.departments.items()
        if not period.departments or name in period.departments
    ]
    length = (period.last - period.first).days + 1
    if not departments or length > _LONGEST_PERIOD_DAYS:
        return False
    days = (period.first + timedelta(days=n) for n in range(length))
    closed = takewhile(lambda day: _is_closed(rules.holidays, departments, day), days)
    return sum(1 for _ in closed) == length


def _is_closed(calendar: Holidays, departments: Iterable[Department], day: date) -> bool:
    is_holiday = public_holiday(calendar, day) is not None
    return is_holiday or not _open_after(departments, _MIDNIGHT, day)


def _migrations(rules: RuleSet) -> Iterator[Fault]:
    for site in rules.sites.values():
        for name, local in site.departments.items():
            department = rules.departments.get(name)
            if department is None or local.migrated_at is None:
                continue
            if local.local.to == department.national.to:
                message = f"{name} of {site.title} is migrated from {local.local.to} to the same"
                yield _idle(message, local.migrated_at, "write another `local`, or take both out")


def _lists_without_sites(rules: RuleSet) -> Iterator[Fault]:
    """Lists and the way that finds a call's site by them mean something together only."""
    by_list = any(isinstance(way, ByCallerList) for way in rules.site_of_call)
    at_the_front = {name for one in rules.departments.values() for name in one.first_in_line}
    for one in rules.callers.values():
        if one.site is not None and not by_list and one.name in at_the_front:
            message = f"the site of the callers {one.name} is not asked for"
            hint = f"write caller list below site_of_call, {_OR_OUT}"
            yield _idle(message, one.at, hint)


def _words_unheard(rules: RuleSet) -> Iterator[Fault]:
    if any(menu.speech for menu in rules.menus.values()):
        return
    spoken = [one for one in rules.departments.values() if one.words]
    if spoken:
        more = f" and {len(spoken) - 1} more" if len(spoken) > 1 else ""
        message = f"nobody can say the words of {spoken[0].name}{more}: no menu has `speech`"
        yield _idle(message, spoken[0].at, "write speech: true in a menu, or take the words out")


def _languages(rules: RuleSet) -> Iterator[Fault]:
    """Every language but the first is spoken to those only who pick it with a key, or by the number that they dial."""
    options = (option for menu in rules.menus.values() for option in menu.options.values())
    picked = {option.target.language for option in options}
    picked |= {entry.target.language for entry in rules.numbers.values()}
    if rules.anything_else is not None:
        picked.add(rules.anything_else.target.language)
    for language, at in list(zip(rules.languages, rules.languages_at, strict=False))[1:]:
        if language not in picked:
            hint = f"write a key such as 9: {{language: {language}, to: menu main}}, {_OR_OUT}"
            yield _idle(f"no caller hears {language}: no key and no number changes to it", at, hint)


def _greetings(rules: RuleSet) -> Iterator[Fault]:
    """What a menu says each time is no greeting."""
    for menu in rules.menus.values():
        twice = next((name for name in menu.greeting if name in menu.say), None)
        if twice is not None:
            message = f"menu {menu.name} says {twice} each time, as part of `say`, and the greeting says it again"
            yield _idle(message, menu.at, f"take {twice} out of `say`, or out of `greeting`")


def _idle(message: str, at: Location, hint: str) -> Fault:
    return fault(FaultKind.CHANGES_NOTHING, at, message, hint)
