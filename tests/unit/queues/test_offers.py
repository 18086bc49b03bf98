from hypothesis import given
from hypothesis import strategies as st

from ivr.queues.agents import AgentState
from ivr.queues.offers import AgentOnDuty, Match, WaitingCaller, matches


def agent(
    name: str, *queues: str, idle_since: float = 0.0, state: AgentState = AgentState.AVAILABLE
) -> AgentOnDuty:
    return AgentOnDuty(name, queues, state, idle_since)


def test_the_longest_waiting_caller_is_served_first() -> None:
    waiting = [WaitingCaller("late", "q", 20.0), WaitingCaller("early", "q", 10.0)]

    assert matches(waiting, [agent("kari", "q")]) == [Match("early", "kari")]


def test_the_longest_idle_agent_is_offered() -> None:
    agents = [agent("busy lately", "q", idle_since=50.0), agent("idle", "q", idle_since=5.0)]

    assert matches([WaitingCaller("c", "q", 0.0)], agents) == [Match("c", "idle")]


def test_an_agent_of_two_queues_takes_who_has_waited_longest_in_either() -> None:
    waiting = [
        WaitingCaller("in bergen", "bergen", 9.0),
        WaitingCaller("national", "kundeservice", 3.0),
    ]

    assert matches(waiting, [agent("tommy", "bergen", "kundeservice")]) == [
        Match("national", "tommy")
    ]


def test_a_caller_whose_queue_has_no_free_agent_does_not_hold_up_the_next() -> None:
    waiting = [WaitingCaller("first", "faktura", 1.0), WaitingCaller("second", "bergen", 2.0)]

    assert matches(waiting, [agent("tommy", "bergen")]) == [Match("second", "tommy")]


def test_only_available_agents_are_offered() -> None:
    states = [state for state in AgentState if state is not AgentState.AVAILABLE]
    agents = [agent(state.value, "q", state=state) for state in states]

    assert matches([WaitingCaller("c", "q", 0.0)], agents) == []


queue_names = st.sampled_from(["a", "b", "c"])
callers = st.lists(
    st.builds(WaitingCaller, st.uuids().map(str), queue_names, st.floats(0, 1e6)),
    max_size=12,
    unique_by=lambda caller: caller.call_id,
)
agents_on_duty = st.lists(
    st.builds(
        AgentOnDuty,
        st.uuids().map(str),
        st.lists(queue_names, unique=True).map(tuple),
        st.sampled_from(AgentState),
        st.floats(0, 1e6),
    ),
    max_size=12,
    unique_by=lambda agent: agent.name,
)


@given(callers, agents_on_duty)
def test_no_caller_and_no_agent_is_matched_twice_and_nobody_is_passed_over(
    waiting: list[WaitingCaller], agents: list[AgentOnDuty]
) -> None:
    found = matches(waiting, agents)

    by_call = {caller.call_id: caller for caller in waiting}
    by_name = {agent.name: agent for agent in agents}
    assert len({match.call_id for match in found}) == len(found)
    assert len({match.agent for match in found}) == len(found)
    for match in found:
        assert by_call[match.call_id].queue in by_name[match.agent].queues
        assert by_name[match.agent].state is AgentState.AVAILABLE
    idle = [
        a
        for a in agents
        if a.state is AgentState.AVAILABLE and a.name not in {m.agent for m in found}
    ]
    left = [c for c in waiting if c.call_id not in {m.call_id for m in found}]
    assert not any(caller.queue in one.queues for caller in left for one in idle)


@given(st.permutations(range(6)))
def test_the_order_in_which_they_are_told_does_not_matter(order: list[int]) -> None:
    waiting = [WaitingCaller(str(n), "q", float(n % 3)) for n in order]
    agents = [agent(str(n), "q", idle_since=float(n % 2)) for n in order]

    expected = matches(
        [WaitingCaller(str(n), "q", float(n % 3)) for n in range(6)],
        [agent(str(n), "q", idle_since=float(n % 2)) for n in range(6)],
    )
    assert matches(waiting, agents) == expected
