"""The branches of a rule set: each place where the rules send some calls one way and others another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ivr.menus.digits import key_word
from ivr.proving.marks import Branch, Mark
from ivr.rules.model import (
    Attendance,
    ByCallerList,
    Department,
    LocalDepartment,
    Location,
    Menu,
    Notice,
    Phone,
    Question,
    Queue,
    RuleSet,
    Site,
)
from ivr.rules.ways import attended_places
from ivr.why import (
    Chose,
    ChoseNothing,
    ClosedByHours,
    ClosedForHoliday,
    ClosedForPeriod,
    ClosedOnDate,
    ClosedOnShortDay,
    ClosedReason,
    ClosedSaying,
    Dialled,
    DialledAnythingElse,
    FirstInLine,
    LeftByKey,
    ListedCallers,
    LocalForGood,
    LocalUntil,
    NationalSince,
    NobodysPostcode,
    NobodyThere,
    NobodyTookPhone,
    NoticeHeard,
    OnTheRamp,
    OpenByHours,
    Opened,
    OpenOnDate,
    OpenOnShortDay,
    PlaceClosed,
    PlaceOpen,
    PriorityOfCallers,
    QuestionAnswered,
    QuestionNotAnswered,
    QueueFull,
    SiteByCallers,
    SiteByPostcode,
    SiteUnknown,
    SurveyBegins,
    WaitedSoLong,
)


def branches(rules: RuleSet) -> tuple[Branch, ...]:
    """Every branch, in the order of the file."""
    found = [
        *_of_numbers(rules),
        *_of_callers(rules),
        *_of_days(rules),
        *_of_hours(rules),
        *(one for notice in rules.notices for one in _of_notice(notice)),
        *(one for menu in rules.menus.values() for one in _of_menu(menu)),
        *(one for site in rules.sites.values() for one in _of_site(rules, site)),
        *(one for department in rules.departments.values() for one in _of_department(department)),
        *(one for queue in rules.queues.values() for one in _of_queue(rules, queue)),
        *(one for question in rules.questions.values() for one in _of_question(rules, question)),
        *(one for phone in rules.phones.values() for one in _of_phone(phone)),
    ]
    return tuple(sorted(found, key=lambda one: (one.at.file, one.at.line, one.at.column)))


def _of_numbers(rules: RuleSet) -> Iterator[Branch]:
    entries = [*rules.numbers.values()]
    if rules.anything_else is not None:
        entries.append(rules.anything_else)
    for entry in entries:
        words = f"the number {entry.number.spaced}" if entry.number else "any other number"
        advice = f"call: {{to: {entry.number.spaced if entry.number else 'a number that is not listed'}}}"
        yield Branch(entry.at, words, advice, (Mark(entry.at, (Dialled, DialledAnythingElse)),))
        if entry.attended is not None:
            place = entry.number.digits if entry.number else str(entry)
            yield from _of_place(words, place, entry.attended, entry.at)


def _of_days(rules: RuleSet) -> Iterator[Branch]:
    calendar = rules.holidays
    if calendar.public is not None and calendar.at is not None:
        advice = "call a department on a public holiday, such as 17 May"
        yield Branch(
            calendar.at, "a public holiday", advice, (Mark(calendar.at, (ClosedForHoliday,)),)
        )
    for site in rules.sites.values():
        if site.public_at is not None:
            advice = f"call a department that {site.title} answers, on a public holiday there"
            marks = (Mark(site.public_at, (ClosedForHoliday,)),)
            yield Branch(site.public_at, f"a public holiday in {site.title}", advice, marks)
    for short in calendar.short_days:
        for kind, when in ((OpenOnShortDay, "before"), (ClosedOnShortDay, "after")):
            words = f"a short day, {when} {short.until:%H:%M}"
            advice = f"call a department on that day, {when} {short.until:%H:%M}"
            yield Branch(short.at, words, advice, (Mark(short.at, (kind,)),))
    for period in calendar.closed:
        advice = f"call {_who(period.scope.departments)} on {period.days} at 10:00"
        marks = (Mark(period.at, (ClosedForPeriod,)),)
        yield Branch(period.at, f"closed: {period.days}", advice, marks)
    for opened in calendar.opened:
        for side, which in ((OpenOnDate, "within"), (ClosedOnDate, "outside")):
            words = f"opened: {opened.days}, {which} its hours"
            advice = f"call {_who(opened.scope.departments)} on {opened.days}, {which} its hours"
            yield Branch(opened.at, words, advice, (Mark(opened.at, (side,)),))


def _who(departments: frozenset[str]) -> str:
    return f"the department {min(departments)}" if departments else "a department"


def _of_hours(rules: RuleSet) -> Iterator[Branch]:
    """The seasons of hours, and the days of the month that have their own."""
    kinds = (OpenByHours, ClosedByHours)
    used = {attended.hours.name: attended.hours for _, attended in attended_places(rules)}
    for name, hours in used.items():
        for season in hours.seasons:
            if season.week.ranges or not season.week.of_month:
                words = f"hours {name} in the season {season.season}"
                advice = f"call a department with these hours between {season.season}"
                yield Branch(season.at, words, advice, (Mark(season.at, kinds),))
        for week in (hours.week, *(season.week for season in hours.seasons)):
            for one in week.of_month:
                words = f"hours {name} on the {one.day} of a month"
                advice = f"call a department with these hours on the {one.day} of a month"
                marks = (Mark(one.at, kinds, (("hours", name),)),)
                yield Branch(one.at, words, advice, marks)


def _of_callers(rules: RuleSet) -> Iterator[Branch]:
    first = {name for one in rules.departments.values() for name in one.first_in_line}
    by_list = any(isinstance(way, ByCallerList) for way in rules.site_of_call)
    for one in rules.callers.values():
        whose = "withheld" if one.withheld and not one.numbers else f"a number of {one.name}"
        advice = f"call: {{from: {whose}}}"
        if one.target is not None:
            words = f"callers of {one.name}, whose calls go to {one.target.to}"
            yield Branch(one.target.at, words, advice, (Mark(one.target.at, (ListedCallers,)),))
        if one.name in first or one.first_in_line:
            words = f"callers of {one.name}, first in line"
            yield Branch(one.at, words, advice, (Mark(one.at, (FirstInLine,)),))
        if one.priority is not None:
            words = f"callers of {one.name}, with a priority"
            yield Branch(one.at, words, advice, (Mark(one.at, (PriorityOfCallers,)),))
        if one.site is not None and by_list:
            words = f"callers of {one.name}, who belong to {one.site}"
            yield Branch(one.at, words, advice, (Mark(one.at, (SiteByCallers,)),))


def _of_notice(notice: Notice) -> Iterator[Branch]:
    said = ", ".join(notice.say)
    advice = f"call between {notice.start:%Y-%m-%d %H:%M} and {notice.end:%Y-%m-%d %H:%M}"
    yield Branch(notice.at, f"the notice {said}", advice, (Mark(notice.at, (NoticeHeard,)),))
    # Not to be heard is what is tested there, so it is the why-not that counts.
    silent = (Mark(notice.at, taken=False),)
    yield Branch(notice.at, f"no notice {said}", "call at another time", silent)


def _of_question(rules: RuleSet, question: Question) -> Iterator[Branch]:
    here = f"question {question.name}"
    if question.finds_site:
        for site in rules.sites.values():
            if site.postcodes:
                words = f"{here}, answered with a postcode of {site.name}"
                advice = f"key {site.postcodes[0].first} when it is asked"
                marks = (Mark(site.at, (SiteByPostcode,), (("question", question.name),)),)
                yield Branch(question.at, words, advice, marks)
        words = f"{here}, answered with a postcode of no site"
        marks = (Mark(question.at, (NobodysPostcode,)),)
        yield Branch(question.at, words, "key 0000 when it is asked", marks)
    else:
        marks = (Mark(question.at, (QuestionAnswered,)),)
        yield Branch(question.at, f"{here}, answered", "key the digits", marks)
    marks = (Mark(question.at, (QuestionNotAnswered,)),)
    yield Branch(question.at, f"{here}, not answered", "key nothing when it is asked", marks)


def _of_phone(phone: Phone) -> Iterator[Branch]:
    if phone.no_answer is not None:
        at = phone.no_answer.at
        advice = f"call it, and wait until it has rung: wait: {round(phone.ring_seconds)}s"
        marks = (Mark(at, (NobodyTookPhone,)),)
        yield Branch(at, f"nobody answers phone {phone.name}", advice, marks)


def _of_menu(menu: Menu) -> Iterator[Branch]:
    for option in menu.options.values():
        words = f"key {key_word(option.key)} of menu {menu.name}"
        # A key of all menus stands in one place for each of them.
        where = (("menu", menu.name),) if option.in_all_menus else ()
        yield Branch(
            option.at, words, f"press: {key_word(option.key)}", (Mark(option.at, (Chose,), where),)
        )
    if menu.attended is not None:
        here = f"menu {menu.name}"
        yield from _of_place(here, here, menu.attended, menu.at)
    at = menu.nothing_chosen.at
    words = f"nothing chosen in menu {menu.name}"
    yield Branch(at, words, "press nothing", (Mark(at, (ChoseNothing,)),))


def _of_site(rules: RuleSet, site: Site) -> Iterator[Branch]:
    for name, local in site.departments.items():
        yield from _of_local(rules.departments[name], site, local)


def _of_local(department: Department, site: Site, local: LocalDepartment) -> Iterator[Branch]:
    there = f"{department.name} in {site.title} "
    here = (("department", department.name), ("site", site.title))
    words = f"{department.name} at the site {site.name}"
    migrated, at = local.migrated, local.migrated_at
    if migrated is None or at is None:
        yield Branch(
            local.at,
            words,
            f"call {there}while it is open",
            (Mark(local.at, (LocalForGood,), here),),
        )
        return
    early, late = (Mark(at, (OnTheRamp,), (*here, ("moved", moved))) for moved in (True, False))
    local_still, national = Mark(at, (LocalUntil,), here), Mark(at, (NationalSince,), here)
    ways = [
        (f"before {migrated}", f"before {migrated}", local_still),
        (f"from {migrated} on", f"on {migrated} or later", national),
    ]
    if local.ramp is not None:
        whose = "from a number that"
        ways[1] = ("for all callers", "when the ramp is over", national)
        ways += [
            ("for callers moved early", f"during the ramp, {whose} has moved", early),
            ("for callers moved late", f"during the ramp, {whose} has not moved", late),
        ]
    for which, when, mark in ways:
        # Both sides of a migration are told at its day, so the kinds tell them apart.
        yield Branch(at, f"{words}, {which}", f"call {there}{when}", (mark,))


def _of_place(words: str, place: str, attended: Attendance, at: Location) -> Iterator[Branch]:
    """A number or a menu with hours."""
    whose = (("place", place),)
    yield Branch(
        at, f"{words}, open", "call it within its hours", (Mark(None, (PlaceOpen,), whose),)
    )
    closed = attended.closed.at
    marks = (Mark(None, (PlaceClosed,), whose),)
    yield Branch(closed, f"{words}, closed", "call it outside its hours", marks)
    yield from _of_breaks(words, attended)


def _of_breaks(words: str, attended: Attendance) -> Iterator[Branch]:
    for one in attended.breaks:
        advice = f"call it during {one.hours.name}"
        marks = (Mark(one.at, (ClosedSaying,)),)
        yield Branch(one.at, f"{words}, during {one.hours.name}", advice, marks)


def _of_department(department: Department) -> Iterator[Branch]:
    here = f"department {department.name}"
    whose = (("department", department.name),)
    yield Branch(
        department.at,
        f"{here}, open",
        f"call {here} within its hours",
        (Mark(None, get_args(Opened), whose),),
    )
    at = department.closed.at
    yield Branch(
        at,
        f"{here}, closed",
        f"call {here} outside its hours",
        (Mark(None, get_args(ClosedReason), whose), Mark(at, (ClosedSaying,))),
    )
    yield from _of_breaks(here, department.attended)
    nation = department.national.at
    yield Branch(
        nation,
        f"{here}, for callers without a site",
        "call a number without a site",
        (Mark(nation, (SiteUnknown,), whose),),
    )


def _of_queue(rules: RuleSet, queue: Queue) -> Iterator[Branch]:
    nobody = queue.nobody_logged_in
    here = f"queue {queue.name}"
    if nobody is not None:
        advice = f"given: {{{here}: {{agents: 0}}}}"
        yield Branch(
            nobody.at,
            f"nobody logged in to {here}",
            advice,
            (Mark(nobody.at, (NobodyThere,), (("queue", queue.name),)),),
        )
    if queue.when_full is not None:
        at = queue.when_full.at
        advice = f"given: {{{here}: {{waiting: {queue.at_most}}}}}"
        yield Branch(
            at, f"{here}, full", advice, (Mark(at, (QueueFull,), (("queue", queue.name),)),)
        )
    for chosen in queue.exits.values():
        yield Branch(
            chosen.at,
            f"key {key_word(chosen.key)} while waiting in {here}",
            f"press: {key_word(chosen.key)} after the keys that lead there",
            (Mark(chosen.at, (LeftByKey,), (("queue", queue.name),)),),
        )
    for step in queue.while_waiting:
        waited = spelled(step.after_seconds)
        yield Branch(
            step.at,
            f"{waited} of waiting in {here}",
            f"call: {{waits: {waited}}}, ending in {here}",
            (Mark(step.at, (WaitedSoLong,)),),
        )
    survey = rules.surveys.get(queue.survey or "")
    if survey is not None and survey.by == "voice":
        yield Branch(
            survey.at,
            f"survey {survey.name} after a talk in {here}",
            f"call: {{rates: {survey.highest}}}, ending in {here}",
            (Mark(survey.at, (SurveyBegins,), (("queue", queue.name),)),),
        )


def spelled(seconds: float) -> str:
    """As the rules write a duration: `90s`, `10m`, `2h`."""
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"
