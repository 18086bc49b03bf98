import asyncio
from contextlib import ExitStack
from dataclasses import replace

import pytest

from ivr.desk import AgentFree, Deserted, Desk, StepDue, Wish
from ivr.desk.desk import MISSED_PAUSE_SECONDS
from ivr.desk.happenings import Happening
from ivr.queues.agents import AgentState
from ivr.rules.load import load_rules
from ivr.rules.model import Queue, RuleSet
from ivr.rules.visit import WaitInQueue

RULES = """
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: queue kundeservice}
queues:
  kundeservice:
    answer: 80% within 20s
    while_waiting: [{after: 60s, to: queue bergen}]
    nobody_logged_in: voicemail kundeservice
    wrap_up: 20s
  bergen:
    answer: 80% within 20s
    while_waiting: [{after: 60s, to: voicemail kundeservice}]
    nobody_logged_in: voicemail kundeservice
agents:
  kari: {name: Kari, phone: kari, queues: [kundeservice]}
  ola: {name: Ola, phone: ola, queues: [kundeservice, bergen]}
"""


@pytest.fixture
def rules() -> RuleSet:
    return load_rules(RULES.encode(), "rules.yaml")[0]


@pytest.fixture
async def desk(rules: RuleSet) -> Desk:
    return Desk(rules)


@pytest.fixture
def queue(rules: RuleSet) -> Queue:
    return rules.queues["kundeservice"]


def waits_in(queue: Queue) -> WaitInQueue:
    """A caller who comes to the queue; its first step is still to come."""
    after = queue.while_waiting[0].after_seconds
    return WaitInQueue(queue, step=0, step_in_seconds=after, leaves_when_deserted=True)


def agent_in(happening: Happening) -> str:
    assert isinstance(happening, AgentFree)
    return happening.agents[0].name


def state_of(desk: Desk, name: str) -> AgentState:
    return next(view.state for view in desk.agents() if view.name == name)


async def test_an_agent_signs_in_with_the_phone_and_out_with_it(desk: Desk) -> None:
    assert desk.signed_in() == {"kundeservice": 0, "bergen": 0}

    desk.phone_changed("ola", is_reachable=True)
    assert desk.signed_in() == {"kundeservice": 1, "bergen": 1}

    desk.phone_changed("ola", is_reachable=False)
    assert desk.signed_in() == {"kundeservice": 0, "bergen": 0}


async def test_a_phone_that_is_told_of_twice_counts_once(desk: Desk) -> None:
    desk.phone_changed("ola", is_reachable=True)
    desk.phone_changed("ola", is_reachable=True)

    assert desk.signed_in()["bergen"] == 1


async def test_a_waiting_caller_gets_the_agent_who_signs_in(desk: Desk, queue: Queue) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with (
        desk.place_in(waits_in(queue), "first") as first,
        desk.place_in(waits_in(queue), "second") as second,
    ):
        assert agent_in(await first.next()) == "kari"
        waiting = asyncio.ensure_future(second.next())
        await asyncio.sleep(1)
        assert not waiting.done()

        desk.phone_changed("ola", is_reachable=True)

        assert agent_in(await waiting) == "ola"


