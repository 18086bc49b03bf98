"""A caller who was cut off, or hung up, and calls again soon may have the old place: asked first, and once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ivr.numbers import parse_number
from ivr.proving.rule_tests import LeftBefore, PlayedCall
from ivr.proving.running import keeps_place
from ivr.proving.simulate import simulate
from ivr.records.events import CallEvent, PlaceKept, PlacePassedOn, Queued, Said
from ivr.rules.load import load_rules
from ivr.server.place_book import PlaceBook
from tests.clocks import LoopClock
from tests.flows.conftest import MONDAY_MORNING, PROMPTS, RULES, Switchboard, prompts
from tests.flows.test_left_behind import crashing

KEEPING = RULES.replace(
    "  kundeservice:\n    answer:", "  kundeservice:\n    keep_place: 60s\n    answer:"
)
MINUTE_AND_MORE = timedelta(seconds=61)
FIRST, SECOND, HIDDEN = "+4790000001", "+4790000002", ""


def house(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(KEEPING.encode(), "rules.yaml")
    catalogue = prompts((*PROMPTS, "keep_place"))
    return Switchboard(rules, catalogue, after=after, clock=LoopClock(MONDAY_MORNING))


@pytest.fixture
async def switchboard(make_switchboard: Any) -> Any:
    async with make_switchboard(KEEPING, ("keep_place",)) as running:
        await running.signs_in("kari")  # who answers nobody, until a test says so
        yield running


async def calls(switchboard: Any, number: str) -> Any:
    caller = switchboard.asterisk.ring(number, dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(1)
    return caller


def told_of(switchboard: Any, kind: type[CallEvent]) -> list[Any]:
    """What all calls were told of this kind, the first call first."""
    entries = [one for call in ids(switchboard) for one in switchboard.journal.events(call)]
    return [one.event for one in entries if isinstance(one.event, kind)]


def ids(switchboard: Any) -> list[str]:
    return sorted(one.call_id for one in switchboard.records)


async def gave_up_and_called_again(switchboard: Any) -> tuple[Any, Any]:
    """One waits for half a minute and hangs up; another comes; the first one calls again."""
    first = await calls(switchboard, FIRST)
    await asyncio.sleep(30)
    first.hangs_up()
    await asyncio.sleep(1)
    second = await calls(switchboard, SECOND)
    again = await calls(switchboard, FIRST)
    await again.hears("keep_place")
    return second, again


async def waits_before(switchboard: Any, first: Any, then: Any) -> None:
    """The agent, who is free again by now, takes one after the other."""
    kari = switchboard.asterisk.phones["PJSIP/kari"]
    kari.answers_after = 1
    await first.is_talking_to("kari")
    assert "kari" not in then.talking_to()
    first.hangs_up()
    await then.is_talking_to("kari")
    then.hangs_up()
    await asyncio.sleep(1)


async def test_who_presses_the_key_waits_where_they_were_before_and_both_calls_say_so(
    switchboard: Any,
) -> None:
    second, again = await gave_up_and_called_again(switchboard)
    again.keys("1")
    await asyncio.sleep(25)

    await waits_before(switchboard, again, second)

    (kept,), (passed_on,) = told_of(switchboard, PlaceKept), told_of(switchboard, PlacePassedOn)
    before, _, after = ids(switchboard)
    assert (kept.of_call, passed_on.to_call) == (before, after)
    assert [entry.event for entry in switchboard.journal.events(before)][-1] == passed_on
    assert [one.disposition for one in switchboard.records].count("abandoned") == 1
    assert len(told_of(switchboard, Queued)) == 3


async def test_who_presses_nothing_waits_anew_and_is_asked_no_more(switchboard: Any) -> None:
    second, again = await gave_up_and_called_again(switchboard)
    await asyncio.sleep(25)

    await waits_before(switchboard, second, again)

    assert told_of(switchboard, PlaceKept) == []


async def test_a_place_cannot_be_had_twice(switchboard: Any) -> None:
    second, again = await gave_up_and_called_again(switchboard)
    third = await calls(switchboard, FIRST)
    await third.hears("keep_place")
    again.keys("1")
    await asyncio.sleep(0.5)
    third.keys("1")
    await asyncio.sleep(25)
    for caller in (second, again, third):
        caller.hangs_up()
    await asyncio.sleep(1)

    assert len(told_of(switchboard, PlaceKept)) == 1


async def test_who_hides_the_number_is_asked_nothing(switchboard: Any) -> None:
    first = await calls(switchboard, HIDDEN)
    await asyncio.sleep(30)
    first.hangs_up()
    await asyncio.sleep(1)
    again = await calls(switchboard, HIDDEN)
    await asyncio.sleep(5)
    again.hangs_up()
    await asyncio.sleep(1)

    assert not any("keep_place" in said.prompts for said in told_of(switchboard, Said))


async def test_who_calls_again_later_than_that_is_asked_nothing(switchboard: Any) -> None:
    first = await calls(switchboard, FIRST)
    await asyncio.sleep(10)
    first.hangs_up()
    await asyncio.sleep(1)
    switchboard.clock.at += MINUTE_AND_MORE
    again = await calls(switchboard, FIRST)
    await asyncio.sleep(5)
    again.hangs_up()
    await asyncio.sleep(1)

    assert not any("keep_place" in said.prompts for said in told_of(switchboard, Said))


async def test_who_was_cut_off_from_an_agent_has_the_place_and_who_hung_up_has_not(
    switchboard: Any,
) -> None:
    switchboard.asterisk.phones["PJSIP/kari"].answers_after = 1
    for is_cut in (False, True):
        caller = await calls(switchboard, FIRST)
        await caller.is_talking_to("kari")
        await asyncio.sleep(10)
        caller.is_lost() if is_cut else caller.hangs_up()
        await asyncio.sleep(1)
        assert (switchboard.places.last(parse_number(FIRST)) is not None) is is_cut


async def test_a_place_outlasts_the_server(switchboard: Any) -> None:
    first = await calls(switchboard, FIRST)
    await asyncio.sleep(30)
    first.hangs_up()
    await asyncio.sleep(1)

    later = PlaceBook(switchboard.clock)
    later.remember(switchboard.journal)

    caller = parse_number(FIRST)
    kept, before = later.last(caller), switchboard.places.last(caller)
    assert kept is not None
    assert before is not None
    assert (kept.call_id, kept.queue) == (before.call_id, before.queue)
    assert later.take(caller, kept.call_id)
    assert not later.take(caller, kept.call_id)


@pytest.mark.parametrize("talks", [False, True])
@pytest.mark.parametrize("how", ["hangs up", "is lost", "Asterisk restarts"])
async def test_a_server_that_begins_now_keeps_the_places_that_this_one_does(
    switchboard: Any, how: str, talks: bool
) -> None:
    switchboard.asterisk.phones["PJSIP/kari"].answers_after = 1 if talks else None
    caller = await calls(switchboard, FIRST)
    await asyncio.sleep(20)
    match how:
        case "hangs up":
            caller.hangs_up()
        case "is lost":
            caller.is_lost()
        case _:
            switchboard.asterisk.restart()
    await asyncio.sleep(20)

    later = PlaceBook(switchboard.clock)
    later.remember(switchboard.journal)

    number = parse_number(FIRST)
    kept, before = later.last(number), switchboard.places.last(number)
    is_kept = not talks or how == "is lost"
    assert [place.queue for place in (kept, before) if place is not None] == (
        ["kundeservice"] * 2 if is_kept else []
    )


@pytest.mark.parametrize("is_back_at_once", [True, False])
async def test_who_waited_and_was_lost_while_no_server_was_there_has_the_place(
    is_back_at_once: bool,
) -> None:
    async with crashing(house()) as first:
        await first.signs_in("kari")
        waits = await calls(first, FIRST)
        await asyncio.sleep(30)
        other = await calls(first, SECOND)
    waits.hangs_up()
    if not is_back_at_once:
        await asyncio.sleep(700)
    async with house(first).running() as second:
        await asyncio.sleep(5)

        place = second.places.last(parse_number(FIRST))
        assert (place is not None) is is_back_at_once
        if place is not None:
            assert place.queue == "kundeservice"
            assert (place.left_at - place.since).total_seconds() == pytest.approx(31, abs=2)
            later = PlaceBook(second.clock)
            later.remember(second.journal)
            kept = later.last(parse_number(FIRST))
            assert kept is not None
            assert abs(kept.since - place.since) < timedelta(seconds=2)
            assert abs(kept.left_at - place.left_at) < timedelta(seconds=2)
        other.hangs_up()
        await asyncio.sleep(5)


@pytest.mark.parametrize("is_cut", [True, False])
async def test_who_is_cut_off_in_a_talk_that_outlived_its_server_has_the_place(
    is_cut: bool,
) -> None:
    async with crashing(house()) as first:
        await first.signs_in("kari", answers_after=10)
        caller = await calls(first, FIRST)
        await caller.is_talking_to("kari")
        await asyncio.sleep(20)
    async with house(first).running() as second:
        await asyncio.sleep(5)
        caller.is_lost() if is_cut else caller.hangs_up()
        await asyncio.sleep(5)

        later = PlaceBook(second.clock)
        later.remember(second.journal)
        places = [book.last(parse_number(FIRST)) for book in (second.places, later)]
        assert [place is not None for place in places] == [is_cut, is_cut]


async def test_a_place_that_was_had_again_is_not_there_after_a_restart(switchboard: Any) -> None:
    second, again = await gave_up_and_called_again(switchboard)
    again.keys("1")
    await asyncio.sleep(1)

    later = PlaceBook(switchboard.clock)
    later.remember(switchboard.journal)

    assert later.last(parse_number(FIRST)) is None
    for caller in (second, again):
        caller.hangs_up()


@pytest.mark.parametrize("answer", ["1", "5", ""])
async def test_the_simulator_says_what_the_engine_does(switchboard: Any, answer: str) -> None:
    rules = switchboard.rules
    first = await calls(switchboard, FIRST)
    await asyncio.sleep(30)
    first.hangs_up()
    await asyncio.sleep(5)
    again = await calls(switchboard, FIRST)
    await again.hears("keep_place")
    if answer:
        again.keys(answer)
    await asyncio.sleep(10)
    again.hangs_up()
    await asyncio.sleep(1)
    of_both = told_of(switchboard, Said)
    engine = tuple(prompt for said in of_both for prompt in said.prompts)

    at = switchboard.clock.now()
    left = LeftBefore("kundeservice", 6.0, 31.0)
    number = parse_number("+47 55 30 10 00")
    played = PlayedCall(number, at, parse_number(FIRST), press=f"1{answer}", left=left)
    before, after = (simulate(rules, one) for one in (replace(played, left=None), played))

    assert engine == (*before.said, *after.said)
    assert keeps_place(after) is (answer == "1") is bool(told_of(switchboard, PlaceKept))
