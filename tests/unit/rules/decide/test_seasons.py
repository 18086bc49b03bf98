"""Hours of a season or a day of the month: the narrower words win, and each span belongs to its first day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.rules.decide.hours import opening
from ivr.rules.model import RuleSet
from ivr.why import ClosedByHours, OpenByHours

OSLO = ZoneInfo("Europe/Oslo")
HEAD = """
version: 1
numbers: {anything else: {to: department office}}
hours:
"""
TAIL = """
  also: {daily: 00:00-24:00}
departments:
  office: {hours: office, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""


@pytest.fixture
def is_open(rules_of: Callable[[str], RuleSet]) -> Callable[[str, str], bool]:
    def asked(hours: str, moment: str) -> bool:
        rules = rules_of(HEAD + "  office: " + hours + TAIL)
        at = datetime.fromisoformat(moment).replace(tzinfo=OSLO)
        return opening(rules, rules.departments["office"], at).is_open

    return asked


IsOpen = Callable[[str, str], bool]
SUMMER = "{mon-fri: 08:00-16:00, 06-01 to 08-31: 08:00-15:00}"
YULE = "{mon-fri: 08:00-16:00, 12-15 to 01-06: {mon-sat: 09:00-12:00}}"
MONTHLY = (
    "{mon-fri: 08:00-16:00, first mon: 10:00-16:00, last fri: closed, second sat: 10:00-12:00}"
)
NIGHT = "{daily: 22:00-06:00, 06-01 to 08-31: {daily: 20:00-04:00}, first mon: closed}"


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (SUMMER, "2027-05-31 15:59", True),
        (SUMMER, "2027-06-01 14:59", True),
        (SUMMER, "2027-06-01 15:00", False),
        (SUMMER, "2027-08-31 15:00", False),
        (SUMMER, "2027-09-01 15:00", True),
        (SUMMER, "2027-06-05 10:00", False),  # a Saturday is closed otherwise, and stays so
        (SUMMER, "2031-06-03 15:30", False),  # each year
        (YULE, "2026-12-14 08:30", True),
        (YULE, "2026-12-15 08:30", False),
        (YULE, "2026-12-19 09:00", True),
        (YULE, "2026-12-31 11:59", True),
        (YULE, "2027-01-01 09:00", True),
        (YULE, "2027-01-06 12:00", False),
        (YULE, "2027-01-07 12:00", True),
        (YULE, "2027-01-09 10:00", False),
        (MONTHLY, "2026-12-07 09:59", False),
        (MONTHLY, "2026-12-07 10:00", True),
        (MONTHLY, "2026-12-14 08:00", True),
        (MONTHLY, "2026-12-25 10:00", False),
        (MONTHLY, "2026-12-18 10:00", True),
        (MONTHLY, "2026-12-12 10:00", True),
        (MONTHLY, "2026-12-05 10:00", False),
        # What begins before midnight belongs to the day on which it begins.
        (NIGHT, "2027-06-01 05:00", True),
        (NIGHT, "2027-06-02 05:00", False),
        (NIGHT, "2027-09-01 03:59", True),
        (NIGHT, "2027-09-01 04:00", False),
        (NIGHT, "2026-12-07 05:00", True),  # the first Monday: what Sunday began goes on
        (NIGHT, "2026-12-07 22:00", False),
        (NIGHT, "2026-12-08 05:00", False),
    ],
)
def test_a_season_and_a_day_of_the_month_have_their_own_hours(
    is_open: IsOpen, hours: str, moment: str, expected: bool
) -> None:
    assert is_open(hours, moment) is expected


@pytest.mark.parametrize(
    ("first", "season"),
    [
        ("first mon: closed", "06-01 to 08-31: 09:00-15:00"),
        ("first mon: 12:00-14:00", "06-01 to 08-31: 09:00-15:00"),
    ],
)
def test_times_alone_change_the_days_that_are_open_otherwise(
    is_open: IsOpen, first: str, season: str
) -> None:
    hours = f"{{mon-fri: 08:00-16:00, {first}, {season}}}"
    is_closed = first.endswith("closed")

    assert is_open(hours, "2027-06-07 09:00") is not is_closed  # the first Monday of June
    assert is_open(hours, "2027-06-14 09:00")
    assert not is_open(hours, "2027-06-14 08:59")


def test_in_the_season_nothing_else_counts(is_open: IsOpen) -> None:
    hours = "{mon-fri: 08:00-16:00, sat: 10:00-14:00, first mon: closed, 06-01 to 08-31: {mon-fri: 08:00-15:00}}"

    assert is_open(hours, "2027-06-07 09:00")
    assert not is_open(hours, "2027-06-05 10:00")
    assert not is_open(hours, "2027-05-03 09:00")


def test_the_order_of_the_words_does_not_matter(is_open: IsOpen) -> None:
    words = [
        "mon-fri: 08:00-16:00",
        "first mon: closed",
        "06-01 to 08-31: {first mon: 10:00-11:00}",
    ]
    for turned in (words, words[::-1]):
        hours = f"{{{', '.join(turned)}}}"
        assert is_open(hours, "2027-06-07 10:00")
        assert not is_open(hours, "2027-05-03 10:00")


def test_the_reason_names_the_season_and_the_day_and_stands_at_their_line(
    rules_of: Callable[[str], RuleSet],
) -> None:
    hours = "\n    mon-fri: 08:00-16:00\n    06-01 to 08-31: {first mon: 10:00-16:00}\n"
    rules = rules_of(HEAD + "  office:" + hours + TAIL)
    department = rules.departments["office"]

    early = opening(rules, department, datetime(2027, 6, 7, 9, tzinfo=OSLO))
    late = opening(rules, department, datetime(2027, 6, 7, 11, tzinfo=OSLO))
    other = opening(rules, department, datetime(2027, 6, 8, 11, tzinfo=OSLO))

    assert isinstance(early.because, ClosedByHours)
    assert isinstance(late.because, OpenByHours)
    assert early.because.within == late.because.within == "06-01 to 08-31, first mon"
    assert early.at.path == "hours.office.06-01 to 08-31.first mon"
    assert isinstance(other.because, ClosedByHours)
    assert other.at.path == "hours.office.06-01 to 08-31"
    assert other.because.within == "06-01 to 08-31"
