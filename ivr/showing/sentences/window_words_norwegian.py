"""When something holds, in Norwegian (bokmål)."""

from __future__ import annotations

from datetime import date

from ivr.rules.values.days import KindOfDay, MonthlyDay, PublicHolidays, Season, YearDay
from ivr.rules.values.windows import BesideKind
from ivr.showing.sentences.window_words import Phrases

_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_NTH = {1: "første", 2: "andre", 3: "tredje", 4: "fjerde", -1: "siste"}
_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "desember",
)  # fmt: skip


def _kind(kind: KindOfDay) -> str:  # noqa: PLR0911 - a line for each kind, and nothing else
    match kind:
        case PublicHolidays():
            return "helligdager"
        case YearDay(easter=int(easter)):
            return _from_easter(easter)
        case YearDay(month=int(month), day=day):
            return f"{day}. {_MONTHS[month - 1]}"
        case Season((month, day), (last_month, last_day)):
            first = f"{day}. {_MONTHS[month - 1]}"
            return f"sesongen {first} – {last_day}. {_MONTHS[last_month - 1]}"
        case MonthlyDay(nth, weekday):
            return f"{_NTH[nth]} {_DAYS[weekday]} i måneden"
        case BesideKind(other, days):
            where = "før" if days < 0 else "etter"
            return f"dager {where} {_kind(other)}"
        case _:
            return str(kind)


def _from_easter(days: int) -> str:
    if days == 0:
        return "første påskedag"
    if -7 < days < 0:
        return f"{_DAYS[(days - 1) % 7]}en før påske"
    count = "1 dag" if abs(days) == 1 else f"{abs(days)} dager"
    return f"{count} {'før' if days < 0 else 'etter'} første påskedag"


def in_full(day: date) -> str:
    """`28. desember 2026`."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def from_to(first: date, last: date) -> str:
    """`28.–30. desember 2026`, each part said once."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{in_full(last)}"
    if first.year == last.year:
        return f"{first.day}. {_MONTHS[first.month - 1]} – {in_full(last)}"
    return f"{in_full(first)} – {in_full(last)}"


NORWEGIAN = Phrases(
    weekdays={
        frozenset(range(7)): "hver dag",
        frozenset(range(5)): "mandag til fredag",
        frozenset({5, 6}): "lørdager og søndager",
    },
    weekday=[f"{day}er" for day in _DAYS],
    weekdays_between="{} til {}",
    every_day="hver dag",
    all_day="hele dagen",
    now_on="fra nå av",
    from_on="fra {}",
    on_the_day="{}",
    until="til og med {}",
    joined=" og ",
    not_on="ikke {}",
    neither=" eller ",
    also_on="og {}",
    only="{} hvis det er en {}",
    within="{} i {}",
    a_weekday=_DAYS,
    day_name=_DAYS,
    a_working_day="hverdag fra mandag til fredag",
    a_weekday_between="{} til {}",
    stretch="fra {} til {}",
    more_days="{} senere dager",
    while_open="mens {} er åpen",
    while_closed="mens {} er stengt",
    kind=_kind,
    day=in_full,
    dates=from_to,
)
