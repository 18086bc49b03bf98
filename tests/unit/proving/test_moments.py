"""Calls that are alike are walked once; that must never change what comes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome, Simulator, TrialCall
from ivr.proving.rule_tests import PlayedCall
from ivr.proving.simulate import simulate
from ivr.rules.model import RuleSet
from tests.unit.proving.conftest import WHOLE_LANGUAGE, load

OSLO = ZoneInfo("Europe/Oslo")
SET = load(WHOLE_LANGUAGE)
SIMULATOR = Simulator(SET)

CALLERS = [f"+4790000{number:03}" for number in range(20)]
MINUTES = st.integers(0, 2 * 366 * 24 * 60)
EDGES = st.sampled_from(
    [
        datetime(2027, 3, 24, 12, 0, tzinfo=OSLO),
        datetime(2026, 12, 1, 8, 0, tzinfo=OSLO),
        datetime(2026, 12, 20, 0, 0, tzinfo=OSLO),
        datetime(2027, 2, 8, 9, 0, tzinfo=OSLO),
        datetime(2027, 2, 1, 0, 0, tzinfo=OSLO),
        datetime(2027, 7, 12, 8, 0, tzinfo=OSLO),
        datetime(2027, 7, 31, 0, 0, tzinfo=OSLO),
        datetime(2026, 10, 25, 2, 0, tzinfo=OSLO),
    ]
)
NEAR_AN_EDGE = st.builds(
    lambda edge, seconds: edge + timedelta(seconds=seconds), EDGES, st.integers(-2, 2)
)
ANY_TIME = st.builds(
    lambda minutes: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes), MINUTES
)


@given(
    at=st.one_of(ANY_TIME, NEAR_AN_EDGE),
    press=st.sampled_from(["", "1", "2", "31", "D1", "15003", "10000", "123456"]),
    to=st.sampled_from(["+4755301000", "+4721000000", "+4799999999"]),
    caller=st.sampled_from([None, "+4755970000", "+4722000001", *CALLERS]),
)
def test_an_outcome_that_is_remembered_is_the_one_that_a_walk_has(
    at: datetime, press: str, to: str, caller: str | None
) -> None:
    call = PlayedCall(PhoneNumber(to), at, PhoneNumber(caller) if caller else None, press)

    remembered = SIMULATOR.outcome(TrialCall(call))

    walked = simulate(SET, call)
    assert remembered == Outcome.of(SET, walked)


def test_calls_that_are_alike_are_walked_once(rules: RuleSet) -> None:
    simulator = Simulator(rules)
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=OSLO)

    for minutes in range(60):
        for caller in range(10):
            number = PhoneNumber(f"+479000000{caller}")
            call = PlayedCall(
                PhoneNumber("+4755301000"), monday + timedelta(minutes=minutes), number, "1"
            )
            simulator.outcome(TrialCall(call))

    assert simulator.walked == 1


def test_who_waits_is_not_alike_to_one_who_came_a_minute_later(rules: RuleSet) -> None:
    simulator = Simulator(rules)
    for minute in range(3):
        at = datetime(2026, 11, 23, 9, minute, tzinfo=OSLO)
        call = PlayedCall(PhoneNumber("+4755301000"), at, press="1", waits_seconds=100.0)
        simulator.outcome(TrialCall(call))

    assert simulator.walked == 3
