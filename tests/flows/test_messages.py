"""Stories of callers who hear messages between the music."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivr.ari.fake import Caller
from ivr.rules.load import load_rules
from tests.flows.conftest import NUMBERS, PROMPTS, Switchboard, ended_cleanly, prompts

RULES = """
version: 1
languages: [nb]
numbers:
  +47 21 00 00 01: {to: queue kundeservice}
  +47 21 00 00 02: {to: queue both}
queues:
  kundeservice:
    answer: 80% within 20s
    say: [wait.web, wait.app]
    say_every: 60s
    keys: {1: voicemail kundeservice}
    while_waiting: [{after: 100s, also_ring: queue both}, {after: 30m, to: hangup}]
  both:
    answer: 80% within 20s
    say_place: every 45s
    say: wait.web
    say_every: 50s
    while_waiting: [{after: 30m, to: hangup}]
agents:
  kari: {phone: kari, queues: [kundeservice]}
"""


@asynccontextmanager
async def running() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    board = Switchboard(rules, prompts((*PROMPTS, *NUMBERS, "wait.web", "wait.app")))
    async with ended_cleanly(board.running()) as board:
        yield board


async def heard_within(seconds: float, dialled: str) -> list[str]:
    async with running() as board:
        caller = board.asterisk.ring("+4790000001", dialled=dialled)
        await asyncio.sleep(seconds)
        caller.hangs_up()
        return messages(caller)


def messages(caller: Caller) -> list[str]:
    return [name for name in caller.heard if name.startswith(("wait.", "number."))]


async def test_messages_are_heard_one_after_another_every_so_often() -> None:
    assert await heard_within(200, "+4721000001") == ["wait.web", "wait.app", "wait.web"]


async def test_what_is_due_at_nearly_the_same_time_is_said_together() -> None:
    heard = await heard_within(60, "+4721000002")

    assert heard == ["number.1", "number.1", "wait.web"]


async def test_an_agent_who_answers_cuts_a_message_short() -> None:
    async with running() as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
        await caller.hears("wait.web")
        await board.signs_in("kari", answers_after=0.1)

        await caller.is_talking_to("kari")
        caller.hangs_up()


async def test_a_key_counts_while_a_message_is_said() -> None:
    async with running() as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
        await caller.hears("wait.web")
        caller.keys("1")

        await caller.hears("voicemail")
        caller.hangs_up()


async def test_no_message_is_said_while_the_phone_of_an_agent_rings_for_the_caller() -> None:
    async with running() as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
        await asyncio.sleep(50)
        await board.signs_in("kari", answers_after=15)
        await asyncio.sleep(13)
        assert messages(caller) == []
        await caller.is_talking_to("kari")
        caller.hangs_up()
