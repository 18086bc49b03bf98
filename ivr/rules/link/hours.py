"""Opening hours: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ivr.rules.fault import FaultKind
from ivr.rules.link.references import References
from ivr.rules.model import DayOfMonth, Hours, OpenRange, SeasonHours, Span, Week
from ivr.rules.parsed import RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import recurring
from ivr.rules.values.days import SOME_YEARS, KindOfDay, MonthlyDay, Season
from ivr.rules.values.fields import OpenTimes

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
                of_month.append(DayOfMonth(days, tuple(spans), self._source.key(here)))
            else:
                ranges += _ranges(days, spans)
            if len(spans) < len(listed) and (spans or not isinstance(days, MonthlyDay)):
                message, hint = "'closed' is not opening hours", "leave out what is closed"
                self._references.refuse(FaultKind.HOURS, here, message, hint)
        ranges.sort(key=lambda one: (one.weekday, one.span.start))
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
            replace(one, spans=tuple(spans) if one.spans else (), at=at)
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
    return tuple(OpenRange(day, span) for day in weekdays for span in listed)


def _opens(week: Week) -> bool:
    return bool(week.ranges) or any(one.spans for one in week.of_month)
