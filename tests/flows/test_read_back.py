"""Stories of callers whose answer is read back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from ivr.ari.fake import Caller
from ivr.records.events import QuestionTry, Routed
from ivr.rules.load import load_rules
from tests.flows.conftest import NUMBERS, PROMPTS, Switchboard, ended_cleanly, prompts
from tests.flows.test_hangup_at_every_await import around_request, at_await, nowhere, tell

RULES = """
version: 1
numbers: {anything else: department henting}
site_of_call: [question postnummer]
questions: {postnummer: {say: ask, digits: 4, tries: 2, wait: 6s, confirm: true, finds: site}}
hours: {always: {daily: 00:00-24:00}}
departments:
  henting: {hours: always, national: queue kundeservice, closed: {say: closed, to: hangup}}
sites:
  bergen: {postcodes: 5000-5999, departments: {henting: {local: queue bergen}}}
queues:
  kundeservice: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
"""
READ = ["read_back.you_keyed", "number.5", "number.0", "number.1", "number.3"]


def make() -> AbstractAsyncContextManager[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts((*PROMPTS, *NUMBERS, "ask"))).running()


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    async with ended_cleanly(make()) as board:
        yield board


async def answers(board: Switchboard, then: str) -> Caller:
    """A caller keys 5013, hears it read back, keys `then`, and hangs up after a while."""
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    caller.keys("5013")
    await caller.hears("read_back.is_it_right")
    if then:
        caller.keys(then)
    await asyncio.sleep(30)
    caller.hangs_up()
    await asyncio.sleep(1)
    return caller


@pytest.mark.parametrize("then", ["1", "", "#"], ids=["one", "silence", "hash"])
async def test_an_answer_that_the_caller_lets_stand_counts(board: Switchboard, then: str) -> None:
    caller = await answers(board, then)

    place = caller.heard.index(READ[0])
    assert caller.heard[place : place + 6] == [*READ, "read_back.is_it_right"]
    assert [one.result for one in board.events(QuestionTry)] == ["answered"]
    assert [one.to for one in board.events(Routed)] == ["question postnummer", "queue bergen"]


@pytest.mark.parametrize("then", ["2", "7", "*"])
async def test_a_caller_who_says_that_it_is_wrong_is_asked_again_and_not_blamed(
    board: Switchboard, then: str
) -> None:
    caller = await answers(board, then)

    assert [one.result for one in board.events(QuestionTry)] == ["corrected", "no_input"]
    assert caller.heard.count("ask") == 2
    assert "no_match" not in caller.heard
    assert board.events(Routed)[-1].to == "queue kundeservice"


async def test_the_second_answer_counts(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    caller.keys("9013")
    await caller.hears("read_back.is_it_right")
    caller.keys("2")
    await caller.hears("ask")
    caller.keys("50131")
    await asyncio.sleep(10)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(QuestionTry)] == ["corrected", "answered"]
    assert board.records[0].site == "bergen"


async def test_who_keys_on_need_not_hear_it_read_back(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    caller.keys("50131")
    await asyncio.sleep(5)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert "read_back.is_it_right" not in caller.heard
    assert [one.result for one in board.events(QuestionTry)] == ["answered"]


async def test_the_digits_are_in_no_event_though_they_are_said(
    board: Switchboard, capsys: pytest.CaptureFixture[str]
) -> None:
    board.asterisk.faults.missing_media.add("number.5")
    await answers(board, "1")

    (record,) = board.records
    kept = repr([entry.event for entry in board.journal.events(record.call_id)])
    assert "read_back.you_keyed" in kept
    assert "number." not in kept
    assert "number." not in capsys.readouterr().out


async def test_without_a_recording_nothing_is_read_back_and_the_answer_counts() -> None:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    lacking = prompts((*PROMPTS, *(one for one in NUMBERS if one != "number.3"), "ask"))
    async with Switchboard(rules, lacking).running() as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
        await caller.hears("ask")
        caller.keys("5013")
        await asyncio.sleep(5)
        caller.hangs_up()
        await asyncio.sleep(60)

        assert "read_back.you_keyed" not in caller.heard
        assert board.events(Routed)[-1].to == "queue bergen"


async def corrects_once(_: Switchboard, caller: Caller) -> None:
    await caller.hears("ask")
    caller.keys("9013")
    await caller.hears("read_back.is_it_right")
    caller.keys("2")
    await caller.hears("ask")
    caller.keys("5013")
    await caller.hears("read_back.is_it_right")
    await caller.hears("music:calm")


async def test_a_hang_up_at_any_moment_leaves_nothing() -> None:
    told = await tell(make, corrects_once, nowhere)
    assert told.awaits > 20

    for number in range(1, told.awaits + 1):
        await tell(make, corrects_once, at_await(number))
    for number in range(1, told.requests + 1):
        for when in ("before_request", "after_request"):
            await tell(make, corrects_once, around_request(number, when))
