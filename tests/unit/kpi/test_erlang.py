"""100 calls in half an hour, each taking 180 s: 10 erlang."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kpi.erlang import (
    answered_within,
    blocking,
    impatient,
    mean_wait,
    people_needed,
    waiting,
)

LOAD, HANDLING, WITHIN = 10.0, 180.0, 20.0


@pytest.mark.parametrize(
    ("people", "waits", "level", "wait"), [(13, 0.2853, 0.7956, 17.12), (14, 0.1741, 0.8884, 7.84)]
)
def test_erlang_c_has_the_published_figures(
    people: int, waits: float, level: float, wait: float
) -> None:
    assert waiting(people, LOAD) == pytest.approx(waits, abs=0.00005)
    assert answered_within(people, LOAD, HANDLING, WITHIN) == pytest.approx(level, abs=0.00005)
    assert mean_wait(people, LOAD, HANDLING) == pytest.approx(wait, abs=0.005)


@pytest.mark.parametrize(
    ("people", "waits", "gives_up", "wait"),
    [(10, 0.4656, 0.1460, 13.14), (12, 0.2632, 0.0676, 6.09)],
)
def test_erlang_a_has_the_published_figures(
    people: int, waits: float, gives_up: float, wait: float
) -> None:
    found = impatient(people, LOAD, HANDLING, 90.0)

    assert found.waiting == pytest.approx(waits, abs=0.00005)
    assert found.giving_up == pytest.approx(gives_up, abs=0.00005)
    assert found.wait_seconds == pytest.approx(wait, abs=0.005)


def test_patience_without_end_is_erlang_c() -> None:
    found = impatient(13, LOAD, HANDLING, 1e7)

    assert found.waiting == pytest.approx(waiting(13, LOAD), abs=0.001)
    assert found.wait_seconds == pytest.approx(mean_wait(13, LOAD, HANDLING), rel=0.01)


def test_fewest_people_are_needed_and_one_less_is_too_few() -> None:
    assert people_needed(LOAD, HANDLING, 0.80, WITHIN) == 14
    assert people_needed(LOAD, HANDLING, 0.79, WITHIN) == 13
    assert people_needed(0.0, HANDLING, 0.80, WITHIN) == 0


@pytest.mark.parametrize(("load", "share"), [(10.0, 1.0), (1e6, 0.8)])
def test_what_nobody_can_reach_is_refused(load: float, share: float) -> None:
    with pytest.raises(ValueError, match=r"never sure|more than"):
        people_needed(load, HANDLING, share, WITHIN)


@given(st.integers(1, 200), st.floats(0.01, 150.0))
def test_more_people_never_make_it_worse(people: int, load: float) -> None:
    assert 0.0 <= blocking(people + 1, load) <= blocking(people, load) <= 1.0
    assert waiting(people + 1, load) <= waiting(people, load) + 1e-12
    assert math.isinf(mean_wait(people, load, HANDLING)) == (load >= people)


@given(st.integers(1, 100), st.floats(0.1, 150.0), st.floats(5.0, 600.0))
def test_those_who_are_served_and_those_who_give_up_are_all(
    people: int, load: float, patience: float
) -> None:
    found = impatient(people, load, HANDLING, patience)

    assert 0.0 <= found.giving_up <= found.waiting <= 1.0
    assert load * (1 - found.giving_up) <= people + 1e-9
