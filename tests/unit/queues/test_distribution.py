from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ivr.queues.agents import AgentState
from ivr.queues.distribution import Distribution
from ivr.queues.offers import AgentOnDuty, Match, RingOrder, WaitingCaller, may_take

QUEUES = ("a", "b", "c", "d")
WAYS: dict[str, RingOrder] = {
    "a": "longest idle",
    "b": "fewest calls",
    "c": "round robin",
    "d": "in order",
}
AGENTS = tuple(f"agent{number}" for number in range(6))
A_DAY = date(2026, 11, 26)


def agent(name: str, *queues: str, idle_since: float = 0.0, order: int = 0) -> AgentOnDuty:
    return AgentOnDuty(name, queues, AgentState.AVAILABLE, idle_since, order=order)


def test_the_urgent_come_first_then_who_has_waited_longest_in_any_queue() -> None:
    distribution = Distribution()
    distribution.wait(WaitingCaller("early", "a", 10.0))
    distribution.wait(WaitingCaller("late", "b", 20.0))
    distribution.wait(WaitingCaller("urgent", "b", 30.0, priority=2))

    served = []
    for n in range(3):
        distribution.free(agent(f"n{n}", "a", "b"))
        served += [match.call_id for match in distribution.matches()]

    assert served == ["urgent", "early", "late"]


@pytest.mark.parametrize("known", [None, "n7", "nobody"])
def test_an_offer_looks_at_as_few_agents_however_many_are_free(
    monkeypatch: pytest.MonkeyPatch, known: str | None
) -> None:
    looked_at = []

    def counted(agent: AgentOnDuty, caller: WaitingCaller) -> bool:
        looked_at.append(agent.name)
        return may_take(agent, caller)

    monkeypatch.setattr("ivr.queues.distribution.may_take", counted)
    distribution = Distribution()
    for n in range(650):
        distribution.free(agent(f"n{n}", "q", idle_since=1000.0 - n))
    distribution.matches()
    distribution.wait(WaitingCaller("one", "q", 1.0, first_agent=known))

    (match,) = distribution.matches()

    assert match.agents == (("n7",) if known == "n7" else ("n649",))
    assert len(looked_at) == 1


def test_a_caller_whom_nobody_may_take_does_not_hold_up_the_next() -> None:
    distribution = Distribution()
    distribution.wait(WaitingCaller("first", "faktura", 1.0))
    distribution.wait(WaitingCaller("second", "bergen", 2.0))
    distribution.free(agent("tommy", "bergen"))

    assert distribution.matches() == [Match("second", ("tommy",))]


def test_who_was_not_chosen_for_the_first_of_those_who_wait_is_for_the_second() -> None:
    distribution = Distribution()
    distribution.wait(WaitingCaller("first", "q", 1.0))
    distribution.wait(WaitingCaller("second", "q", 2.0))
    assert distribution.matches() == []
    distribution.free(agent("kari", "q", idle_since=20.0))
    distribution.free(agent("ola", "q", idle_since=10.0))

    assert distribution.matches() == [Match("first", ("ola",)), Match("second", ("kari",))]


def test_all_at_once_rings_all_who_are_free_and_nobody_for_the_next() -> None:
    distribution = Distribution({"q": "all at once"})
    for name in ("kari", "ola"):
        distribution.free(agent(name, "q"))
    distribution.wait(WaitingCaller("first", "q", 1.0))
    distribution.wait(WaitingCaller("second", "q", 2.0))

    assert distribution.matches() == [Match("first", ("kari", "ola"))]


def test_who_talked_with_the_caller_last_is_rung_alone_before_all_are_rung_at_once() -> None:
    distribution = Distribution({"q": "all at once"})
    again = WaitingCaller("again", "q", 1.0, first_agent="ola")
    for name in ("kari", "ola"):
        distribution.free(agent(name, "q"))
    distribution.wait(again)

    assert distribution.matches() == [Match("again", ("ola",))]

    distribution.free(agent("ola", "q"))
    distribution.wait(replace(again, missed_by=frozenset({"ola"})))
    assert distribution.matches() == [Match("again", ("kari", "ola"))]


def test_round_robin_goes_round() -> None:
    distribution = Distribution({"q": "round robin"})
    rung = []
    for n in range(5):
        for order, name in enumerate(("kari", "ola", "tor")):
            distribution.free(agent(name, "q", idle_since=float(order), order=order))
        distribution.wait(WaitingCaller(str(n), "q", float(n)))
        rung += [name for match in distribution.matches() for name in match.agents]

    assert rung == ["kari", "ola", "tor", "kari", "ola"]


def test_talks_count_for_one_day() -> None:
    distribution = Distribution({"q": "fewest calls"})
    distribution.took("kari", A_DAY)
    distribution.took("ola", A_DAY.replace(day=27))

    assert distribution.talks == Counter({"ola": 1})


def test_talks_of_the_day_before_a_restart_go_on_being_counted() -> None:
    distribution = Distribution({"q": "fewest calls"})
    distribution.had_talks(["kari", "ola", "kari"], A_DAY)
    distribution.took("ola", A_DAY)
    for name in ("kari", "ola"):
        distribution.free(agent(name, "q"))

    assert distribution.talks == Counter({"kari": 2, "ola": 2})
    distribution.took("ola", A_DAY)
    distribution.wait(WaitingCaller("1", "q", 1.0))
    assert [match.agents for match in distribution.matches()] == [("kari",)]


