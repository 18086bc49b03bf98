"""Stories of callers who are asked, who are first in line, who find a queue full, or who wait on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.records.events import LeftQueue, QuestionTry, Queued, Routed
from ivr.rules.load import load_rules
from tests.flows.conftest import PROMPTS, Switchboard, ended_cleanly, prompts

RULES = """
version: 1
numbers:
  +47 21 00 00 00: department henting
  anything else: queue kundeservice
callers: {hospitals: [+47 90 00 00 09]}
site_of_call: [dialled number, question postnummer]
questions: {postnummer: {say: ask, digits: 4, tries: 2, wait: 6s, between: 3s, finds: site}}
hours: {always: {daily: 00:00-24:00}}
departments:
  henting:
    hours: always
    national: queue kundeservice
    closed: {say: closed, to: hangup}
    first_in_line: hospitals
sites:
  bergen: {postcodes: 5000-5999, departments: {henting: {local: queue bergen}}}
queues:
  kundeservice:
    answer: 80% within 20s
    at_most: 2 waiting
    when_full: voicemail kundeservice
    while_waiting: [{after: 30s, also_ring: queue bergen}, {after: 10m, to: hangup}]
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
agents:
  kari: {phone: kari, queues: [kundeservice, bergen]}
"""


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with ended_cleanly(Switchboard(rules, prompts((*PROMPTS, "ask"))).running()) as board:
        yield board


async def test_a_caller_who_keys_a_postcode_is_taken_to_the_site(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    caller.keys("5003")
    await asyncio.sleep(5)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.to for one in board.events(Routed)] == ["question postnummer", "queue bergen"]
    assert [one.result for one in board.events(QuestionTry)] == ["answered"]
    assert board.records[0].site == "bergen"


async def test_the_digits_are_kept_nowhere(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    caller.keys("5013")
    await asyncio.sleep(5)
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = board.records
    assert "5013" not in repr([entry.event for entry in board.journal.events(record.call_id)])


@pytest.mark.parametrize(
    ("keys", "results"),
    [
        ("", ["no_input", "no_input"]),
        ("50", ["no_match", "no_input"]),
        ("50#", ["no_match", "no_input"]),
    ],
)
async def test_a_caller_who_does_not_answer_gets_on_all_the_same(
    board: Switchboard, keys: str, results: list[str]
) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    if keys:
        caller.keys(keys)
    await caller.hears("no_match" if keys else "no_input")
    await asyncio.sleep(40)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(QuestionTry)] == results
    assert [one.to for one in board.events(Routed)][:2] == [
        "question postnummer",
        "queue kundeservice",
    ]


async def test_a_caller_may_hang_up_while_being_asked(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    caller.keys("5")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert board.events(QuestionTry) == []
    assert board.records[0].ended_by == "caller"


async def test_who_is_first_in_line_is_served_before_who_came_earlier(board: Switchboard) -> None:
    earlier = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await earlier.hears("ask")
    earlier.keys("5003")
    await asyncio.sleep(5)
    first = board.asterisk.ring("+4790000009", dialled="+4721000000")
    await first.hears("ask")
    first.keys("5003")
    await asyncio.sleep(5)

    await board.signs_in("kari", answers_after=1)

    await first.is_talking_to("kari")
    first.hangs_up()
    await earlier.is_talking_to("kari")
    earlier.hangs_up()


async def test_who_comes_to_a_full_queue_goes_where_it_says(board: Switchboard) -> None:
    waiting = [board.asterisk.ring(f"+479000000{n}", dialled="+4722000000") for n in (1, 2)]
    await asyncio.sleep(2)

    late = board.asterisk.ring("+4790000003", dialled="+4722000000")

    await late.hears("voicemail")
    for caller in (*waiting, late):
        caller.hangs_up()


async def test_a_step_that_keeps_the_caller_is_written_down_and_the_wait_goes_on(
    board: Switchboard,
) -> None:
    board.asterisk.ring("+4790000001", dialled="+4722000000")

    await asyncio.sleep(620)

    assert len(board.events(Queued)) == 1
    assert [one.result for one in board.events(LeftQueue)] == ["overflowed"]
    queue = "queue kundeservice"
    assert [one.to for one in board.events(Routed)] == [queue, queue, "hangup"]
