"""Waits in a crowd, played through for all at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.queues.agents import AgentState
from ivr.queues.crowd import Crowd
from ivr.queues.experience import LATEST_TALKS, Experience
from ivr.queues.offers import AgentOnDuty, WaitingCaller
from ivr.queues.rehearsal import AgentAtWork, Rehearsal, Workforce

QUEUES = ("a", "b", "c")
SERVED = [("a",), ("a", "b"), ("b", "c"), ("c",)]


def experience() -> Experience:
    found = Experience()
    for queue in QUEUES:
        for number in range(LATEST_TALKS):
            found.of(queue).talked(60.0 + 4.0 * number)
    return found


def agents(count: int) -> list[AgentAtWork]:
    return [
        AgentAtWork(
            AgentOnDuty(f"agent-{number:03}", SERVED[number % 4], AgentState.TALKING, 0.0),
            talk_of=SERVED[number % 4][0],
            talked_seconds=float(number % 90),
        )
        for number in range(count)
    ]


def callers(count: int) -> list[WaitingCaller]:
    return [
        WaitingCaller(f"call-{number:04}", QUEUES[number % 3], since=float(number))
        for number in range(count)
    ]


CROWD = callers(400)
WORKFORCE = Workforce((*agents(60),), experience(), {})
SEEN = Crowd(CROWD, WORKFORCE)


@settings(deadline=None, max_examples=20)
@given(st.integers(90, 399))
def test_it_says_what_a_rehearsal_for_one_of_them_says(number: int) -> None:
    caller = CROWD[number]

    alone = Rehearsal(caller, CROWD, WORKFORCE).estimate()
    found = SEEN.estimate(caller)

    assert alone is not None
    assert found is not None
    assert found.seconds == pytest.approx(alone.seconds, rel=0.25, abs=20.0)
    assert (found.ahead, found.agents) == (number, alone.agents)


def test_who_comes_later_waits_at_least_as_long_as_the_last() -> None:
    last, late = CROWD[-1], WaitingCaller("late", CROWD[-1].queue, since=1_000.0)
    before, after = SEEN.estimate(last), SEEN.estimate(late)

    assert before is not None
    assert after is not None
    assert after.seconds >= before.seconds
    assert after.ahead == len(CROWD)


def test_a_moment_later_the_wait_is_as_much_shorter_and_never_less_than_nothing() -> None:
    now, later = SEEN.estimate(CROWD[200]), SEEN.estimate(CROWD[200], 2.0)
    over = SEEN.estimate(CROWD[200], 100_000.0)

    assert now is not None
    assert later is not None
    assert over is not None
    assert later.seconds == pytest.approx(now.seconds - 2.0)
    assert over.seconds == 0.0


def test_who_goes_first_waits_less() -> None:
    hospital = WaitingCaller("hospital", "a", since=2_000.0, priority=1)
    first = [*CROWD, hospital]
    crowd = Crowd(first, WORKFORCE)

    early, late = crowd.estimate(hospital), crowd.estimate(CROWD[-1])

    assert early is not None
    assert late is not None
    assert early.ahead == 0
    assert early.seconds < late.seconds / 2


def test_where_nobody_is_there_nothing_is_known() -> None:
    nowhere = WaitingCaller("lost", "d", since=0.0)

    assert SEEN.helpful(nowhere) == 0
    assert SEEN.estimate(nowhere) is None


def test_of_who_is_like_nobody_in_the_crowd_nothing_is_known_though_somebody_is_there() -> None:
    other = WaitingCaller("other", "a", since=0.0, also_rung=("b",))

    assert SEEN.helpful(other) > 0
    assert SEEN.estimate(other) is None
