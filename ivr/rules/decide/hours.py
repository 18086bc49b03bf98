"""Open or not at a moment, and why.

Days of the calendar are whole days, from 00:00 to 24:00 where the rules belong; they win over the opening hours, also
where these cross midnight: what a day has ended, or has not let begin, does not go on the next morning. Of several, an
opening wins, then a closed period, a public holiday, a short day. Spans are half-open: at 16:00 sharp, 08:00-16:00 is
over. Times are what the clock on the wall shows, so the two days a year when it is changed need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from ivr.rules.decide import holidays as days
from ivr.rules.model import (
    Attendance,
    Break,
    Department,
    Holidays,
    Location,
    OpenPeriod,
    RuleSet,
    Site,
    Span,
    WhenClosed,
)
from ivr.why import (
    ClosedByHours,
    ClosedByRules,
    ClosedForBreak,
    ClosedForHoliday,
    ClosedForPeriod,
    ClosedOnDate,
    ClosedOnShortDay,
    OpenByHours,
    Opened,
    OpenOnDate,
    OpenOnShortDay,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Why a department, a menu or a number is open, or closed; and where calls go then (None: it is open).

    `say` is the prompt of the closed period, where there is one, and wins over that of `away`.
    """

    because: Opened | ClosedByRules
    at: Location
    say: str | None = None
    away: WhenClosed | Break | None = None

    @property
    def is_open(self) -> bool:
        return self.away is None


def opening(
    rules: RuleSet, department: Department, at: datetime, site: Site | None = None
) -> Opening:
    """Whether the department is open at an aware moment, where `site` answers (None: nationally)."""
    return opening_of(rules, department.attended, at, department.name, site)


def opening_of(
    rules: RuleSet,
    attended: Attendance,
    at: datetime,
    department: str = "",
    site: Site | None = None,
) -> Opening:
    """As `opening`; without a department, of a number or a menu, whom periods for some departments do not concern."""
    asked = _Asked(rules.holidays, attended, department, at.astimezone(rules.timezone), site)
    now = asked.opening()
    if now.away is None and not isinstance(now.because, Opened):
        return replace(now, away=attended.closed)
    return now


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, and when: `there` is the time where the rules belong."""

    holidays: Holidays
    attended: Attendance
    department: str
    there: datetime
    site: Site | None

    @property
    def at_site(self) -> str | None:
        return self.site.name if self.site is not None else None

    @property
    def day(self) -> date:
        return self.there.date()

    @property
    def clock(self) -> time:
        return self.there.time()

    @property
    def minute(self) -> time:
        return self.clock.replace(second=0, microsecond=0)

    def opening(self) -> Opening:
        name, day = self.department, self.day
        opened = days.opened(self.holidays, name, day, self.at_site)
        if opened is not None:
            return self._on_date(opened)
        return self._closed_day(day) or self._by_the_clock()

    def _closed_day(self, day: date) -> Opening | None:
        """What closes the whole of a day."""
        name = self.department
        period = days.closed(self.holidays, name, day, self.at_site)
        if period is not None:
            whole = period.days.period(day)
            return Opening(ClosedForPeriod(name, whole.first, whole.last), period.at, period.say)
        if self.site is not None and self.site.public is not None:
            holiday, location = self.site.public.name(day), self.site.public_at
        else:
            holiday, location = days.public_holiday(self.holidays, day), self.holidays.at
        if holiday is None:
            return None
        because = ClosedForHoliday(name, holiday, day)
        return Opening(because, location or self.attended.hours.at)

    def _on_date(self, opened: OpenPeriod) -> Opening:
        for span in opened.spans:
            if span.holds(self.clock):
                because = OpenOnDate(self.department, self.day, span.start, span.end)
                return Opening(because, opened.at)
        return Opening(ClosedOnDate(self.department, self.day, self.minute), opened.at)

    def _by_the_clock(self) -> Opening:
        name, hours = self.department, self.attended.hours
        now = self._since_today() or self._since_yesterday()
        if now is None:
            of_day, weekday = hours.on(self.day), self.there.weekday()
            closed = ClosedByHours(name, hours.name, weekday, self.minute, of_day.within)
            return Opening(closed, of_day.at)
        if not isinstance(now.because, Opened):
            return now
        short = days.short_day(self.holidays, self.day)
        if short is not None:
            kind = OpenOnShortDay if self.clock < short.until else ClosedOnShortDay
            now = Opening(kind(name, self.day, short.until), short.at)
        return (self._in_break() if isinstance(now.because, Opened) else None) or now

    def _since_today(self) -> Opening | None:
        span = self.attended.hours.begun(self.there)
        return self._by_hours(self.day, span) if span is not None else None

    def _since_yesterday(self) -> Opening | None:
        """What began the day before and is not over; the calendar may have opened that day, or closed it."""
        day = self.day - _DAY
        opened = days.opened(self.holidays, self.department, day, self.at_site)
        spans = opened.spans if opened is not None else self.attended.hours.on(day).spans
        span = next((one for one in spans if one.holds_next_morning(self.clock)), None)
        if span is None:
            return None
        if opened is None:
            return self._closed_at_midnight(day) or self._by_hours(day, span)
        return Opening(OpenOnDate(self.department, day, span.start, span.end), opened.at)

    def _closed_at_midnight(self, day: date) -> Opening | None:
        """What had closed by the end of a day: nobody comes to work at midnight."""
        closed, short = self._closed_day(day), days.short_day(self.holidays, day)
        if closed is not None or short is None:
            return closed
        return Opening(ClosedOnShortDay(self.department, day, short.until), short.at)

    def _by_hours(self, day: date, span: Span) -> Opening:
        of_day = self.attended.hours.on(day)
        name, within = self.attended.hours.name, of_day.within
        weekday, start, end = day.weekday(), span.start, span.end
        because = OpenByHours(self.department, name, weekday, start, end, within)
        return Opening(because, of_day.at)

    def _in_break(self) -> Opening | None:
        """The break that it is now: a break interrupts the hours, and what the calendar opens has none."""
        for one in self.attended.breaks:
            span = one.hours.holding(self.there)
            if span is not None:
                because = ClosedForBreak(self.department, one.hours.name, span.end)
                return Opening(because, one.at, away=one)
        return None
