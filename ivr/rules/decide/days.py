"""The days of the calendar that move: Easter, and the public holidays that the law names."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

# The language that the holidays' names are spoken of in, by country.
_LANGUAGES = {"NO": "no"}


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> dict[date, str]:
    """The names of a year's public holidays. An ordinary Sunday is not one."""
    found = holidays.country_holidays(country, years=year, language=_LANGUAGES.get(country))
    return {day: name.replace("; ", " / ") for day, name in found.items()}


@lru_cache(maxsize=256)
def easter_sunday(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous computus)."""
    century, rest = divmod(year, 100)
    moon = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def days_from_easter(year: int, days: int) -> date:
    """The day so many days after Easter Sunday (before it, where `days` is negative)."""
    return easter_sunday(year) + timedelta(days=days)
