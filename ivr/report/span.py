"""The day, week or month that a report is of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

SpanKind = Literal["day", "week", "month"]

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """Both days are in it."""

    kind: SpanKind
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> ReportSpan:
        """The day, week or month before it."""
        return span_around(self.kind, self.first - timedelta(days=1))


def span_around(kind: SpanKind, day: date) -> ReportSpan:
    """The one that this day lies in; weeks begin on Monday."""
    match kind:
        case "day":
            return ReportSpan(kind, day, day)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return ReportSpan(kind, monday, monday + timedelta(days=6))
        case "month":
            next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
            return ReportSpan(kind, day.replace(day=1), next_month - timedelta(days=1))


def span_named(kind: SpanKind, text: str, today: date) -> ReportSpan | None:
    """`2026-11-23`, `today` or `yesterday` for any; `2026-W48` for a week, `2026-11` for a month; None for others."""
    day = {"today": today, "yesterday": today - timedelta(days=1)}.get(text)
    if day is None:
        day = _day_in(kind, text)
    return None if day is None or not 1970 <= day.year <= 2200 else span_around(kind, day)


def _day_in(kind: SpanKind, text: str) -> date | None:
    try:
        if kind == "week" and (week := _WEEK.fullmatch(text)):
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
        if kind == "month" and (month := _MONTH.fullmatch(text)):
            return date(int(month[1]), int(month[2]), 1)
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
