"""Who is let in when too many come: never more than the limits say, and everybody again as soon as it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ivr.server.admission import A_SECOND, AT_ONCE, Admission, Flood
from ivr.server.room import NO_ROOM, Room


class HandClock:
    """A clock and a stopwatch that stand until they are put on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 26, 10, tzinfo=UTC)
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.at

    def tick(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


def admission(clock: HandClock, *, at_once: int | None = None, per_second: float) -> Admission:
    return Admission(at_once, per_second, clock, clock.tick)


@given(
    st.lists(st.floats(0, 3), min_size=1, max_size=200),
    st.floats(0.1, 50),
)
def test_never_more_than_a_seconds_worth_above_the_rate(pauses: list[float], rate: float) -> None:
    clock = HandClock()
    limits = admission(clock, per_second=rate)
    let_in: list[float] = []
    for pause in pauses:
        clock.passes(pause)
        if limits.refusal(0) is None:
            let_in.append(clock.seconds)

    for first, since in enumerate(let_in):
        for last, until in enumerate(let_in[first:], start=1):
            assert last <= max(1.0, rate) + (until - since) * rate + 1e-6


@given(st.integers(1, 60), st.integers(1, 500))
def test_after_a_flood_a_whole_seconds_worth_is_let_in_a_second_later(
    rate: int, flood: int
) -> None:
    clock = HandClock()
    limits = admission(clock, per_second=rate)
    for _ in range(flood):
        limits.refusal(0)
    clock.passes(1.0)

    assert [limits.refusal(0) for _ in range(rate)] == [None] * rate
    assert limits.refusal(0) == A_SECOND


def test_a_rate_below_one_still_lets_somebody_in() -> None:
    clock = HandClock()
    limits = admission(clock, per_second=0.2)

    assert limits.refusal(0) is None
    assert limits.refusal(0) == A_SECOND
    clock.passes(5.0)
    assert limits.refusal(0) is None


@given(st.integers(1, 100), st.integers(0, 200))
def test_no_more_at_once_than_are_allowed(most: int, calls: int) -> None:
    refused = admission(HandClock(), at_once=most, per_second=50).refusal(calls)

    assert refused == (AT_ONCE if calls >= most else None)


def test_who_is_refused_takes_nothing_from_who_comes_next() -> None:
    clock = HandClock()
    limits = admission(clock, at_once=1, per_second=1)

    assert limits.refusal(1) == AT_ONCE
    assert limits.refusal(0) is None


@pytest.mark.parametrize(
    ("at_once", "per_second", "told"),
    [(1, 50.0, "`calls.at_once`"), (None, 1.0, "`calls.per_second`")],
)
def test_it_is_told_with_the_setting_that_decides(
    at_once: int | None, per_second: float, told: str
) -> None:
    clock = HandClock()
    limits = admission(clock, at_once=at_once, per_second=per_second)
    assert limits.problem() is None
    for _ in range(3):
        limits.refusal(1)

    said = limits.problem() or ""
    assert told in said
    assert f"{limits.turned_away} were turned away" in said
    clock.passes(601)
    assert limits.problem() is None


def test_a_flood_is_two_lines_of_log() -> None:
    clock = HandClock()
    room = Room(4, lambda: 3, clock, admission(clock, per_second=5))
    room._flood = Flood(clock.tick)

    with capture_logs() as logs:
        refused = [room.refusal(0) for _ in range(300)]
        clock.passes(20)
        assert room.refusal(0) is None

    assert refused[:5] == [None] * 5
    assert set(refused[5:]) == {A_SECOND}
    assert [(line["event"], line.get("turned_away")) for line in logs] == [
        ("calls are turned away", None),
        ("calls are let in again", 295),
    ]


def test_what_the_settings_let_in_may_still_have_no_room() -> None:
    clock = HandClock()
    room = Room(4, lambda: 3, clock, admission(clock, at_once=100, per_second=50))

    assert room.calls == 1
    assert room.refusal(1) == NO_ROOM
    assert [told.split(":")[0] for told in room.problems(1)] == ["no more calls fit"]