async def test_an_agent_who_missed_a_call_is_passed_over_and_comes_back(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        assert isinstance(await place.next(), AgentFree)
        began = asyncio.get_running_loop().time()

        place.missed()

        assert state_of(desk, "kari") is AgentState.PAUSED
        assert isinstance(await place.next(), AgentFree)
        assert asyncio.get_running_loop().time() - began == MISSED_PAUSE_SECONDS


async def test_a_phone_that_comes_back_after_a_missed_call_is_rung_at_once(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        place.missed()
        desk.phone_changed("kari", is_reachable=False)
        began = asyncio.get_running_loop().time()

        desk.phone_changed("kari", is_reachable=True)

        assert agent_in(await place.next()) == "kari"
        assert asyncio.get_running_loop().time() == began


async def test_a_step_of_the_rules_comes_at_its_time_and_once(desk: Desk, queue: Queue) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with (
        desk.place_in(waits_in(queue), "busy") as busy,
        desk.place_in(waits_in(queue), "caller") as place,
    ):
        await busy.next()
        busy.took()

        assert await place.next() == StepDue(0)
        assert asyncio.get_running_loop().time() - place.since == 60
        nothing_more = asyncio.ensure_future(place.next())
        await asyncio.sleep(600)
        assert not nothing_more.done()
        nothing_more.cancel()


async def test_a_queue_is_deserted_when_its_last_agent_has_ended_the_talk_and_the_phone_is_gone(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "waiting") as waiting:
        with desk.place_in(waits_in(queue), "talking") as talking:
            desk.phone_changed("ola", is_reachable=True)
            assert agent_in(await waiting.next()) == "kari"
            await talking.next()
            waiting.missed()
            desk.phone_changed("kari", is_reachable=False)
            talking.took()
            desk.phone_changed("ola", is_reachable=False)
            happening = asyncio.ensure_future(waiting.next())
            await asyncio.sleep(1)
            assert not happening.done(), "an agent who talks is still signed in"

        assert await happening == Deserted()
        assert asyncio.get_running_loop().time() == 21


async def test_wrap_up_is_kept_free_after_a_talk(desk: Desk, queue: Queue) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        place.took()
        assert state_of(desk, "kari") is AgentState.TALKING

    assert state_of(desk, "kari") is AgentState.WRAPPING_UP
    await asyncio.sleep(20)
    assert state_of(desk, "kari") is AgentState.AVAILABLE


async def test_a_caller_who_hangs_up_while_a_phone_rings_gives_the_agent_back(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        assert state_of(desk, "kari") is AgentState.OFFERED

    assert state_of(desk, "kari") is AgentState.AVAILABLE


async def test_a_phone_that_goes_while_its_agent_is_offered_signs_the_agent_out_afterwards(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        desk.phone_changed("kari", is_reachable=False)

    assert state_of(desk, "kari") is AgentState.SIGNED_OUT
    assert desk.signed_in()["kundeservice"] == 0


async def test_views_tell_who_waits_and_how_long(desk: Desk, queue: Queue) -> None:
    with desk.place_in(waits_in(queue), "caller"):
        await asyncio.sleep(12)

        (view,) = desk.queues(["kundeservice"])

    assert (view.waiting, view.signed_in, view.longest_wait_seconds) == (1, 0, 12)


def rules_with(*, instead_of: str, put: str) -> RuleSet:
    return load_rules(RULES.replace(instead_of, put).encode(), "rules.yaml")[0]


KARI = "  kari: {name: Kari, phone: kari, queues: [kundeservice]}\n"


async def test_new_rules_keep_the_states_of_those_who_stay(desk: Desk, rules: RuleSet) -> None:
    desk.phone_changed("ola", is_reachable=True)

    desk.take_agents(rules)

    assert state_of(desk, "ola") is AgentState.AVAILABLE
    assert state_of(desk, "kari") is AgentState.SIGNED_OUT
    assert desk.signed_in() == {"kundeservice": 1, "bergen": 1}


async def test_an_agent_who_is_new_is_signed_in_if_the_phone_is_there_already(
    rules: RuleSet,
) -> None:
    desk = Desk(rules_with(instead_of=KARI, put=""))
    desk.phone_changed("kari", is_reachable=True)
    assert desk.signed_in() == {"kundeservice": 0, "bergen": 0}

    desk.take_agents(rules)

    assert state_of(desk, "kari") is AgentState.AVAILABLE
    assert desk.signed_in() == {"kundeservice": 1, "bergen": 0}


async def test_an_agent_with_another_phone_is_there_when_that_one_is(desk: Desk) -> None:
    desk.phone_changed("kari", is_reachable=True)

    desk.take_agents(rules_with(instead_of="phone: kari,", put="phone: office,"))
    assert state_of(desk, "kari") is AgentState.SIGNED_OUT
    desk.phone_changed("office", is_reachable=True)

    assert state_of(desk, "kari") is AgentState.AVAILABLE
    assert desk.signed_in()["kundeservice"] == 1


async def test_an_agent_of_other_queues_now_takes_those_who_wait_there(
    desk: Desk, rules: RuleSet
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(rules.queues["bergen"]), "caller") as place:
        desk.phone_changed("ola", is_reachable=False)
        desk.take_agents(rules_with(instead_of=KARI, put=KARI.replace("kundeservice", "bergen")))

        assert agent_in(await place.next()) == "kari"
        assert desk.signed_in() == {"kundeservice": 0, "bergen": 1}


@pytest.mark.parametrize("seconds", [0, 5])
async def test_an_agent_who_is_let_go_while_talking_is_gone_after_the_talk(
    desk: Desk, queue: Queue, rules: RuleSet, seconds: float
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    queue = replace(queue, wrap_up_seconds=seconds)
    without = rules_with(instead_of=KARI, put="")
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        place.took()

        desk.take_agents(without)
        assert state_of(desk, "kari") is AgentState.TALKING
        assert desk.signed_in() == {"kundeservice": 0, "bergen": 0}
    await asyncio.sleep(60)

    assert [view.name for view in desk.agents()] == ["ola"]


@pytest.mark.parametrize("phone", ["kari", "sip:kari@127.0.0.1:5091"])
async def test_an_agent_with_a_new_name_is_not_rung_while_they_still_talk_under_the_old_one(
    queue: Queue, phone: str
) -> None:
    def named(name: str) -> RuleSet:
        of = f'  {name}: {{phone: "{phone}", queues: [kundeservice]}}\n'
        return rules_with(instead_of=KARI, put=of)

    desk = Desk(named("kari"))
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "second") as second, ExitStack() as of_first:
        first = of_first.enter_context(desk.place_in(waits_in(queue), "first"))
        assert agent_in(await second.next()) == "kari"
        second.took()
        desk.take_agents(named("karin"))
        assert state_of(desk, "karin") is AgentState.IN_OWN_CALL
        desk.wishes.pause("karin", "pause", Wish())
        desk.wishes.resume("karin", Wish())
        waiting = asyncio.ensure_future(first.next())
        await asyncio.sleep(1)
        assert not waiting.done()
        second.lost()

        assert agent_in(await second.next()) == "karin"
        waiting.cancel()


async def test_a_phone_that_another_agent_has_now_is_not_rung_while_the_one_before_talks_there(
    desk: Desk, queue: Queue, rules: RuleSet
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        place.took()
        desk.phone_changed("office", is_reachable=True)
        desk.take_agents(
            rules_with(
                instead_of="phone: kari, queues: [kundeservice]}\n  ola: {name: Ola, phone: ola,",
                put="phone: office, queues: [kundeservice]}\n  ola: {name: Ola, phone: kari,",
            )
        )
        assert state_of(desk, "ola") is AgentState.IN_OWN_CALL
    await asyncio.sleep(30)

    assert state_of(desk, "ola") is AgentState.AVAILABLE
    assert state_of(desk, "kari") is AgentState.AVAILABLE


async def test_of_two_agents_at_one_phone_one_is_rung_though_all_are_to_be_at_once(
    queue: Queue,
) -> None:
    of_two = rules_with(instead_of="phone: ola", put="phone: kari")
    desk = Desk(of_two)
    everybody = replace(queue, ring="all at once")
    desk.take_agents(replace(of_two, queues={**of_two.queues, queue.name: everybody}))
    desk.phone_changed("kari", is_reachable=True)

    with desk.place_in(waits_in(everybody), "caller") as place:
        offered = await place.next()
        assert isinstance(offered, AgentFree)
        assert [agent.name for agent in offered.agents] == ["kari"]
        place.took()
        assert state_of(desk, "ola") is AgentState.IN_OWN_CALL
    await asyncio.sleep(30)
    assert state_of(desk, "ola") is AgentState.AVAILABLE


async def test_an_agent_who_is_let_go_while_rung_and_does_not_answer_is_not_rung_again(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        desk.take_agents(rules_with(instead_of=KARI, put=""))
        place.missed()
        await asyncio.sleep(MISSED_PAUSE_SECONDS + 1)

        assert isinstance(await place.next(), Deserted)


async def test_an_agent_who_is_let_go_and_taken_back_while_talking_stays(
    desk: Desk, queue: Queue, rules: RuleSet
) -> None:
    desk.phone_changed("kari", is_reachable=True)
    with desk.place_in(waits_in(queue), "caller") as place:
        await place.next()
        place.took()
        desk.take_agents(rules_with(instead_of=KARI, put=""))
        desk.take_agents(rules)
    await asyncio.sleep(60)

    assert state_of(desk, "kari") is AgentState.AVAILABLE
    assert desk.signed_in()["kundeservice"] == 1


async def test_a_queue_that_is_gone_is_shown_as_long_as_somebody_waits_in_it(
    desk: Desk, rules: RuleSet
) -> None:
    desk.phone_changed("ola", is_reachable=True)
    with desk.place_in(waits_in(replace(rules.queues["bergen"], name="old")), "caller"):
        names = [(view.name, view.waiting) for view in desk.queues(rules.queues)]

    assert names == [("kundeservice", 0), ("bergen", 0), ("old", 1)]
    assert desk.signed_in(["old"])["old"] == 0


async def test_who_is_left_by_the_last_agent_of_a_queue_that_also_rings_hears_of_it_at_once(
    desk: Desk, queue: Queue
) -> None:
    desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
    with desk.place_in(replace(waits_in(queue), also_rung=("bergen",)), "caller") as place:
        desk.wishes.leave_queue("ola", "kundeservice", Wish("lead", ""))
        desk.phone_changed("ola", is_reachable=True, is_in_own_call=True)
        desk.phone_changed("kari", is_reachable=False)
        happening = asyncio.ensure_future(place.next())
        await asyncio.sleep(1)
        assert not happening.done(), "an agent of the other queue is still signed in"

        desk.phone_changed("ola", is_reachable=False)
        await asyncio.sleep(1)
        assert happening.done(), "nobody is left, and the next step is a minute away"
        assert await happening == Deserted()


async def test_who_waits_for_a_language_that_nobody_speaks_any_more_is_given_to_who_is_there() -> (
    None
):
    bilingual = RULES.replace("languages: [nb]", "languages: [nb, en]")
    without = bilingual.replace(
        "{name: Ola, phone: ola,", "{name: Ola, phone: ola, languages: [nb],"
    )
    before, after = (
        load_rules(text.encode(), "rules.yaml")[0]
        for text in (
            without.replace("{name: Kari,", "{name: Kari, languages: [en],"),
            without.replace("{name: Kari,", "{name: Kari, languages: [nb],"),
        )
    )
    desk = Desk(before)
    desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
    desk.phone_changed("ola", is_reachable=True)
    english = replace(waits_in(before.queues["kundeservice"]), language="en")
    with desk.place_in(english, "caller") as place:
        happening = asyncio.ensure_future(place.next())
        await asyncio.sleep(5)
        assert not happening.done(), "Kari speaks English"

        desk.take_agents(after)
        await asyncio.sleep(1)
        assert happening.done(), "nobody speaks it any more"
        assert agent_in(await happening) == "ola"
