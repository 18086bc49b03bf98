"""Days of the calendar: which of them wins, and that each is a whole day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ivr.rules.decide.hours import Opening, opening
from ivr.rules.model import RuleSet
from ivr.why import ClosedForPeriod, ClosedOnDate, OpenByHours, OpenOnDate

OSLO = ZoneInfo("Europe/Oslo")
TEXT = """
version: 1
numbers: {anything else: {to: department day}}
hours:
  office: {mon-fri: 08:00-16:00}
  night:  {daily: 22:00-06:00}
holidays:
  public: Norway
  short_days: {12-24: until 11:00, 12-31: until 12:00}
  open:
    - {day: 12-24, hours: 08:00-12:00, departments: [day]}
    - {from: 2027-05-16, to: 2027-05-17, hours: [10:00-12:00, 23:00-01:00]}
    - {day: 2026-07-18, hours: 10:00-14:00}
  closed:
    - {from: 2026-07-13, to: 2026-07-31}
    - {day: easter-2}
departments:
  day:   {hours: office, national: queue main, closed: {say: closed, to: hangup}}
  night: {hours: night, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""
Asked = Callable[[str, str], Opening]


@pytest.fixture(scope="module")
def asked(rules_of: Callable[[str], RuleSet]) -> Asked:
    rules = rules_of(TEXT)

    def ask(department: str, moment: str) -> Opening:
        at = datetime.fromisoformat(moment).replace(tzinfo=OSLO)
        return opening(rules, rules.departments[department], at)

    return ask


@pytest.mark.parametrize(
    ("department", "moment", "expected"),
    [
        # An opening wins over a short day, also on a Sunday; for the department that it names.
        ("day", "2026-12-24 11:59", True),
        ("day", "2026-12-24 12:00", False),
        ("day", "2028-12-24 08:00", True),
        ("night", "2026-12-24 05:59", True),
        ("night", "2026-12-24 23:00", False),
        # Over holidays: 16 and 17 May 2027 are Whit Sunday and the national day.
        ("day", "2027-05-16 10:00", True),
        ("day", "2027-05-17 11:59", True),
        ("day", "2027-05-17 12:00", False),
        ("day", "2027-05-18 00:59", True),
        ("day", "2027-05-18 01:00", False),
        ("day", "2027-05-18 08:00", True),
        # It is a whole day: the night's own hours neither come into it nor go on after it.
        ("night", "2027-05-16 05:00", False),
        ("night", "2027-05-17 00:30", False),
        ("night", "2027-05-17 22:30", False),
        ("night", "2027-05-18 05:00", False),
        ("night", "2027-05-18 22:00", True),
        # An exception within a closed period.
        ("day", "2026-07-17 10:00", False),
        ("day", "2026-07-18 10:00", True),
        ("day", "2026-07-18 14:00", False),
        ("night", "2026-07-19 05:00", False),
        # A closed day of each year moves with Easter.
        ("night", "2027-03-26 23:00", False),
        ("night", "2027-03-25 23:00", False),  # a public holiday
        ("night", "2027-03-27 23:00", True),
    ],
)
def test_the_calendar_wins_over_hours(
    asked: Asked, department: str, moment: str, expected: bool
) -> None:
    assert asked(department, moment).is_open is expected


def test_the_reasons_say_which_day_and_where_it_stands(asked: Asked) -> None:
    inside, outside = asked("day", "2026-12-24 09:30"), asked("day", "2026-12-24 13:30")
    night = asked("night", "2027-05-18 00:30")
    closed = asked("day", "2027-03-26 09:00")

    assert inside.because == OpenOnDate("day", date(2026, 12, 24), time(8), time(12))
    assert outside.because == ClosedOnDate("day", date(2026, 12, 24), time(13, 30))
    assert inside.at.path == outside.at.path == "holidays.open.0"
    assert night.because == OpenOnDate("night", date(2027, 5, 17), time(23), time(1))
    assert closed.because == ClosedForPeriod("day", date(2027, 3, 26), date(2027, 3, 26))
    assert isinstance(asked("night", "2027-05-15 23:00").because, OpenByHours)
