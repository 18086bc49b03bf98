"""What is due every so many seconds of a wait."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.queues.rhythm import Rhythm


def test_the_first_time_comes_when_it_has_been_waited_for() -> None:
    rhythm = Rhythm(45, waited_seconds=0)

    assert rhythm.due_in(0) == 45
    assert rhythm.due_in(44) == 1
    assert rhythm.due_in(50) == 0
    assert rhythm.take(50) == 0
    assert rhythm.due_in(50) == 40


def test_a_turn_that_is_taken_before_its_time_does_not_come_again() -> None:
    rhythm = Rhythm(60, waited_seconds=0)

    assert rhythm.take(52) == 0
    assert rhythm.due_in(60) == 60


def test_in_the_middle_of_a_wait_the_turns_go_on() -> None:
    rhythm = Rhythm(60, waited_seconds=130)

    assert rhythm.due_in(130) == 50
    assert rhythm.take(180) == 2


def test_turns_that_it_was_too_late_for_are_left_out() -> None:
    rhythm = Rhythm(60, waited_seconds=0)

    assert rhythm.take(200) == 2
    assert rhythm.due_in(200) == 40


@given(
    st.floats(20, 3600), st.floats(0, 4000), st.lists(st.floats(0, 500), min_size=1, max_size=30)
)
def test_no_turn_comes_twice_and_the_next_is_never_further_than_two_periods(
    every: float, begins: float, steps: list[float]
) -> None:
    rhythm, waited, before = Rhythm(every, begins), begins, -1
    for step in steps:
        waited += step
        left = rhythm.due_in(waited)
        assert 0 <= left <= every + 10
        if left <= 10:
            turn = rhythm.take(waited)
            assert turn > before
            before = turn
