"""Stories of phones outside the queues: the caller hears it ring, and somebody takes it or nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ivr.records.events import PhoneNotTaken, PhoneRang, PhoneTaken, Queued, TalkEnded
from ivr.rules.load import load_rules
from tests.flows.conftest import PROMPTS, Switchboard, ended_cleanly, prompts

RULES = """
version: 1
languages: [nb]
numbers:
  +47 21 00 00 01: phone vakt
  +47 21 00 00 02: phone alone
  anything else: {to: phone outside}
phones:
  vakt: {phone: vakt, ring_time: 20s, no_answer: queue main}
  alone: vakt
  outside: {phone: +47 90 00 00 00, no_answer: queue main}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: main}}
"""
VAKT, ALONE, OUTSIDE = "+4721000001", "+4721000002", "+4721000009"


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with ended_cleanly(Switchboard(rules, prompts(PROMPTS)).running()) as board:
        yield board


async def test_whoever_takes_the_phone_talks_and_ends_the_call(board: Any) -> None:
    phone = await board.signs_in("vakt", answers_after=3)

    caller = board.asterisk.ring("+4790000001", dialled=VAKT)
    await caller.is_talking_to("vakt")
    await asyncio.sleep(30)
    phone.hangs_up()
    await caller.is_hung_up()
    await asyncio.sleep(1)

    (record,) = board.records
    assert (record.disposition, record.ended_by, record.queue) == ("answered", "agent", None)
    assert round(record.talk_seconds) == 30
    assert caller.heard == ["ringing"]
    assert [one.phone for one in board.events(PhoneRang)] == ["vakt"]
    assert [one.phone for one in board.events(PhoneTaken)] == ["vakt"]


async def test_a_caller_who_hangs_up_first_has_ended_the_talk(board: Any) -> None:
    await board.signs_in("vakt", answers_after=3)

    caller = board.asterisk.ring("+4790000001", dialled=VAKT)
    await caller.is_talking_to("vakt")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert (board.records[0].disposition, board.records[0].ended_by) == ("answered", "caller")


@pytest.mark.parametrize(
    ("behaviour", "result"),
    [({"answers_after": None}, "no_answer"), ({"busy": True}, "busy"), (None, "gone")],
)
async def test_when_nobody_takes_it_the_call_goes_where_the_rules_say(
    board: Any, behaviour: dict[str, Any] | None, result: str
) -> None:
    if behaviour is not None:
        await board.signs_in("vakt", **behaviour)
    await board.signs_in("kari", answers_after=1)

    caller = board.asterisk.ring("+4790000001", dialled=VAKT)
    await caller.is_talking_to("kari")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(PhoneNotTaken)] == [result]
    assert [one.queue for one in board.events(Queued)] == ["main"]
    assert board.records[0].agent == "kari"


async def test_a_phone_that_leads_nowhere_ends_with_an_apology(board: Any) -> None:
    await board.signs_in("vakt", busy=True)

    caller = board.asterisk.ring("+4790000001", dialled=ALONE)
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert caller.heard[-1] == "sorry"
    assert board.records[0].ended_by == "rules"


async def test_a_number_outside_without_a_trunk_is_passed_over(board: Any) -> None:
    await board.signs_in("kari", answers_after=1)

    caller = board.asterisk.ring("+4790000001", dialled=OUTSIDE)
    await caller.is_talking_to("kari")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(PhoneNotTaken)] == ["barred"]


async def test_a_phone_that_is_lost_in_the_talk_gives_the_caller_back_to_the_rules(
    board: Any,
) -> None:
    phone = await board.signs_in("vakt", answers_after=1)
    await board.signs_in("kari", answers_after=1)

    caller = board.asterisk.ring("+4790000001", dialled=VAKT)
    await caller.is_talking_to("vakt")
    await asyncio.sleep(10)
    phone.is_lost()
    await caller.is_talking_to("kari")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.by for one in board.events(TalkEnded)] == ["system"]


async def test_a_bridge_that_is_gone_is_as_if_nobody_had_taken_it(board: Any) -> None:
    await board.signs_in("vakt", answers_after=1)
    await board.signs_in("kari", answers_after=1)
    board.asterisk.faults.refuse_next("/addChannel", status=404)

    caller = board.asterisk.ring("+4790000001", dialled=VAKT)
    await caller.is_talking_to("kari")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(PhoneNotTaken)] == ["gone"]


async def test_who_sits_at_a_phone_that_rings_or_is_talked_on_is_offered_no_caller() -> None:
    shared = RULES.replace(
        "{kari: {phone: kari, queues: main}}", "{per: {phone: vakt, queues: main}}"
    )
    rules, _ = load_rules(
        shared.replace(
            "  anything else", "  +47 21 00 00 03: queue main\n  anything else"
        ).encode(),
        "rules.yaml",
    )
    async with ended_cleanly(Switchboard(rules, prompts(PROMPTS)).running()) as board:
        phone = await board.signs_in("vakt", answers_after=3)
        first = board.asterisk.ring("+4790000001", dialled=VAKT)
        await asyncio.sleep(1)
        second = board.asterisk.ring("+4790000002", dialled="+4721000003")
        await first.is_talking_to("vakt")
        await asyncio.sleep(60)

        phone.hangs_up()
        await second.is_talking_to("vakt")
        second.hangs_up()
        await asyncio.sleep(1)
        (waited,) = [one for one in board.records if one.queue == "main"]
    assert (waited.agent, waited.visits[0].offers) == ("per", 1)
