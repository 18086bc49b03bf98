from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.rules.decide.hours import opening
from ivr.rules.model import RuleSet
from ivr.rules.values.days import public_holidays
from ivr.why import (
    ClosedByHours,
    ClosedForHoliday,
    ClosedForPeriod,
    ClosedOnShortDay,
    OpenByHours,
    OpenOnShortDay,
)

OSLO = ZoneInfo("Europe/Oslo")

TEXT = """
version: 1
numbers:
  anything else: {to: department day}
hours:
  office: {mon-fri: 08:00-16:00, sat: [10:00-12:00, 13:00-14:00]}
  night:  {daily: 22:00-06:00}
  always: {daily: 00:00-24:00}
  sunday: {sun: 22:00-24:00}
holidays:
  public: Norway
  short_days: {10-01: until 12:00,
    12-24: until 12:00,
    12-31: until 12:00,
    easter-4: until 12:00}
  closed:
    - {from: 2026-07-13, to: 2026-07-31, departments: [day], say: closed.summer}
    - {from: 2026-08-10, to: 2026-08-10}
departments:
  day:    {hours: office, national: queue main, closed: {say: closed, to: hangup}}
  night:  {hours: night, national: queue main, closed: {say: closed, to: hangup}}
  always: {hours: always, national: queue main, closed: {say: closed, to: hangup}}
  sunday: {hours: sunday, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""


@pytest.fixture(scope="module")
def rules(rules_of: Callable[[str], RuleSet]) -> RuleSet:
    return rules_of(TEXT)


def is_open(rules: RuleSet, department: str, moment: str) -> bool:
    at = datetime.fromisoformat(moment).replace(tzinfo=OSLO)
    return opening(rules, rules.departments[department], at).is_open


@pytest.mark.parametrize(
    ("department", "moment", "expected"),
    [
        ("day", "2026-11-23 07:59:59", False),
        ("day", "2026-11-23 08:00", True),
        ("day", "2026-11-23 15:59:59.999999", True),
        ("day", "2026-11-23 16:00", False),
        ("day", "2026-11-22 12:00", False),
        ("day", "2026-11-21 11:59", True),
        ("day", "2026-11-21 12:00", False),
        ("day", "2026-11-21 13:00", True),
        ("night", "2026-11-23 21:59", False),
        ("night", "2026-11-23 22:00", True),
        ("night", "2026-11-23 23:59:59", True),
        ("night", "2026-11-24 00:00", True),
        ("night", "2026-11-24 05:59", True),
        ("night", "2026-11-24 06:00", False),
        ("always", "2026-11-23 00:00", True),
        ("always", "2026-11-23 23:59:59", True),
        ("sunday", "2026-11-22 23:59:59", True),
        ("sunday", "2026-11-23 00:00", False),
    ],
)
def test_a_range_holds_its_start_and_not_its_end(
    rules: RuleSet, department: str, moment: str, expected: bool
) -> None:
    assert is_open(rules, department, moment) is expected


@pytest.mark.fault("F-74")
@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_every_public_holiday_is_closed_from_midnight_to_midnight(
    rules: RuleSet, year: int
) -> None:
    for day, name in public_holidays("NO", year).items():
        midnight = datetime(day.year, day.month, day.day, tzinfo=OSLO)
        for moment in (midnight, midnight.replace(hour=12), midnight.replace(hour=23, minute=59)):
            told = opening(rules, rules.departments["always"], moment)

            assert not told.is_open
            assert told.because == ClosedForHoliday("always", name, day)


def test_the_minute_before_and_after_a_holiday_is_open(rules: RuleSet) -> None:
    assert is_open(rules, "always", "2027-04-30 23:59:59")
    assert not is_open(rules, "always", "2027-05-01 00:00")
    assert is_open(rules, "always", "2027-05-02 00:00")


@pytest.mark.parametrize(
    ("day", "goes_on"),
    [
        ("2026-04-30", False),  # 1 May is a holiday
        ("2026-05-01", False),
        ("2026-05-02", True),
        ("2026-08-10", False),  # closed
        ("2026-08-11", True),
        ("2025-12-31", False),  # a short day, and then a holiday
        ("2026-10-01", False),  # a short day
    ],
)
def test_a_night_shift_goes_on_in_the_morning_where_it_was_on_at_midnight(
    rules: RuleSet, day: str, *, goes_on: bool
) -> None:
    morning = datetime.fromisoformat(day) + timedelta(days=1, hours=3)

    assert is_open(rules, "night", f"{morning}") is goes_on


@pytest.mark.parametrize("hour", [0, 1, 3, 5])
def test_no_shift_begins_at_midnight_on_any_day_of_ten_years(rules: RuleSet, hour: int) -> None:
    """Not after a holiday, a closed day or a short one either: who was not there at midnight does not come."""
    night = rules.departments["night"]
    for number in range(3653):
        morning = datetime(2024, 1, 1, hour, tzinfo=OSLO) + timedelta(days=number)

        now = opening(rules, night, morning)
        before = opening(rules, night, morning - timedelta(hours=hour, minutes=1))

        # It ends at midnight where a closed day begins, and goes on else.
        ends = isinstance(now.because, ClosedForHoliday | ClosedForPeriod)
        assert now.is_open == (before.is_open and not ends), morning


def test_why_a_shift_does_not_go_on_is_the_day_that_closed_it(rules: RuleSet) -> None:
    def because(day: int, month: int) -> object:
        return opening(
            rules, rules.departments["night"], datetime(2026, month, day, 3, tzinfo=OSLO)
        ).because

    holiday = public_holidays("NO", 2026)[date(2026, 5, 1)]
    assert because(2, 5) == ClosedForHoliday("night", holiday, date(2026, 5, 1))
    assert because(11, 8) == ClosedForPeriod("night", date(2026, 8, 10), date(2026, 8, 10))
    assert because(2, 10) == ClosedOnShortDay("night", date(2026, 10, 1), time(12))


def test_a_night_shift_ends_when_a_holiday_begins(rules: RuleSet) -> None:
    assert is_open(rules, "night", "2026-04-30 23:59")
    assert not is_open(rules, "night", "2026-05-01 00:30")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-12-24 11:59:59", True),
        ("2026-12-24 12:00", False),
        ("2026-12-31 11:59", True),
        ("2026-12-31 12:00", False),
        ("2025-04-16 11:59", True),
        ("2025-04-16 12:00", False),
        ("2026-04-01 12:00", False),
        ("2027-03-24 11:59", True),
        ("2027-03-24 12:00", False),
        ("2028-04-12 11:59", True),
        ("2028-04-12 12:00", False),
        ("2026-12-23 12:00", True),
        ("2026-12-24 07:00", False),
        ("2028-12-24 09:00", False),
    ],
)
def test_a_short_day_ends_early_and_opens_nothing(
    rules: RuleSet, moment: str, expected: bool
) -> None:
    assert is_open(rules, "day", moment) is expected


@pytest.mark.parametrize(
    ("department", "moment", "expected"),
    [
        ("day", "2026-07-10 09:00", True),
        ("day", "2026-07-13 09:00", False),
        ("day", "2026-07-31 09:00", False),
        ("day", "2026-08-03 09:00", True),
        ("always", "2026-07-13 09:00", True),
        ("always", "2026-08-10 09:00", False),
        ("day", "2026-08-10 09:00", False),
    ],
)
def test_a_closed_period_holds_both_its_days_for_those_it_names(
    rules: RuleSet, department: str, moment: str, expected: bool
) -> None:
    assert is_open(rules, department, moment) is expected


def test_a_closed_period_brings_its_own_prompt(rules: RuleSet) -> None:
    at = datetime(2026, 7, 14, 9, tzinfo=OSLO)

    told = opening(rules, rules.departments["day"], at)

    assert told.say == "closed.summer"
    assert told.because == ClosedForPeriod("day", date(2026, 7, 13), date(2026, 7, 31))
    assert told.at.line == 17


def test_the_reason_is_a_place_and_a_kind(rules: RuleSet) -> None:
    monday = opening(rules, rules.departments["day"], datetime(2026, 11, 23, 9, tzinfo=OSLO))
    sunday = opening(rules, rules.departments["day"], datetime(2026, 11, 22, 9, tzinfo=OSLO))
    short = opening(rules, rules.departments["day"], datetime(2026, 12, 24, 9, tzinfo=OSLO))

    assert monday.because == OpenByHours("day", "office", 0, time(8), time(16))
    assert monday.at.path == "hours.office"
    assert sunday.because == ClosedByHours("day", "office", 6, time(9))
    assert short.because == OpenOnShortDay("day", date(2026, 12, 24), time(12))
    assert short.at.path == "holidays.short_days.12-24"


def test_any_zone_means_the_same_moment(rules: RuleSet) -> None:
    department = rules.departments["day"]

    assert opening(rules, department, datetime(2026, 7, 1, 6, tzinfo=UTC)).is_open
    assert not opening(rules, department, datetime(2026, 7, 1, 5, 59, tzinfo=UTC)).is_open
    assert opening(rules, department, datetime(2026, 1, 7, 7, tzinfo=UTC)).is_open
    assert not opening(rules, department, datetime(2026, 1, 7, 6, 59, tzinfo=UTC)).is_open


def minutes_open(rules: RuleSet, department: str, start: datetime, hours: int) -> int:
    moments = (start + timedelta(minutes=n) for n in range(hours * 60))
    return sum(opening(rules, rules.departments[department], at).is_open for at in moments)


@pytest.mark.fault("F-74")
def test_the_night_in_march_when_the_clock_goes_forward_is_an_hour_shorter(
    rules: RuleSet,
) -> None:
    # 29 March 2026: 02:00 becomes 03:00. From 22:00 to 06:00 are seven hours.
    evening = datetime(2026, 3, 28, 19, tzinfo=UTC)

    assert minutes_open(rules, "night", evening, 14) == 7 * 60


@pytest.mark.fault("F-74")
def test_the_night_in_october_when_the_clock_goes_back_is_an_hour_longer(rules: RuleSet) -> None:
    # 25 October 2026: 03:00 becomes 02:00. From 22:00 to 06:00 are nine hours.
    evening = datetime(2026, 10, 24, 18, tzinfo=UTC)

    assert minutes_open(rules, "night", evening, 14) == 9 * 60


def test_the_office_opens_by_the_clock_on_the_wall_after_both_changes(rules: RuleSet) -> None:
    for monday in ("2026-03-30", "2026-10-26"):
        assert not is_open(rules, "day", f"{monday} 07:59")
        assert is_open(rules, "day", f"{monday} 08:00")
