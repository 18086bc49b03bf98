"""What is remembered of who can be reached is what one would find by looking at everybody, after every change."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ivr.queues.agents import AgentState
from ivr.queues.offers import AgentOnDuty, WaitingCaller, may_take
from ivr.queues.reach import Reach, need_of

QUEUES = ("a", "b")
LEVELS = st.dictionaries(st.sampled_from(["freight", "glass"]), st.integers(1, 3), max_size=2)
LANGUAGES = st.sampled_from(["nb", "en"])

CALLERS = st.builds(
    WaitingCaller,
    call_id=st.just("call"),
    queue=st.sampled_from(QUEUES),
    since=st.just(0.0),
    also_rung=st.sampled_from([(), ("b",)]),
    language=st.none() | LANGUAGES,
    skills=LEVELS,
)
AGENTS = st.builds(
    AgentOnDuty,
    name=st.sampled_from(["kari", "ola", "siri", "tommy"]),
    queues=st.sampled_from([("a",), ("b",), ("a", "b")]),
    state=st.just(AgentState.TALKING),
    idle_since=st.just(0.0),
    languages=st.none() | st.frozensets(LANGUAGES, min_size=1),
    skills=LEVELS,
)


def looked_up(caller: WaitingCaller, there: dict[str, AgentOnDuty]) -> int:
    """By looking at everybody, for each time that less is asked."""
    for widened in range(caller.widest):
        if any(may_take(one, replace(caller, widened=widened)) for one in there.values()):
            return widened
    return caller.widest


@given(st.lists(CALLERS, min_size=1, max_size=4), st.lists(AGENTS, min_size=1, max_size=8))
def test_it_is_always_what_looking_at_everybody_finds(
    callers: list[WaitingCaller], changes: list[AgentOnDuty]
) -> None:
    there: dict[str, AgentOnDuty] = {}
    reach = Reach(lambda queue: [one for one in there.values() if queue in one.queues])
    known = {need_of(one): reach.least_widened(one) for one in callers}

    for agent in changes:
        left = there.pop(agent.name, None)
        if left is None:
            there[agent.name] = agent
        changed = reach.staffing_changed((left or agent).queues)
        now = {need_of(one): looked_up(one, there) for one in callers}
        assert {need_of(one): reach.least_widened(one) for one in callers} == now
        assert changed == {need for need, least in now.items() if least != known[need]}
        known = now


def test_who_asks_for_nothing_finds_anybody() -> None:
    reach = Reach(lambda _: ())

    assert reach.least_widened(WaitingCaller("call", "a", 0.0)) == 0


def test_other_rules_are_looked_at_anew() -> None:
    there = [AgentOnDuty("kari", ("a",), AgentState.TALKING, 0.0, frozenset({"en"}))]
    caller = WaitingCaller("call", "a", 0.0, language="nb")
    reach = Reach(lambda _: there)
    assert reach.least_widened(caller) == 1

    there[0] = replace(there[0], languages=frozenset({"nb"}))
    reach.forget()
    assert reach.least_widened(caller) == 0
