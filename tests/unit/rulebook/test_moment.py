from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import ChangeRefused
from ivr.rulebook.moment import moment_ahead

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Oslo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:00", "2026-11-23T13:00:00+00:00"),
        ("9:01", "2026-11-23T08:01:00+00:00"),
        ("2026-11-24 06:00", "2026-11-24T05:00:00+00:00"),
        ("2026-11-24T06:00:00Z", "2026-11-24T06:00:00+00:00"),
        ("2027-07-01", "2027-06-30T22:00:00+00:00"),
    ],
)
def test_a_time_is_local_to_the_rules_unless_it_says_otherwise(text: str, expected: str) -> None:
    assert moment_ahead("--until", text, OSLO, NOW).isoformat() == expected


def test_a_clock_means_today_there_though_it_is_another_day_in_utc() -> None:
    just_after_midnight = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 00:30 on the 24th in Oslo

    at = moment_ahead("--until", "06:00", OSLO, just_after_midnight)

    assert at.isoformat() == "2026-11-24T05:00:00+00:00"


def test_a_time_that_is_over_is_answered_with_tomorrows() -> None:
    with pytest.raises(
        ChangeRefused, match=r"is over; write a time ahead, such as '2026-11-24 08:00'"
    ):
        moment_ahead("--until", "08:00", OSLO, NOW)


@pytest.mark.parametrize("text", ["", "25:00", "later", "14", "2026-02-30"])
def test_what_is_no_time_is_refused_with_the_form_to_write(text: str) -> None:
    with pytest.raises(ChangeRefused, match="write 14:00 for today"):
        moment_ahead("--until", text, OSLO, NOW)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kl 16", "write 16:00 for today, or '2026-11-23 16:00'"),
        ("24.12.2026 kl. 12", "or '2026-12-24 12:00'"),
    ],
)
def test_a_time_as_people_say_it_is_answered_with_that_time(text: str, told: str) -> None:
    with pytest.raises(ChangeRefused, match=told):
        moment_ahead("--until", text, OSLO, NOW)


def test_what_is_years_ahead_is_a_slip() -> None:
    with pytest.raises(ChangeRefused, match="more than a year ahead"):
        moment_ahead("--until", "2206-11-23 14:00", OSLO, NOW)
