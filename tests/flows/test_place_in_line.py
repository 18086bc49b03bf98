"""Stories of callers who are told their place while they wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager

import pytest

from ivr.ari.fake import Caller
from ivr.rules.load import load_rules
from tests.flows.conftest import NUMBERS, PROMPTS, Switchboard, ended_cleanly, prompts
from tests.flows.test_hangup_at_every_await import around_request, at_await, nowhere, tell

RULES = """
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 01: {to: queue kundeservice}
  +47 21 00 00 02: department henting
  +47 21 00 00 03: {language: en, to: queue kundeservice}
callers: {hospitals: [+47 90 00 00 09]}
hours: {always: {daily: 00:00-24:00}}
departments:
  henting:
    hours: always
    national: queue kundeservice
    closed: {say: closed, to: hangup}
    first_in_line: hospitals
queues:
  kundeservice:
    answer: 80% within 20s
    say_place: every 45s
    while_waiting: [{after: 100s, also_ring: queue bergen}, {after: 10m, to: hangup}]
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
agents:
  kari: {phone: kari, queues: [kundeservice]}
"""
IN_LINE = ("place.you_are_number", "number.{}", "place.in_line")


def board_with(names: Iterable[str]) -> Switchboard:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts(names))


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    async with ended_cleanly(board_with((*PROMPTS, *NUMBERS)).running()) as board:
        yield board


def told(caller: Caller) -> list[str]:
    """The numbers that a caller has heard."""
    return [name.removeprefix("number.") for name in caller.heard if name.startswith("number.")]


async def test_a_caller_hears_the_place_at_once_and_then_every_so_often(
    board: Switchboard,
) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")

    await caller.hears("place.you_are_number")
    await caller.hears("number.1")
    await caller.hears("place.in_line")
    await asyncio.sleep(92)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert told(caller) == ["1", "1", "1"]


async def test_the_music_plays_between_and_is_off_while_the_place_is_told(
    board: Switchboard,
) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await caller.hears("place.in_line")
    await asyncio.sleep(10)
    before = len(board.asterisk.requests)
    await asyncio.sleep(45)
    caller.hangs_up()

    asked = [one for one in board.asterisk.requests[before:] if "moh" in one or "/play" in one]
    assert [one.split(" ")[0] for one in asked] == ["DELETE", "POST", "POST", "POST", "POST"]
    assert asked[0].endswith("/moh")
    assert asked[-1].endswith("/moh")


async def test_places_go_down_as_callers_before_are_gone(board: Switchboard) -> None:
    first = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await asyncio.sleep(1)
    second = board.asterisk.ring("+4790000002", dialled="+4721000001")
    await asyncio.sleep(10)
    first.hangs_up()
    await asyncio.sleep(45)
    second.hangs_up()
    await asyncio.sleep(1)

    assert told(second) == ["2", "1"]


async def test_who_is_overtaken_hears_nothing_until_the_place_is_as_it_was(
    board: Switchboard,
) -> None:
    waiting = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await asyncio.sleep(10)
    hospital = board.asterisk.ring("+4790000009", dialled="+4721000002")
    await asyncio.sleep(60)
    assert told(waiting) == ["1"]
    assert told(hospital) == ["1", "1"]

    hospital.hangs_up()
    await asyncio.sleep(30)
    waiting.hangs_up()
    await asyncio.sleep(1)

    assert told(waiting) == ["1", "1"]


async def test_a_step_in_the_middle_of_the_wait_neither_repeats_nor_forgets_what_was_told(
    board: Switchboard,
) -> None:
    waiting = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await asyncio.sleep(10)
    hospital = board.asterisk.ring("+4790000009", dialled="+4721000002")
    await asyncio.sleep(130)  # the step is at 100 s: nobody is told 2 after it
    waiting.hangs_up()
    hospital.hangs_up()
    await asyncio.sleep(1)

    assert told(waiting) == ["1"]


async def test_no_place_is_told_while_the_phone_of_an_agent_rings_for_the_caller(
    board: Switchboard,
) -> None:
    await board.signs_in("kari", answers_after=5)
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")

    await caller.is_talking_to("kari")
    await asyncio.sleep(60)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert told(caller) == []


async def test_an_agent_who_answers_cuts_the_place_short(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await caller.hears("place.you_are_number")
    await board.signs_in("kari", answers_after=0.1)

    await caller.is_talking_to("kari")
    caller.hangs_up()


async def test_a_place_is_told_in_the_callers_own_language_or_not_at_all() -> None:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    english_only = prompts((*PROMPTS, *NUMBERS), languages=("en",))
    async with Switchboard(rules, english_only).running() as board:
        english = board.asterisk.ring("+4790000001", dialled="+4721000003")
        norwegian = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await asyncio.sleep(20)

        assert told(english) == ["1"]
        assert told(norwegian) == []
        for caller in (english, norwegian):
            caller.hangs_up()
        await asyncio.sleep(60)


async def test_without_the_recordings_there_is_music_and_no_half_sentence() -> None:
    async with board_with((*PROMPTS, "place.you_are_number", "place.in_line")).running() as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
        await asyncio.sleep(100)
        assert [one for one in board.asterisk.requests if "/play" in one] == []
        caller.hangs_up()
        await asyncio.sleep(60)


async def hears_the_place_twice_and_talks(board: Switchboard, caller: Caller) -> None:
    await caller.hears("place.in_line")
    await caller.hears("place.in_line")
    await board.signs_in("kari", answers_after=1)
    await caller.is_talking_to("kari")


def make() -> AbstractAsyncContextManager[Switchboard]:
    return board_with((*PROMPTS, *NUMBERS)).running()


async def test_a_hang_up_at_any_moment_of_the_wait_leaves_nothing() -> None:
    story = hears_the_place_twice_and_talks
    told = await tell(make, story, nowhere, dialled="+4721000001")
    assert told.awaits > 20

    for number in range(1, told.awaits + 1):
        await tell(make, story, at_await(number), dialled="+4721000001")
    for number in range(1, told.requests + 1):
        for when in ("before_request", "after_request"):
            await tell(make, story, around_request(number, when), dialled="+4721000001")
