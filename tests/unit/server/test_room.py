"""How many calls fit, and how long it is told that they did not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.rules.load import load_rules
from ivr.server.room import Room, calls_that_fit, legs_between, legs_that_answer
from tests.clocks import HandClock


@pytest.mark.parametrize(
    ("first", "last", "legs"),
    [(10000, 10999, 500), (32490, 32493, 2), (10001, 10004, 1), (9, 9, 0)],
)
def test_a_leg_has_an_even_port_and_the_one_above(first: int, last: int, legs: int) -> None:
    assert legs_between(first, last) == legs


@given(st.integers(0, 5000), st.integers(0, 500))
def test_every_caller_may_be_given_an_agent_and_one_more_can_be_turned_away(
    legs: int, agents: int
) -> None:
    calls = calls_that_fit(legs, agents)

    assert calls >= 1
    if legs >= 3:
        assert calls + min(calls, agents) < legs


@given(st.integers(3, 5000), st.integers(0, 500))
def test_no_leg_is_held_back_that_nobody_needs(legs: int, agents: int) -> None:
    more = calls_that_fit(legs, agents) + 1

    assert more + min(more, agents) > legs - 12


def test_it_is_told_while_it_is_so_and_for_a_while_after() -> None:
    clock = HandClock()
    room = Room(4, lambda: 3, clock)

    assert room.calls == 1
    assert room.problem(0) is None
    assert "no more calls fit: the ports for speech are enough for 1" in str(room.problem(1))
    room.turn_away()
    assert "1 call was turned away" in str(room.problem(0))
    clock.at += timedelta(minutes=11)
    assert room.problem(0) is None


def test_where_asterisk_is_elsewhere_every_call_fits() -> None:
    room = Room(None, lambda: 3, HandClock())

    assert room.has_place(10_000)
    assert room.problem(10_000) is None


@pytest.mark.parametrize(("phone", "legs"), [("vakt", 1), ("+47 90 00 00 01", 11)])
def test_numbers_outside_need_a_leg_for_each_line_out(phone: str, legs: int) -> None:
    text = f"""
version: 1
numbers: {{anything else: {{to: phone vakt}}}}
phones: {{vakt: {{phone: {phone}, no_answer: hangup}}}}
agents: {{kari: {{phone: kari}}}}
"""
    rules, _ = load_rules(text.encode(), "rules.yaml")

    assert legs_that_answer(rules, lines_out=10) == legs
