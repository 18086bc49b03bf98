from __future__ import annotations

from datetime import date, time

import pytest

from ivr.rules.model import Span
from ivr.rules.values import times
from ivr.rules.values.days import YearDay
from ivr.rules.values.plain import ValueRefused


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("08:00-16:00", Span(time(8), time(16))),
        ("22:00-06:00", Span(time(22), time(6))),
        ("00:00-24:00", Span(time(0), time(0))),
        ("08:00-24:00", Span(time(8), time(0))),
        ("23:59-00:00", Span(time(23, 59), time(0))),
    ],
)
def test_a_span_may_cross_midnight(text: str, span: Span) -> None:
    assert times.span(text) == span


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("8:00-16:00", 'use "08:00-16:00"'),
        ("8-16", 'use "08:00-16:00"'),
        ("08.00-16.30", 'use "08:00-16:30"'),
        ("0800 – 1600", 'use "08:00-16:00"'),
        ("7-24", 'use "07:00-24:00"'),
        ("08:00-24:30", 'use "08:00-00:30"'),
        ("24:00-08:00", 'use "00:00-08:00"'),
        ("25:00-26:00", '25:00 is no time of day; use two such as "08:00-16:00"'),
        ("08:00-16:60", '16:60 is no time of day; use two such as "08:00-16:00"'),
        ("kl. 8 til 16", 'use "08:00-16:00"'),
        ("20:00 to 24", 'use "20:00-24:00"'),
        ("22:30", 'use "08:00-16:00"'),
        ("08:00-08:00", 'write "00:00-24:00" for the whole day'),
        ("08:00-11:30 og 12:00-16:00", "write it as a list: [08:00-11:30, 12:00-16:00]"),
        ("stengt", "leave out the days that are closed"),
        ("０８:00-16:00", 'use "08:00-16:00"'),
    ],
)
def test_other_spans_get_what_to_write(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        times.span(text)

    assert refused.value.hint == advice


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-24", YearDay(month=12, day=24)),
        ("02-29", YearDay(month=2, day=29)),
        ("easter-4", YearDay(easter=-4)),
        ("easter+39", YearDay(easter=39)),
    ],
)
def test_a_day_of_the_year_is_fixed_or_moves_with_easter(text: str, day: YearDay) -> None:
    assert times.year_day(text) == day


@pytest.mark.parametrize("text", ["24-12", "02-30", "12.24", "easter", "easter 4", "1224", ""])
def test_what_is_no_day_of_the_year_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        times.year_day(text)


def test_dates_and_ends_of_short_days() -> None:
    assert times.calendar_date("2028-02-29") == date(2028, 2, 29)
    assert times.until("until 12:00") == time(12)


@pytest.mark.parametrize("text", ["2027-02-29", "27-02-01", "2027-2-1", "20270201", "2027-W01-1"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        times.calendar_date(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("1.12.2026", "write it as 2026-12-01"),
        ("24. 12. 2026", "write it as 2026-12-24"),
        ("12/1/2026", "write it as 2026-07-13"),  # which is the month?
    ],
)
def test_a_date_written_the_norwegian_way_is_turned_round(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        times.calendar_date(text)

    assert refused.value.hint == advice


@pytest.mark.parametrize(
    "text", ["12:00", "until noon", "until 24:00", "until  12:00", "Until 12:00"]
)
def test_what_does_not_say_until_when_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        times.until(text)
