"""What an earlier server knew of an agent, and what holds of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ivr.desk.earlier import duty_as_before, seconds_left
from ivr.queues.agents import AgentState, Duty
from ivr.records.agents import AgentChange
from ivr.rules.model import DutyRules

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def earlier(reason: str | None, until_seconds: float | None) -> AgentChange:
    until = None if until_seconds is None else NOW + timedelta(seconds=until_seconds)
    return AgentChange(
        agent="kari",
        seq=1,
        at=NOW,
        kind="missed",
        before="offered",
        state="paused",
        signed_in=True,
        reason=reason,
        until=until,
    )


@pytest.mark.parametrize(
    ("reason", "until_seconds", "missed", "holds"),
    [
        ("lunch", None, None, ("lunch", False)),
        ("silent", None, None, ("silent", False)),
        ("missed", None, 2, ("missed", False)),
        ("missed", None, None, (None, False)),  # written before it was kept until when
        ("missed", 5, 2, ("missed", False)),
        ("missed", -5, 2, (None, False)),
        (None, 5, None, (None, True)),
        ("lunch", 5, None, ("lunch", True)),
        (None, -5, None, (None, False)),
    ],
)
def test_a_pause_and_a_wrap_up_hold_until_their_time(
    reason: str | None,
    until_seconds: float | None,
    missed: int | None,
    holds: tuple[str | None, bool],
) -> None:
    before = earlier(reason, until_seconds)

    duty = duty_as_before(Duty(), before, seconds_left(before, NOW), DutyRules(missed=missed))

    assert duty.is_signed_in
    assert (duty.reason, duty.state is AgentState.WRAPPING_UP) == holds


def test_a_wrap_up_lasts_no_longer_than_it_was_to_where_the_clock_was_set_back() -> None:
    assert seconds_left(earlier(None, 30), NOW - timedelta(hours=1)) == 30
    assert seconds_left(earlier(None, 30), NOW + timedelta(seconds=10)) == 20
    assert seconds_left(earlier(None, 30), NOW + timedelta(hours=1)) == 0
