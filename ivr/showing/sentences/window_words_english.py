"""When something holds, in English."""

from __future__ import annotations

from datetime import date

from ivr.rules.values.days import KindOfDay, MonthlyDay, PublicHolidays, Season, YearDay
from ivr.rules.values.windows import BesideKind
from ivr.showing.sentences.window_words import Phrases

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def _kind(kind: KindOfDay) -> str:  # noqa: PLR0911 - a line for each kind, and nothing else
    match kind:
        case PublicHolidays():
            return "public holidays"
        case YearDay(easter=int(easter)):
            return _from_easter(easter)
        case YearDay(month=int(month), day=day):
            return f"{day} {_MONTHS[month - 1]}"
        case Season((month, day), (last_month, last_day)):
            first = f"{day} {_MONTHS[month - 1]}"
            return f"the season {first} – {last_day} {_MONTHS[last_month - 1]}"
        case MonthlyDay(nth, weekday):
            return f"the {_NTH[nth]} {_DAYS[weekday]} of the month"
        case BesideKind(other, days):
            where = "before" if days < 0 else "after"
            return f"days {where} {_kind(other)}"
        case _:
            return str(kind)


def _from_easter(days: int) -> str:
    if days == 0:
        return "Easter Sunday"
    if -7 < days < 0:
        return f"the {_DAYS[(days - 1) % 7]} before Easter"
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{count} {'before' if days < 0 else 'after'} Easter Sunday"


def in_full(day: date) -> str:
    """`28 December 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def from_to(first: date, last: date) -> str:
    """`28–30 December 2026`, each part said once."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{in_full(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {in_full(last)}"
    return f"{in_full(first)} – {in_full(last)}"


ENGLISH = Phrases(
    weekdays={
        frozenset(range(7)): "every day",
        frozenset(range(5)): "every weekday",
        frozenset({5, 6}): "weekends",
    },
    weekday=[f"{day}s" for day in _DAYS],
    weekdays_between="{} to {}",
    every_day="every day",
    all_day="all day",
    now_on="from now on",
    from_on="from {} on",
    on_the_day="{}",
    until="until {}",
    joined=" and ",
    not_on="not on {}",
    neither=" or ",
    also_on="and on {}",
    only="{} if on {}",
    within="{} in {}",
    a_weekday=[f"a {day}" for day in _DAYS],
    day_name=_DAYS,
    a_working_day="a weekday",
    a_weekday_between="{} to {}",
    stretch="from {} until {}",
    more_days="{} later days",
    while_open="while {} is open",
    while_closed="while {} is closed",
    kind=_kind,
    day=in_full,
    dates=from_to,
)
