"""What a server remembers of talks, and what the next one does: the same, whether it was killed in them or not."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from ivr.ari.fake import Caller, FakePhone
from ivr.desk.seat import BY_ITSELF
from ivr.numbers import parse_number
from ivr.records.events import Connected
from ivr.rules.load import load_rules
from ivr.server.outgoing import OutgoingCalls
from ivr.server.survey_book import SurveyBook
from ivr.server.talk_book import TalkBook
from tests.clocks import LoopClock
from tests.flows.conftest import (
    ASKING,
    CARRIER,
    MONDAY_MORNING,
    OUTSIDE,
    Switchboard,
    prompts,
)
from tests.flows.test_left_behind import crashing

UNCONFIRMED = ASKING.replace(", confirm: true", "")
"""Nothing passes outside between the answer, from which it costs, and the talk, which is in the records."""

CALLERS = ("+4790000001", "+4790000002", "+4790000003")
CALLER = CALLERS[0]
A_MOMENT = 0.002
"""Of a minute: of two clocks one is asked a little later."""


def house(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(UNCONFIRMED.encode(), "rules.yaml")
    clock = LoopClock(MONDAY_MORNING)
    return Switchboard(rules, prompts(), after=after, trunks=(CARRIER,), clock=clock)


async def comes(board: Switchboard, key: str, number: str = CALLER) -> Caller:
    caller = board.asterisk.ring(number, dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys(key)
    return caller


async def talks_with_kari(board: Switchboard, seconds: float = 30.0) -> tuple[Caller, FakePhone]:
    kari = await board.signs_in("kari", answers_after=1)
    caller = await comes(board, "1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(seconds)
    return caller, kari


async def talks_outside(board: Switchboard, key: str = "5") -> tuple[Caller, FakePhone]:
    vakt = board.asterisk.phone(OUTSIDE[0], answers_after=1)
    caller = await comes(board, key)
    await caller.is_talking_to(OUTSIDE[0])
    await asyncio.sleep(300)
    return caller, vakt


def known_of(board: Switchboard, number: str = CALLER) -> str | None:
    """With whom this server knows that the caller talked last."""
    last = board.talks.last(parse_number(number))
    return last.agent if last is not None else None


def talks_today(board: Switchboard) -> dict[str, int]:
    """What `fewest calls` goes by."""
    return dict(+board.desk._distribution.talks)


def next_one_agrees(board: Switchboard) -> None:
    """A server that begins now knows of talks what this one does."""
    later = TalkBook(board.clock)
    later.remember(board.journal)
    surveyed = SurveyBook(board.clock)
    surveyed.remember(board.journal)
    for number in CALLERS:
        last = later.last(parse_number(number))
        assert known_of(board, number) == (last.agent if last else None), number
        asked = [book.last(parse_number(number)) for book in (board.surveyed, surveyed)]
        assert (asked[0] is None) == (asked[1] is None), number
    assert Counter(board.journal.talks_of_agents(board.desk.day_began())) == talks_today(board)
    outgoing = OutgoingCalls(
        board.outgoing.said, board.trunks, board.outgoing.zone, board.clock, board.counts
    )
    outgoing.remember(board.journal)
    assert outgoing.minutes_today() == pytest.approx(board.outgoing.minutes_today(), abs=A_MOMENT)


async def test_with_whom_a_caller_talks_whose_server_was_killed_is_known_as_in_any_talk() -> None:
    async with crashing(house()) as first:
        caller, kari = await talks_with_kari(first)
    async with house(first).running() as second:
        await asyncio.sleep(2)
        assert known_of(second) == "kari"
        assert talks_today(second) == {"kari": 1}

        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)
        next_one_agrees(second)


@pytest.mark.parametrize("seconds", [1, 3])
async def test_a_talk_that_is_short_in_both_servers_together_does_not_count(seconds: int) -> None:
    async with crashing(house()) as first:
        caller, kari = await talks_with_kari(first, seconds=1)
    async with house(first).running() as second:
        await asyncio.sleep(1)
        assert known_of(second) is None
        await asyncio.sleep(seconds - 1)
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert known_of(second) == ("kari" if seconds == 3 else None)
        next_one_agrees(second)


async def test_a_talk_of_which_only_the_offer_was_written_down_counts_once() -> None:
    async with crashing(house()) as first:
        caller, kari = await talks_with_kari(first)
    (entries,) = first.journal._entries.values()
    entries[:] = [entry for entry in entries if not isinstance(entry.event, Connected)]
    async with house(first).running() as second:
        await asyncio.sleep(10)
        assert talks_today(second) == {"kari": 1}
        assert known_of(second) == "kari"
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)
        next_one_agrees(second)


async def test_whom_a_caller_talked_with_who_is_asked_as_the_server_is_killed_is_known() -> None:
    async with crashing(house()) as first:
        lise = await first.signs_in("lise", answers_after=1)
        caller = await comes(first, "6")
        await caller.is_talking_to("lise")
        await asyncio.sleep(30)
        lise.hangs_up()
        await caller.hears("rate")
    async with house(first).running() as second:
        assert known_of(second) == "lise"
        assert talks_today(second) == {"lise": 1}
        assert second.surveyed.last(parse_number(CALLER)) is not None
        caller.hangs_up()
        await asyncio.sleep(5)
        next_one_agrees(second)


@pytest.mark.parametrize("whose", ["caller", "agent"])
async def test_who_hung_up_while_no_server_was_there_is_in_the_books_of_the_next(
    whose: str,
) -> None:
    async with crashing(house()) as first:
        caller, kari = await talks_with_kari(first)
    (caller if whose == "caller" else kari).hangs_up()
    await asyncio.sleep(20)
    async with house(first).running() as second:
        await asyncio.sleep(5)
        assert known_of(second) == "kari"
        assert talks_today(second) == {"kari": 1}
        caller.hangs_up()
        await asyncio.sleep(60)
        next_one_agrees(second)


async def test_the_turn_goes_on_with_who_comes_after_the_one_whom_an_earlier_server_rang() -> None:
    def in_turn(after: Switchboard | None = None) -> Switchboard:
        text = ASKING.replace("ring: longest idle", "ring: round robin", 1)
        rules, _ = load_rules(text.encode(), "rules.yaml")
        clock = LoopClock(MONDAY_MORNING)
        return Switchboard(rules, prompts(), after=after, trunks=(CARRIER,), clock=clock)

    async def is_taken_by(board: Switchboard, agent: str) -> None:
        caller = await comes(board, "1")
        await caller.is_talking_to(agent)
        caller.hangs_up()
        await asyncio.sleep(5)

    async with in_turn().running() as first:
        for name in ("kari", "ola"):
            await first.signs_in(name, answers_after=1)
        for name in ("kari", "ola", "kari"):
            await is_taken_by(first, name)
    async with in_turn(first).running() as second:
        await asyncio.sleep(1)
        for name in ("ola", "kari"):
            await is_taken_by(second, name)


@pytest.mark.parametrize("key", ["5", "7"])
async def test_minutes_outside_of_a_talk_that_goes_on_count_from_its_beginning(key: str) -> None:
    async with crashing(house()) as first:
        caller, vakt = await talks_outside(first, key)
    async with house(first).running() as second:
        await asyncio.sleep(60)
        assert second.outgoing.minutes_today() == pytest.approx(6, abs=0.1)
        vakt.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert second.outgoing.minutes_today() == pytest.approx(6, abs=0.1)
        next_one_agrees(second)


@pytest.mark.parametrize("whose", ["caller", "phone"])
async def test_minutes_outside_of_a_talk_that_ended_while_no_server_was_there_count(
    whose: str,
) -> None:
    async with crashing(house()) as first:
        caller, vakt = await talks_outside(first)
    (caller if whose == "caller" else vakt).hangs_up()
    await asyncio.sleep(60)
    async with house(first).running() as second:
        await asyncio.sleep(5)
        with suppress(AssertionError):
            caller.hangs_up()
        await asyncio.sleep(60)

        assert second.outgoing.minutes_today() >= 5
        next_one_agrees(second)


async def test_minutes_outside_that_were_over_count_though_the_call_goes_on() -> None:
    async with crashing(house()) as first:
        caller, vakt = await talks_outside(first)
        vakt.is_lost()
        await caller.hears("voicemail")
    async with house(first).running() as second:
        assert second.outgoing.minutes_today() == pytest.approx(5, abs=0.1)
        caller.hangs_up()
        await asyncio.sleep(10)
        next_one_agrees(second)


async def test_a_talk_outside_that_loses_the_link_is_not_counted_twice() -> None:
    async with house().running() as board:
        caller, vakt = await talks_outside(board)
        board.asterisk.lose_link()
        await asyncio.sleep(1)
        board.asterisk.restore_link()
        await asyncio.sleep(60)
        assert board.outgoing.minutes_today() == pytest.approx(6, abs=0.1)
        vakt.hangs_up()
        await caller.is_hung_up()


def is_lost(_: Caller, phone: FakePhone) -> None:
    phone.is_lost()


def hangs_up(_: Caller, phone: FakePhone) -> None:
    phone.hangs_up()


def is_left(caller: Caller, _: FakePhone) -> None:
    caller.hangs_up()


async def a_day(board: Switchboard, draw: random.Random) -> Callable[[], Awaitable[None]]:
    """A call, each time another, and what becomes of its talks."""
    # Of two talks that began in one instant none is the last: nobody comes or answers at once with another.
    takes = {"kari": 1.0, "ola": 1.33, "lise": 1.71}
    phones = {
        name: await board.signs_in(name, answers_after=after) for name, after in takes.items()
    }
    vakt = board.asterisk.phone(OUTSIDE[0], answers_after=1)

    async def a_call() -> None:
        for phone in phones.values():
            phone.sends_sound = draw.random() < 0.8
            phone.registers()
        caller = await comes(board, draw.choice("1156"), draw.choice(CALLERS))
        for _ in range(draw.randrange(1, 4)):
            await asyncio.sleep(draw.choice([1, 2, 8, 20, 90]))
            there = [
                one for one in (*phones.values(), vakt) if one.channel and not one.channel.is_gone
            ]
            if there and caller.channel is not None and not caller.channel.is_gone:
                end: Callable[[Caller, FakePhone], None] = draw.choice([is_lost, hangs_up, is_left])
                end(caller, draw.choice(there))
        if caller.channel is not None and not caller.channel.is_gone:
            caller.hangs_up()
        await asyncio.sleep(draw.choice([0, 5]))

    return a_call


async def silent_are_well_again(board: Switchboard) -> None:
    for agent in board.desk.agents():
        if agent.reason is not None:
            board.desk.wishes.resume(agent.name, BY_ITSELF)


@pytest.mark.parametrize("seed", range(24))
async def test_drawn_calls_are_in_the_books_of_the_server_and_of_the_next_alike(seed: int) -> None:
    draw = random.Random(seed)
    async with house().running() as board:
        a_call = await a_day(board, draw)
        for _ in range(8):
            await a_call()
            await silent_are_well_again(board)
        await asyncio.sleep(300)

        assert board.supervisor.calls == 0
        next_one_agrees(board)


@pytest.mark.parametrize("seed", range(24))
async def test_a_server_that_is_killed_in_drawn_calls_is_followed_by_one_that_knows_them_all(
    seed: int,
) -> None:
    draw = random.Random(seed)
    async with crashing(house()) as first, asyncio.TaskGroup() as group:
        a_call = await a_day(first, draw)
        tasks = []
        for _ in range(5):
            tasks.append(group.create_task(_quietly(a_call())))
            await asyncio.sleep(0.3)
        await asyncio.sleep(draw.choice([5, 10, 20, 40, 80]))
        for task in tasks:
            task.cancel()
    await asyncio.sleep(draw.choice([0, 1, 30]))
    async with house(first).running() as second:
        await asyncio.sleep(draw.choice([1, 5, 60]))
        for channel in [*second.asterisk.channels.values()]:
            if not channel.is_gone:
                channel.be_hung_up()
                await asyncio.sleep(draw.choice([0, 3, 10]))
        await asyncio.sleep(600)

        assert second.supervisor.calls == 0
        next_one_agrees(second)


async def _quietly(call: Awaitable[None]) -> None:
    with suppress(asyncio.CancelledError):
        await call
