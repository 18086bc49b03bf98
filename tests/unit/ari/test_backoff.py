"""Waits between tries."""

from __future__ import annotations

from itertools import pairwise

from ivr.ari.backoff import Backoff


def test_waits_begin_small_grow_and_stay_under_the_longest() -> None:
    waits = Backoff(first_seconds=0.1, longest_seconds=5.0)

    seconds = [waits.next_seconds() for _ in range(100)]

    assert seconds[0] <= 0.12
    assert all(later > earlier for earlier, later in pairwise(seconds[0:20:4]) if earlier < 3)
    assert max(seconds) <= 5.0
    assert min(seconds[30:]) >= 4.0


def test_in_the_first_two_seconds_no_wait_is_longer_than_three_quarters() -> None:
    waits = Backoff(first_seconds=0.1, longest_seconds=5.0)
    passed = 0.0
    while passed < 2.0:
        wait = waits.next_seconds()
        assert wait <= 0.75
        passed += wait


def test_after_a_reset_waits_begin_small_again() -> None:
    waits = Backoff(first_seconds=0.1, longest_seconds=5.0)
    for _ in range(20):
        waits.next_seconds()
    waits.reset()

    assert waits.next_seconds() <= 0.12