class AgainstANaiveModel(RuleBasedStateMachine):
    """After each change the offers are those of a model that looks at everybody, and knows nothing of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.distribution = Distribution(WAYS)
        self.waiting: dict[str, WaitingCaller] = {}
        self.free: dict[str, AgentOnDuty] = {}
        self.last: dict[str, int] = {}
        self.talks: Counter[str] = Counter()
        self.room: dict[str, int] = {}
        self.time = 0.0
        self.calls = 0

    @rule(
        queue=st.sampled_from(QUEUES),
        also=st.lists(st.sampled_from(QUEUES), max_size=1),
        priority=st.integers(-1, 2),
        language=st.sampled_from([None, "nb", "en"]),
        level=st.integers(0, 2),
        site=st.sampled_from([None, None, "oslo", "bergen"]),
        is_split=st.booleans(),
        first=st.sampled_from([None, *AGENTS]),
        missed_by=st.frozensets(st.sampled_from(AGENTS), max_size=3),
    )
    def comes(
        self,
        queue: str,
        also: list[str],
        priority: int,
        language: str | None,
        level: int,
        site: str | None,
        *,
        is_split: bool,
        first: str | None,
        missed_by: frozenset[str],
    ) -> None:
        self.calls += 1
        self.time += 1
        one = WaitingCaller(
            f"call{self.calls}",
            queue,
            self.time,
            priority,
            also_rung=tuple(other for other in also if other != queue),
            language=language,
            skills={"freight": level} if level else {},
            site=site,
            not_at=frozenset({"oslo"}) if is_split and site is None else frozenset(),
            missed_by=missed_by,
            first_agent=first,
        )
        self.waiting[one.call_id] = one
        self.distribution.wait(one)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def hangs_up(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted(self.waiting)))
        del self.waiting[call_id]
        self.distribution.leave(call_id)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def waits_on(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted(self.waiting)))
        wider = replace(self.waiting[call_id], widened=self.waiting[call_id].widened + 1)
        self.waiting[call_id] = wider
        self.distribution.wait(wider)

    @rule(
        number=st.integers(0, 5),
        queues=st.lists(st.sampled_from(QUEUES), unique=True),
        languages=st.sampled_from([None, frozenset({"nb"}), frozenset({"nb", "en"})]),
        level=st.integers(0, 2),
        site=st.sampled_from([None, "oslo", "bergen"]),
        grain=st.sampled_from([1, 8]),
    )
    def is_ready(
        self,
        number: int,
        queues: list[str],
        languages: frozenset[str] | None,
        level: int,
        site: str | None,
        grain: int,
    ) -> None:
        """Where the grain is coarse, several have been idle for as long."""
        self.time += 1
        one = AgentOnDuty(
            f"agent{number}",
            tuple(queues),
            AgentState.AVAILABLE,
            self.time // grain * grain,
            languages=languages,
            skills={"freight": level},
            site=site,
            order=number,
        )
        self.free[one.name] = one
        self.distribution.free(one)

    @rule(room=st.dictionaries(st.sampled_from(["oslo", "bergen"]), st.integers(-1, 2)))
    def sites_have_room(self, room: dict[str, int]) -> None:
        self.room = dict(room)
        self.distribution.set_room(room)

    @rule(number=st.integers(0, 5))
    def pauses(self, number: int) -> None:
        self.free.pop(f"agent{number}", None)
        self.distribution.busy(f"agent{number}")

    @rule(number=st.integers(0, 5))
    def has_talked(self, number: int) -> None:
        self.talks[f"agent{number}"] += 1
        self.distribution.took(f"agent{number}", A_DAY)

    @invariant()
    def offers_are_the_same(self) -> None:
        assert [(m.call_id, *m.agents) for m in self.distribution.matches()] == [*self.offers()]

    def offers(self) -> list[tuple[str, str]]:
        found = []
        for one in sorted(self.waiting.values(), key=lambda one: (-one.priority, one.since)):
            suits = [name for name in self.free if self.suits(self.free[name], one)]
            if suits:
                name = min(suits, key=lambda name: self.turn(self.free[name], one))
                self.last[one.queue] = self.free[name].order
                if (site := self.free[name].site) in self.room:
                    self.room[str(site)] -= 1
                del self.waiting[one.call_id], self.free[name]
                found.append((one.call_id, name))
        return found

    def suits(self, agent: AgentOnDuty, one: WaitingCaller) -> bool:
        wanted = one.skills.get("freight", 0)
        knows = agent.languages is None or one.language is None or one.language in agent.languages
        needs_language = one.widened <= wanted
        serves = set(agent.queues) & {one.queue, *one.also_rung}
        skilled = not wanted or agent.skills["freight"] + one.widened >= wanted
        is_own = one.queue in agent.queues
        is_right = agent.site not in one.not_at if one.site is None else agent.site == one.site
        has_room = self.room.get(agent.site or "", 1) > 0
        placed = (is_right or not is_own) and has_room
        return bool(serves) and skilled and (knows or not needs_language) and placed

    def turn(self, agent: AgentOnDuty, one: WaitingCaller) -> tuple[object, ...]:
        wanted = one.skills.get("freight", 0)
        knows = agent.languages is None or one.language is None or one.language in agent.languages
        way = WAYS[one.queue]
        by_way: dict[RingOrder, tuple[float, float]] = {
            "longest idle": (agent.idle_since, 0),
            "fewest calls": (self.talks[agent.name], agent.idle_since),
            "round robin": (agent.order <= self.last.get(one.queue, -1), agent.order),
            "in order": (agent.order, 0),
        }
        short = max(0, wanted - agent.skills["freight"])
        has_missed, is_own = agent.name in one.missed_by, one.queue in agent.queues
        is_known = agent.name == one.first_agent and is_own and not has_missed
        return (not is_known, not is_own, has_missed, not knows, short, by_way[way], agent.name)


AgainstANaiveModel.TestCase.settings = settings(
    max_examples=100, stateful_step_count=100, deadline=None
)
TestAgainstANaiveModel = AgainstANaiveModel.TestCase
