from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.rules.values.days import days_from_easter, easter_sunday, public_holidays

EASTER = {
    2025: date(2025, 4, 20),
    2026: date(2026, 4, 5),
    2027: date(2027, 3, 28),
    2028: date(2028, 4, 16),
    2038: date(2038, 4, 25),
    2285: date(2285, 3, 22),
}

FIXED = {
    (1, 1): "Første nyttårsdag",
    (5, 1): "Arbeidernes dag",
    (5, 17): "Grunnlovsdag",
    (12, 25): "Første juledag",
    (12, 26): "Andre juledag",
}
MOVABLE = {
    -3: "Skjærtorsdag",
    -2: "Langfredag",
    0: "Første påskedag",
    1: "Andre påskedag",
    39: "Kristi himmelfartsdag",
    49: "Første pinsedag",
    50: "Andre pinsedag",
}


@pytest.mark.parametrize("year", EASTER)
def test_easter_falls_where_the_almanac_says(year: int) -> None:
    assert easter_sunday(year) == EASTER[year]
    assert days_from_easter(year, -4) == EASTER[year] - timedelta(days=4)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_norways_public_holidays_are_these_and_no_others(year: int) -> None:
    expected: dict[date, set[str]] = {}
    for (month, day), name in FIXED.items():
        expected.setdefault(date(year, month, day), set()).add(name)
    for days, name in MOVABLE.items():
        expected.setdefault(EASTER[year] + timedelta(days=days), set()).add(name)

    found = public_holidays("NO", year)

    assert {day: set(name.split(" / ")) for day, name in found.items()} == expected


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2026, 12, 27), date(2027, 7, 11)])
def test_an_ordinary_sunday_is_no_holiday(day: date) -> None:
    assert day.weekday() == 6
    assert day not in public_holidays("NO", day.year)


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    easter = easter_sunday(year)

    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)
