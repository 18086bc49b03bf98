"""Stories of callers whom the rules know: let in before others, led elsewhere, turned away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from ivr.records.events import Answered, Ended, Queued, Routed, Said
from ivr.rules.load import load_rules
from ivr.rules.reading.include import FoundFile
from tests.flows.conftest import PROMPTS, Switchboard, ended_cleanly, prompts
from tests.flows.test_hangup_at_every_await import around_request, at_await, nowhere, tell

VIP, NUISANCE, ROBOT, ANYBODY = (f"+479000000{number}" for number in (7, 8, 9, 1))
RULES = f"""
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 01: {{language: en, to: menu main}}
  +47 21 00 00 02: refuse
  anything else: {{to: menu main}}
callers:
  vip: {{file: lists/vip.csv, first_in_line: true, say: good_day, to: queue main}}
  nuisance: {{numbers: {NUISANCE[:3]} {NUISANCE[3:]}, say: not_today, to: hangup}}
  robots: {{numbers: [{ROBOT[:3]} {ROBOT[3:]}], to: refuse}}
  hidden: {{numbers: withheld, to: voicemail main}}
notices: [{{from: 2026-01-01, to: 2026-12-31, say: news}}]
menus: {{main: {{say: welcome, keys: {{1: queue main}}, nothing_chosen: queue main}}}}
queues: {{main: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}}}
agents: {{kari: {{phone: kari, queues: main}}}}
"""
LIST = f"navn;telefon\nRådhuset;{VIP[3:]}\n".encode()


def files(pattern: str) -> Iterator[FoundFile]:
    yield FoundFile(pattern, LIST)


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml", files=files)
    spoken = prompts((*PROMPTS, "good_day", "not_today", "news"))
    async with ended_cleanly(Switchboard(rules, spoken).running()) as board:
        yield board


async def test_a_guest_of_honour_hears_a_word_and_waits_in_the_queue(board: Switchboard) -> None:
    caller = board.asterisk.ring(VIP, dialled="+4721000001")
    await caller.hears("good_day")
    await asyncio.sleep(5)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [(one.to, one.language) for one in board.events(Routed)] == [("queue main", "en")]
    assert caller.heard[:2] == ["news", "good_day"]
    assert [one.queue for one in board.events(Queued)] == ["main"]


async def test_a_guest_of_honour_is_served_before_who_has_waited_longer(board: Switchboard) -> None:
    earlier = board.asterisk.ring(ANYBODY, dialled="+4721000000")
    await earlier.hears("welcome")
    earlier.keys("1")
    await asyncio.sleep(5)
    later = board.asterisk.ring(VIP, dialled="+4721000000")
    await later.hears("good_day")
    await asyncio.sleep(5)

    await board.signs_in("kari", answers_after=1)

    await later.is_talking_to("kari")
    later.hangs_up()
    earlier.hangs_up()


async def test_a_nuisance_hears_one_prompt_and_no_news(board: Switchboard) -> None:
    caller = board.asterisk.ring(NUISANCE, dialled="+4721000000")
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert caller.heard == ["not_today"]
    assert [one.refused for one in board.events(Routed)] == [True]
    assert (board.records[0].disposition, board.records[0].ended_by) == ("refused", "rules")
    assert board.records[0].visits == ()


@pytest.mark.parametrize(("calling", "dialled"), [(ROBOT, "+4721000000"), (ANYBODY, "+4721000002")])
async def test_a_call_is_refused_before_it_is_answered_and_written_down(
    board: Switchboard, calling: str, dialled: str
) -> None:
    caller = board.asterisk.ring(calling, dialled=dialled)
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert caller.channel is not None
    assert caller.channel.hangup_cause == 21
    assert board.events(Answered) == []
    assert board.events(Said) == []
    assert [(one.to, one.refused) for one in board.events(Routed)] == [("refuse", True)]
    assert [(one.by, one.cause) for one in board.events(Ended)] == [("rules", 21)]
    assert board.records[0].disposition == "refused"
    assert board.records[0].answered_at is None


async def test_who_hides_the_number_is_a_kind_of_caller(board: Switchboard) -> None:
    caller = board.asterisk.ring("", dialled="+4721000000")
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.to for one in board.events(Routed)] == ["voicemail main"]


async def test_an_agents_own_phone_hides_nothing(board: Switchboard) -> None:
    caller = board.asterisk.ring("", dialled="+4721000000", endpoint="PJSIP/kari")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.to for one in board.events(Routed)] == ["menu main"]


async def test_a_caller_who_gives_up_while_being_refused_leaves_nothing(board: Switchboard) -> None:
    caller = board.asterisk.ring(NUISANCE, dialled="+4721000000")
    await caller.hears("not_today")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert (board.records[0].disposition, board.records[0].ended_by) == ("refused", "caller")


async def hears_it_out(_: Any, caller: Any) -> None:
    await caller.is_hung_up()


@pytest.mark.parametrize("does", ["to: refuse", "say: not_today, to: hangup"])
async def test_a_hang_up_at_any_moment_of_being_turned_away_leaves_nothing(does: str) -> None:
    rules, _ = load_rules(
        "version: 1\nnumbers: {anything else: queue main}\n"
        f"callers: {{nuisance: {{numbers: +47 90 00 00 01, {does}}}}}\n"
        "queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}\n"
        "agents: {kari: {phone: kari, queues: main}}\n".encode(),
        "rules.yaml",
    )
    spoken = prompts((*PROMPTS, "not_today"))

    def make() -> AbstractAsyncContextManager[Switchboard]:
        return Switchboard(rules, spoken).running()

    told = await tell(make, hears_it_out, nowhere)

    assert told.awaits > 0
    assert told.requests > 0
    for number in range(1, told.awaits + 1):
        await tell(make, hears_it_out, at_await(number))
    for number in range(1, told.requests + 1):
        for when in ("before_request", "after_request"):
            await tell(make, hears_it_out, around_request(number, when))
