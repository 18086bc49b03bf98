"""Opening hours, and the days that are not like others: parsed form → RuleSet."""

from __future__ import annotations

from datetime import date

from ivr.rules.fault import FaultKind
from ivr.rules.link.references import References
from ivr.rules.model import ClosedPeriod, Holidays, Hours, OpenRange, ShortDay
from ivr.rules.parsed import Closed, HolidayWords, RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import times
from ivr.rules.values.days import PublicHolidays


def link_hours(parsed: RulesFile, references: References) -> dict[str, Hours]:
    """The opening hours by name."""
    linked = {}
    for name, week in parsed.hours.items():
        path: WordPath = ("hours", name)
        ranges = [
            OpenRange(weekday, span.start, span.end)
            for days, spans in week.items()
            for span in spans
            for weekday in times.days(days)
        ]
        if not ranges and not references.source.lost_inside(path):
            hint = "write mon-fri: 08:00-16:00"
            references.refuse(FaultKind.WORD_MISSING, path, f"hours {name} never open", hint)
        ranges.sort(key=lambda one: (one.weekday, one.start))
        linked[name] = Hours(name, tuple(ranges), references.source.key(path))
    return linked


def link_holidays(words: HolidayWords | None, references: References) -> Holidays:
    """The holidays; none where the file names none."""
    if words is None:
        return Holidays(None, (), (), None)
    short_days = []
    for text, until in words.short_days.items():
        location = references.source.key(("holidays", "short_days", text))
        short_days.append(ShortDay(times.year_day(text), until, location))
    return Holidays(
        public=PublicHolidays(words.public) if words.public else None,
        short_days=tuple(short_days),
        closed=tuple(_closed(n, period, references) for n, period in enumerate(words.closed)),
        at=references.source.key(("holidays",)),
    )


def _closed(number: int, words: Closed, references: References) -> ClosedPeriod:
    path: WordPath = ("holidays", "closed", number)
    first = words.first or words.last or date.min
    last = words.last or first
    if first > last:
        hint = "write the later day as `to`"
        references.refuse(FaultKind.DATE, (*path, "to"), f"{last} is before {first}", hint)
    for index, name in enumerate(words.departments or ()):
        references.refer("departments", name, (*path, "departments", index))
    if words.departments == [] and not references.source.lost_inside((*path, "departments")):
        hint = "take the word out: then all are closed"
        here = (*path, "departments")
        references.refuse(FaultKind.SHAPE, here, "no department is named", hint)
    named = frozenset(words.departments or ())
    return ClosedPeriod(first, last, named, words.say, references.source.value(path))
