"""What the days of `test_whole_days` found: at a change of the rules, at a site that is full, after a lost agent."""

from __future__ import annotations

import asyncio

from ivr.desk import AgentFree, Desk, Logbook, SiteFree, SiteGone, StepDue, Wish
from ivr.desk.desk import MISSED_PAUSE_SECONDS
from ivr.queues.agents import AgentState
from ivr.queues.line import HeldPlace
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.rules.visit import WaitInQueue
from tests.unit.desk.phoned import FromNoon

TEXT = """
version: 1
numbers: {anything else: {to: queue a}}
sites: {oslo: {name: OsloMOST}, partner: {name: Partner, phone: partner, at_most: 1 calls}}
phones: {partner: {phone: partner}}
queues:
  a: {answer: 80% within 20s, wrap_up: 60s, ring: round robin, while_waiting: [{after: 5m, to: hangup}]}
  s: {answer: 80% within 20s, split: {oslo: 50%, partner: 50%}, while_waiting: [{after: 20s, to: hangup}]}
agents:
  kari: {phone: kari, queues: [a], site: oslo}
  ola: {phone: ola, queues: [a, s], site: oslo}
  per: {phone: per, queues: [a]}
  tor: {phone: tor, queues: [a]}
duty: {missed: pause after 2}
"""


def rules(without: tuple[str, ...] = (), most: str = "") -> RuleSet:
    gone = tuple(f"  {name}: {{phone" for name in without)
    lines = [line for line in TEXT.splitlines() if not (gone and line.startswith(gone))]
    return load_rules("\n".join(lines).replace("MOST", most).encode(), "rules.yaml")[0]


def desk_with(now: RuleSet, *names: str) -> Desk:
    desk = Desk(now, Logbook(None, FromNoon()))
    for name in names:
        desk.phone_changed(name, is_reachable=True)
    return desk


def state_of(desk: Desk, name: str) -> tuple[AgentState, str | None]:
    return next((one.state, one.reason) for one in desk.agents() if one.name == name)


async def test_who_is_let_go_soon_after_a_missed_call_is_not_paused_for_ever() -> None:
    desk = desk_with(rules(), "kari")
    with desk.place_in(WaitInQueue(rules().queues["a"]), "caller") as place:
        await place.next()
        place.missed()
    assert state_of(desk, "kari") == (AgentState.PAUSED, "missed")

    desk.take_agents(rules(without=("kari",)))
    desk.take_agents(rules())

    assert state_of(desk, "kari") == (AgentState.PAUSED, "missed")
    await asyncio.sleep(MISSED_PAUSE_SECONDS)
    assert state_of(desk, "kari") == (AgentState.AVAILABLE, None)


async def test_who_is_let_go_while_they_wrap_up_does_so_still_when_they_are_back() -> None:
    desk = desk_with(rules(), "kari")
    with desk.place_in(WaitInQueue(rules().queues["a"]), "caller") as place:
        await place.next()
        place.took()
    await asyncio.sleep(20)

    desk.take_agents(rules(without=("kari",)))
    await asyncio.sleep(20)
    desk.take_agents(rules())

    assert state_of(desk, "kari") == (AgentState.WRAPPING_UP, None)
    await asyncio.sleep(20)
    assert state_of(desk, "kari") == (AgentState.AVAILABLE, None)


async def test_who_wanted_a_pause_and_was_let_go_is_paused_when_they_are_back() -> None:
    desk = desk_with(rules(), "kari")
    with desk.place_in(WaitInQueue(rules().queues["a"]), "caller") as place:
        await place.next()
        desk.wishes.pause("kari", "pause", Wish("kari"))
        place.missed()

    desk.take_agents(rules(without=("kari",)))
    desk.take_agents(rules())

    assert state_of(desk, "kari") == (AgentState.PAUSED, "pause")


async def test_a_site_that_was_full_is_not_when_the_rules_say_no_more_how_much_it_takes() -> None:
    sites = "sites: {oslo: {name: Oslo, at_most: 1 calls}}"
    before = TEXT.replace(TEXT.splitlines()[3], sites).replace(
        "phones: {partner: {phone: partner}}\n", ""
    )
    text = "\n".join(line for line in before.splitlines() if not line.startswith("  s:"))
    text = text.replace("[a, s]", "[a]")
    full, free = (
        load_rules(one.encode(), "rules.yaml")[0]
        for one in (text, text.replace(", at_most: 1 calls", ""))
    )
    desk = desk_with(full, "kari", "ola")
    with desk.place_in(WaitInQueue(full.queues["a"]), "1") as first:
        await first.next()
        desk.take_agents(free)
        with desk.place_in(WaitInQueue(free.queues["a"]), "2") as second:
            assert isinstance(await second.next(), AgentFree)


async def test_the_turn_goes_round_from_whoever_was_rung_last_wherever_they_stand_now() -> None:
    desk = desk_with(rules(), "kari", "ola", "per", "tor")
    rung = []
    for number in range(5):
        if number == 2:  # after ola; who is at her place in the file now is per
            desk.take_agents(rules(without=("kari",)))
        with desk.place_in(WaitInQueue(rules().queues["a"]), f"{number}") as place:
            assert isinstance(await place.next(), AgentFree)
            rung += [one.name for one in place.claimed]
    assert rung == ["kari", "ola", "per", "tor", "ola"]


async def test_a_phone_with_one_place_is_tried_for_the_next_caller_as_soon_as_it_is_free() -> None:
    desk = desk_with(rules())
    queue = rules().queues["s"]
    with (
        desk.place_in(WaitInQueue(queue, site="partner"), "1") as first,
        desk.place_in(WaitInQueue(queue, site="partner"), "2") as second,
        desk.place_in(WaitInQueue(queue, site="partner", priority=1), "3") as third,
    ):
        assert isinstance(await first.next(), SiteFree)
        waiting = [asyncio.ensure_future(one.next()) for one in (second, third)]
        await asyncio.sleep(1)
        first.site_refused()
        await asyncio.sleep(1)
        assert [one.done() for one in waiting] == [False, True], "the first in rank"

        third.site_refused()
        await asyncio.sleep(1)
        assert waiting[0].done()


async def test_who_lost_an_agent_waits_five_seconds_for_the_site_and_as_long_as_before_for_a_step() -> (
    None
):
    desk = desk_with(rules(), "ola")
    held, queue = HeldPlace(), rules().queues["s"]
    wait = WaitInQueue(queue, site="oslo", step=0, step_in_seconds=20.0)
    desk.wishes.sign_out("ola", Wish("ola"))
    with desk.place_in(wait, "caller", held) as place:
        waiting = asyncio.ensure_future(place.next())
        await asyncio.sleep(1)
        assert not waiting.done()
        desk.wishes.sign_in("ola", Wish("ola"))
        assert isinstance(await waiting, AgentFree)
        place.took()
        desk.wishes.sign_out("ola", Wish("ola"))
        await asyncio.sleep(39)
        place.silent()
        began = asyncio.get_running_loop().time()
        assert isinstance(await place.next(), SiteGone)
        assert asyncio.get_running_loop().time() - began == 5
    desk.wishes.sign_in("ola", Wish("ola"))
    desk.wishes.pause("ola", "pause", Wish("ola"))
    on = WaitInQueue(
        queue, waited_seconds=45.0, site="oslo", step=0, step_in_seconds=0.0, goes_on=True
    )
    with desk.place_in(on, "caller", held) as place:
        began = asyncio.get_running_loop().time()
        assert isinstance(await place.next(), StepDue)
        assert asyncio.get_running_loop().time() - began == 20 - (45 - 40)
