from __future__ import annotations

from datetime import date, timedelta

import pytest

from ivr.rules.values import recurring
from ivr.rules.values.days import MonthlyDay, Season
from ivr.rules.values.plain import ValueRefused


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat-sun", (5, 6)),
        ("fri-mon", (4, 5, 6, 0)),
        ("sun-sat", (6, 0, 1, 2, 3, 4, 5)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_days_are_weekdays_from_monday(text: str, weekdays: tuple[int, ...]) -> None:
    assert recurring.days(text) == weekdays


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("mandag", "write mon"),
        ("man-fre", "write mon-fri"),
        ("Monday-Friday", "write mon-fri"),
        ("lør", "write sat"),
        ("Mon", "write mon"),
        ("weekdays", "write mon-fri, sat or daily"),
        ("mon-", "write mon-fri, sat or daily"),
        ("", "write mon-fri, sat or daily"),
    ],
)
def test_other_days_get_the_right_word(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        recurring.days(text)

    assert refused.value.hint == advice


@pytest.mark.parametrize(
    ("text", "day"),
    [("first mon", (1, 0)), ("second tue", (2, 1)), ("fourth sun", (4, 6)), ("last fri", (-1, 4))],
)
def test_a_day_of_the_month_is_told_by_its_place_among_its_weekdays(
    text: str, day: tuple[int, int]
) -> None:
    assert recurring.days(text) == MonthlyDay(*day)
    assert str(MonthlyDay(*day)) == text


@pytest.mark.parametrize(
    ("text", "season"),
    [("06-01 to 08-31", ((6, 1), (8, 31))), ("12-15 to 01-06", ((12, 15), (1, 6)))],
)
def test_a_season_goes_from_a_day_of_the_year_to_another(
    text: str, season: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    assert recurring.days(text) == Season(*season)
    assert str(Season(*season)) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("first Monday", "first mon"),
        ("1st mon", "first mon"),
        ("første mandag", "first mon"),
        ("mon first", "first mon"),
        ("siste fredag i", "last fri"),
        ("2. tirsdag", "second tue"),
        ("fifth wed", "last wed"),
        ("mon - fri", "mon-fri"),
        ("06-01 - 08-31", "06-01 to 08-31"),
        ("06-01-08-31", "06-01 to 08-31"),
        ("06-01 til 08-31", "06-01 to 08-31"),
        ("1.6. - 31.8.", "06-01 to 08-31"),
        ("1 June to 31 August", "06-01 to 08-31"),
        ("1. juni – 31. august", "06-01 to 08-31"),
        ("15 des til 6 jan", "12-15 to 01-06"),
        ("2027-06-01 to 2027-08-31", "06-01 to 08-31"),
    ],
)
def test_what_was_meant_is_named_and_is_right(text: str, meant: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        recurring.days(text)

    assert str(refused.value.hint).split(";")[0] == f"write {meant}"
    recurring.days(meant)


@pytest.mark.parametrize("text", ["12-24", "2026-12-24", "easter-4"])
def test_a_day_of_its_own_belongs_to_the_holidays(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        recurring.days(text)

    assert "below `holidays`" in str(refused.value.hint)


@pytest.mark.parametrize("text", ["06-31 to 08-31", "06-01 to 31-08", "00-01 to 01-06"])
def test_a_season_begins_and_ends_on_days_that_exist(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        recurring.days(text)

    assert str(refused.value.hint).startswith("write month, then day: ")


def test_no_season_stands_within_a_season() -> None:
    with pytest.raises(ValueRefused):
        recurring.days_in_season("06-01 to 08-31")


def test_in_each_month_each_of_them_falls_on_one_day() -> None:
    """The naive way: list a month's Mondays, and take the one that is named."""
    for month in range(48):
        year, number = 2024 + month // 12, month % 12 + 1
        days = [date(year, number, 1) + timedelta(days=n) for n in range(31)]
        days = [day for day in days if day.month == number]
        for weekday in range(7):
            named = [day for day in days if day.weekday() == weekday]
            for nth in (1, 2, 3, 4, -1):
                expected = [named[nth - 1] if nth > 0 else named[-1]]
                assert [day for day in days if MonthlyDay(nth, weekday).falls_on(day)] == expected


def test_a_season_across_new_year_is_the_rest_of_the_other() -> None:
    for n in range(4 * 366):
        day = date(2024, 1, 1) + timedelta(days=n)
        inside = Season((3, 1), (11, 30)).falls_on(day)
        assert Season((12, 1), (2, 29)).falls_on(day) is not inside
