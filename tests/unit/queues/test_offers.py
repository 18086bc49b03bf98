from dataclasses import replace

import pytest

from ivr.queues.agents import AgentState
from ivr.queues.offers import AgentOnDuty, RingOrder, WaitingCaller, lacking, may_take, preference

KARI = AgentOnDuty(
    "kari",
    ("a",),
    AgentState.AVAILABLE,
    0.0,
    languages=frozenset({"nb"}),
    skills={"freight": 2},
    order=1,
)
OLA = AgentOnDuty("ola", ("a",), AgentState.AVAILABLE, 5.0, order=2)


def caller(widened: int = 0, language: str | None = None, **skills: int) -> WaitingCaller:
    return WaitingCaller("c", "a", 0.0, language=language, skills=skills, widened=widened)


def test_a_language_is_wanted_until_nothing_else_is() -> None:
    found = [may_take(KARI, caller(widened, "en", freight=2)) for widened in range(4)]

    assert found == [False, False, False, True]


def test_who_says_no_language_speaks_all() -> None:
    assert may_take(OLA, caller(language="en"))


def test_each_time_a_level_less_will_do() -> None:
    found = [may_take(KARI, caller(widened, freight=4)) for widened in range(3)]

    assert found == [False, False, True]


def test_a_better_match_lacks_less_and_more_than_is_wanted_is_no_better() -> None:
    assert lacking(KARI, caller(freight=1)) == lacking(KARI, caller(freight=2)) == 0
    assert lacking(KARI, caller(freight=5)) == 3
    assert lacking(KARI, caller(language="en")) > lacking(KARI, caller(freight=10))


def test_an_agent_elsewhere_takes_no_call_of_a_place() -> None:
    assert not may_take(KARI, WaitingCaller("c", "a", 0.0, site="bergen"))


@pytest.mark.parametrize(
    ("ring", "talks", "last", "first"),
    [
        ("longest idle", (0, 0), -1, "kari"),
        ("fewest calls", (2, 1), -1, "ola"),
        ("in order", (0, 0), 1, "kari"),
        ("round robin", (0, 0), 1, "ola"),
        ("round robin", (0, 0), 2, "kari"),
    ],
)
def test_ways_of_ringing(ring: RingOrder, talks: tuple[int, int], last: int, first: str) -> None:
    both = zip((KARI, OLA), talks, strict=True)

    ranked = sorted(preference(agent, caller(), ring, taken, last) for agent, taken in both)

    assert ranked[0][-1] == first


def test_who_missed_the_call_comes_after_who_did_not() -> None:
    missed = WaitingCaller("c", "a", 0.0, missed_by=frozenset({"kari"}))

    ranked = sorted(preference(agent, missed, "longest idle", 0, -1) for agent in (KARI, OLA))

    assert ranked[0][-1] == "ola"


def test_an_agent_of_the_own_queue_comes_before_one_who_is_rung_too() -> None:
    also = WaitingCaller("c", "b", 0.0, also_rung=("a",))
    own = AgentOnDuty("tor", ("b",), AgentState.AVAILABLE, 90.0)

    ranked = sorted(preference(agent, also, "longest idle", 0, -1) for agent in (KARI, own))

    assert ranked[0][-1] == "tor"


def test_who_talked_with_the_caller_last_is_rung_first_unless_they_missed_this_call() -> None:
    def first(**more: object) -> str:
        known = replace(caller(), **{"first_agent": "ola", **more})  # type: ignore[arg-type]
        both = sorted((KARI, OLA), key=lambda one: preference(one, known, "longest idle", 0, -1))
        return both[0].name

    assert first() == "ola"
    assert first(missed_by=frozenset({"ola"})) == "kari"
    assert first(first_agent=None) == "kari"


def test_who_talked_with_the_caller_last_and_is_only_rung_too_comes_after_the_queues_own() -> None:
    also = WaitingCaller("c", "b", 0.0, also_rung=("a",), first_agent="kari")
    own = AgentOnDuty("tor", ("b",), AgentState.AVAILABLE, 90.0)

    ranked = sorted(preference(agent, also, "longest idle", 0, -1) for agent in (KARI, own))

    assert ranked[0][-1] == "tor"
