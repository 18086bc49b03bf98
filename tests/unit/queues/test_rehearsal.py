"""Waits that are played through before they happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.queues.agents import AgentState
from ivr.queues.experience import LATEST_TALKS, Experience
from ivr.queues.offers import AgentOnDuty, WaitingCaller
from ivr.queues.rehearsal import FEWEST_TIMES, MOST_TIMES, AgentAtWork, Rehearsal, Workforce

ME = WaitingCaller("me", "a", since=100.0)


def alike(*queues: str, talk_seconds: float = 100.0, ring_seconds: float = 5.0) -> Experience:
    """All talks of late were as long, but for the few that stand for what is not known."""
    experience = Experience()
    for queue in queues:
        for _ in range(LATEST_TALKS):
            experience.of(queue).talked(talk_seconds)
            experience.of(queue).rang(ring_seconds)
    return experience


def agent(name: str, *queues: str) -> AgentOnDuty:
    return AgentOnDuty(name, queues or ("a",), AgentState.AVAILABLE, 0.0)


def wrapping_up(name: str, seconds: float, *queues: str) -> AgentAtWork:
    return AgentAtWork(agent(name, *queues), free_in_seconds=seconds)


def waits(
    ahead: Sequence[WaitingCaller],
    agents: Sequence[AgentAtWork],
    caller: WaitingCaller = ME,
    experience: Experience | None = None,
    **wrap_up_seconds: float,
) -> Sequence[float]:
    known = experience or alike("a", "b")
    return Rehearsal(caller, ahead, Workforce((*agents,), known, wrap_up_seconds)).waits()


def middle(found: Sequence[float]) -> float:
    return found[len(found) // 2]


def in_front(count: int, queue: str = "a") -> list[WaitingCaller]:
    return [WaitingCaller(f"ahead-{number}", queue, float(number)) for number in range(count)]


def test_where_nobody_is_there_nothing_can_be_said() -> None:
    assert waits([], []) == ()
    assert waits([], [wrapping_up("kari", 0.0, "b")]) == ()


def test_who_is_first_waits_until_the_first_agent_is_free_and_answers() -> None:
    found = waits([], [wrapping_up("kari", 30.0), wrapping_up("ola", 20.0)])

    assert set(found) == {25.0}


def test_who_has_somebody_ahead_waits_for_their_talk_too() -> None:
    found = waits(in_front(1), [wrapping_up("kari", 10.0)], a=20.0)

    assert middle(found) == 10.0 + 5.0 + 100.0 + 20.0 + 5.0


def test_two_agents_serve_twice_as_fast() -> None:
    one = waits(in_front(4), [wrapping_up("kari", 0.0)])
    two = waits(in_front(4), [wrapping_up("kari", 0.0), wrapping_up("ola", 0.0)])

    assert middle(two) < 0.6 * middle(one)


def test_a_talk_under_way_takes_what_is_left_of_it() -> None:
    talking = AgentAtWork(agent("kari"), talk_of="a", talked_seconds=70.0)

    assert middle(waits([], [talking])) == 30.0 + 5.0


def test_who_is_first_in_line_goes_before_and_who_comes_later_does_not() -> None:
    first = WaitingCaller("hospital", "a", since=500.0, priority=1)
    later = WaitingCaller("later", "a", since=200.0)
    alone = waits([], [wrapping_up("kari", 10.0)])

    assert waits([later], [wrapping_up("kari", 10.0)]) == alone
    assert middle(waits([first], [wrapping_up("kari", 10.0)])) > 100.0


def test_callers_of_another_queue_count_where_its_agents_are_the_same() -> None:
    both = wrapping_up("kari", 10.0, "a", "b")
    apart = [wrapping_up("kari", 10.0, "a"), wrapping_up("ola", 10.0, "b")]

    assert middle(waits(in_front(1, "b"), [both])) > 100.0
    assert set(waits(in_front(1, "b"), apart)) == {15.0}


def test_agents_of_another_queue_that_is_rung_too_help() -> None:
    agents = [wrapping_up("kari", 300.0, "a"), wrapping_up("ola", 10.0, "b")]

    assert set(waits([], agents)) == {305.0}
    assert set(waits([], agents, replace(ME, also_rung=("b",)))) == {15.0}


def test_an_agent_who_cannot_help_does_not_shorten_the_wait() -> None:
    german = replace(ME, language="de")
    speaks = replace(agent("kari"), languages=frozenset({"de"}))
    other = replace(agent("ola"), languages=frozenset({"nb"}))
    agents = [AgentAtWork(speaks, free_in_seconds=40.0), AgentAtWork(other)]

    assert set(waits([], agents, german)) == {45.0}


def test_where_callers_give_up_the_wait_is_shorter() -> None:
    patient, tired = alike("a"), alike("a")
    for number in range(50):
        tired.of("a").waited(f"call-{number}", 100.0, gave_up=True)
    agents = [wrapping_up("kari", 60.0)]

    shorter = waits(in_front(5), agents, experience=tired)

    assert middle(shorter) < 0.7 * middle(waits(in_front(5), agents, experience=patient))


def test_a_crowd_is_played_through_less_often() -> None:
    few = waits([], [wrapping_up("kari", 0.0)])
    crowd = [replace(one, since=0.0) for one in in_front(1_500)]
    many = waits(crowd, [wrapping_up(f"agent-{number}", 0.0) for number in range(300)])

    assert (len(few), len(many)) == (MOST_TIMES, FEWEST_TIMES)


QUEUES = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True)
CALLERS = st.lists(
    st.builds(
        WaitingCaller,
        call_id=st.integers(0, 99).map(str),
        queue=st.sampled_from(["a", "b", "c"]),
        since=st.floats(0, 200),
        priority=st.integers(0, 2),
        also_rung=st.sampled_from([(), ("c",)]),
    ),
    max_size=8,
    unique_by=lambda one: one.call_id,
)
AGENTS = st.lists(
    st.builds(
        AgentAtWork,
        agent=st.builds(
            AgentOnDuty,
            name=st.integers(0, 99).map(str),
            queues=QUEUES.map(tuple),
            state=st.just(AgentState.TALKING),
            idle_since=st.just(0.0),
        ),
        talk_of=st.sampled_from([None, "a", "b"]),
        talked_seconds=st.floats(0, 1_000),
        free_in_seconds=st.floats(0, 100),
    ),
    max_size=6,
    unique_by=lambda one: one.agent.name,
)


@given(CALLERS, AGENTS)
def test_the_same_state_gives_the_same_waits_in_whatever_order_it_is_told(
    ahead: list[WaitingCaller], agents: list[AgentAtWork]
) -> None:
    assert waits(ahead, agents) == waits(ahead[::-1], agents[::-1])


@given(CALLERS, AGENTS)
def test_waits_are_there_where_an_agent_is_and_come_in_order(
    ahead: list[WaitingCaller], agents: list[AgentAtWork]
) -> None:
    found = waits(ahead, agents)

    assert bool(found) == any("a" in one.agent.queues for one in agents)
    assert list(found) == sorted(found)
    assert all(0.0 < one < float("inf") for one in found)


@given(CALLERS, AGENTS)
def test_who_is_served_later_makes_no_difference(
    others: list[WaitingCaller], agents: list[AgentAtWork]
) -> None:
    ahead = [one for one in others if one.rank < ME.rank]

    assert waits(others, agents) == waits(ahead, agents)


@given(CALLERS, AGENTS)
def test_a_free_agent_and_nobody_ahead_is_a_wait_for_the_phone_only(
    others: list[WaitingCaller], agents: list[AgentAtWork]
) -> None:
    behind = [one for one in others if one.rank > ME.rank]

    assert set(waits(behind, [*agents, wrapping_up("free", 0.0)])) == {5.0}


@pytest.mark.parametrize("wrap_up", [0.0, 40.0])
def test_each_talk_ahead_costs_its_wrap_up_too(wrap_up: float) -> None:
    found = waits(in_front(3), [wrapping_up("kari", 0.0)], a=wrap_up)

    assert middle(found) >= 3 * wrap_up + 3 * 45.0
