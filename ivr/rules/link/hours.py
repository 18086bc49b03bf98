"""Opening hours, and the days that are not like others: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from ivr.rules.fault import FaultKind
from ivr.rules.link.references import References
from ivr.rules.model import (
    ClosedPeriod,
    DayOfMonth,
    Holidays,
    Hours,
    OpenRange,
    SeasonHours,
    ShortDay,
    Week,
)
from ivr.rules.parsed import Closed, HolidayWords, RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import recurring, times
from ivr.rules.values.days import SOME_YEARS, KindOfDay, MonthlyDay, PublicHolidays, Season
from ivr.rules.values.fields import OpenTimes
from ivr.rules.values.times import Span

TimesOfDays = dict[str, OpenTimes]


def link_hours(parsed: RulesFile, references: References) -> dict[str, Hours]:
    """The opening hours by name."""
    linking = _Hours(references)
    return {name: linking.hours(name, days) for name, days in parsed.hours.items()}


class _Hours:
    def __init__(self, references: References) -> None:
        self._references = references
        self._source = references.source

    def hours(self, name: str, written: Mapping[str, OpenTimes | TimesOfDays]) -> Hours:
        path: WordPath = ("hours", name)
        all_year: TimesOfDays = {}
        of_seasons: dict[Season, tuple[OpenTimes | TimesOfDays, WordPath]] = {}
        for text, listed in written.items():
            days, here = recurring.days(text), (*path, text)
            if isinstance(days, Season):
                self._apart_from(of_seasons, days, here)
                of_seasons[days] = (listed, here)
            elif isinstance(listed, list):
                all_year[text] = listed
            else:
                message = f"{text} has days within it, and only a season such as 06-01 to 08-31 has"
                self._references.refuse(FaultKind.HOURS, here, message, "write 08:00-16:00")
        week = self._week(all_year, path)
        seasons = [self._season(season, *found, week) for season, found in of_seasons.items()]
        weeks = [week, *(one.week for one in seasons)]
        if not any(map(_opens, weeks)) and not self._source.lost_inside(path):
            hint = "write mon-fri: 08:00-16:00"
            self._references.refuse(FaultKind.WORD_MISSING, path, f"hours {name} never open", hint)
        return Hours(name, week, tuple(seasons), self._source.key(path))

    def _week(self, written: TimesOfDays, path: WordPath) -> Week:
        ranges: list[OpenRange] = []
        of_month: list[DayOfMonth] = []
        for text, listed in written.items():
            days, here = recurring.days_in_season(text), (*path, text)
            spans = [one for one in listed if isinstance(one, Span)]
            if isinstance(days, MonthlyDay):
                self._apart_from((one.day for one in of_month), days, here)
                of_month.append(
                    DayOfMonth(days, _ranges([days.weekday], spans), self._source.key(here))
                )
            else:
                ranges += _ranges(days, spans)
            if len(spans) < len(listed) and (spans or not isinstance(days, MonthlyDay)):
                message, hint = "'closed' is not opening hours", "leave out what is closed"
                self._references.refuse(FaultKind.HOURS, here, message, hint)
        ranges.sort(key=lambda one: (one.weekday, one.start))
        return Week(tuple(ranges), tuple(of_month), self._source.key(path))

    def _season(
        self, season: Season, written: OpenTimes | TimesOfDays, path: WordPath, otherwise: Week
    ) -> SeasonHours:
        at = self._source.key(path)
        if not isinstance(written, list):
            return SeasonHours(season, self._week(written, path), at)
        # Times alone are for the days that are open otherwise; none, where the season is closed.
        spans = [one for one in written if isinstance(one, Span)]
        if not spans:
            return SeasonHours(season, Week((), (), at), at)
        if not _opens(otherwise) and not self._source.lost_inside(path[:-1]):
            message = f"no day is open otherwise, and so none has the hours of {season}"
            hint = "write its days: {mon-fri: 08:00-15:00}"
            self._references.refuse(FaultKind.HOURS, path, message, hint)
        open_days = sorted({one.weekday for one in otherwise.ranges})
        of_month = tuple(
            replace(one, ranges=_ranges([one.day.weekday], spans if one.ranges else []), at=at)
            for one in otherwise.of_month
        )
        return SeasonHours(season, Week(_ranges(open_days, spans), of_month, at), at)

    def _apart_from(self, others: Iterable[KindOfDay], days: KindOfDay, path: WordPath) -> None:
        """Two that have a day in common would leave it open which of them counts."""
        for other in others:
            if any(days.falls_on(day) and other.falls_on(day) for day in SOME_YEARS):
                message = f"{days} and {other} have days in common"
                hint = "write each day once"
                self._references.refuse(FaultKind.DAY_TWICE, path, message, hint, of_key=True)


def _ranges(weekdays: Iterable[int], spans: Iterable[Span]) -> tuple[OpenRange, ...]:
    listed = tuple(spans)
    return tuple(OpenRange(day, span.start, span.end) for day in weekdays for span in listed)


def _opens(week: Week) -> bool:
    return bool(week.ranges) or any(one.ranges for one in week.of_month)


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
