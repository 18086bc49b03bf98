"""How long commits take, as it is told."""

from __future__ import annotations

import pytest

from ivr.store.commit_times import LATEST, REMEMBERED, CommitTimes


def after(*seconds: float) -> CommitTimes:
    times = CommitTimes()
    times._seconds.extend(seconds)
    return times


def test_before_the_first_nothing_is_slow() -> None:
    assert (after().now_seconds, after().p99_seconds) == (0.0, 0.0)


def test_99_of_100_took_no_longer() -> None:
    assert after(*(n / 1000 for n in range(1, 101))).p99_seconds == pytest.approx(0.099)


def test_one_slow_commit_is_no_slow_disk_and_several_are() -> None:
    assert after(*[0.001] * 100, 1.0).now_seconds == pytest.approx(0.001)
    assert after(*[0.001] * 100, *[1.0] * LATEST).now_seconds == pytest.approx(1.0)


def test_a_commit_that_fails_does_not_count() -> None:
    times = CommitTimes()
    with pytest.raises(OSError, match="full"), times.one():
        raise OSError("full")
    assert times.p99_seconds == 0.0
    with times.one():
        pass
    assert times.p99_seconds > 0.0


def test_only_the_latest_are_remembered() -> None:
    assert after(5.0, *[0.001] * REMEMBERED).p99_seconds == pytest.approx(0.001)
