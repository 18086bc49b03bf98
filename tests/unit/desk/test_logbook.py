"""What agents do is written, by whom and why; and the next server goes on with it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest

from ivr.desk import AgentFree, Desk, Logbook, Wish
from ivr.desk.logbook import AGAIN_SECONDS
from ivr.queues.agents import AgentState
from ivr.records.agents import AgentChange
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.rules.visit import WaitInQueue
from ivr.store.memory_ledger import MemoryHistory, MemoryLedger
from tests.clocks import LoopClock
from tests.unit.desk.test_desk import RULES

BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
PATIENT = RULES + "duty: {missed: pause after 2}\n"
RULE_SET = load_rules(RULES.encode(), "rules.yaml")[0]
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@asynccontextmanager
async def desk_of(
    history: MemoryHistory, *, is_killed: bool = False, rules: RuleSet = RULE_SET
) -> AsyncIterator[Desk]:
    """A server's desk, which writes all that it was told before it is killed, or stops in order."""
    ledger = MemoryLedger(history)
    desk = Desk(rules, await Logbook(ledger, LoopClock(BEGAN)).opened())
    writing = asyncio.ensure_future(desk.logbook.run())
    yield desk
    if not is_killed:
        desk.sign_off()
    await desk.logbook.end()
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing


def told_of(history: MemoryHistory, agent: str) -> list[AgentChange]:
    return [one for one in history.agent_changes(*EVER) if one.agent == agent]


async def test_a_talk_is_told_from_the_phone_that_comes_to_the_end_of_the_wrap_up() -> None:
    history = MemoryHistory()
    wait = WaitInQueue(RULE_SET.queues["kundeservice"], leaves_when_deserted=True)
    async with desk_of(history) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await asyncio.sleep(60)
        with desk.place_in(wait, "a-call") as place:
            assert isinstance(await place.next(), AgentFree)
            await asyncio.sleep(5)
            place.took()
            await asyncio.sleep(100)
        await asyncio.sleep(30)

    kari = told_of(history, "kari")
    assert [(one.kind, one.state, one.call_id) for one in kari] == [
        ("phone_came", "available", None),
        ("was_offered", "offered", "a-call"),
        ("took", "talking", "a-call"),
        ("talk_ended", "wrapping_up", "a-call"),
        ("ready", "available", None),
        ("server_stopped", "signed_out", None),
    ]
    assert [one.seq for one in kari] == [1, 2, 3, 4, 5, 6]
    assert [(one.at - BEGAN).total_seconds() for one in kari] == [0, 60, 65, 165, 185, 195]
    assert all(one.before == earlier.state for earlier, one in itertools.pairwise(kari))


async def test_a_wish_is_written_at_once_and_what_calls_bring_within_a_second() -> None:
    history = MemoryHistory()
    wait = WaitInQueue(RULE_SET.queues["kundeservice"], leaves_when_deserted=True)
    async with desk_of(history) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await asyncio.sleep(60)
        with desk.place_in(wait, "a-call") as place:
            assert isinstance(await place.next(), AgentFree)
            await asyncio.sleep(0.5)
            assert [one.kind for one in told_of(history, "kari")] == ["phone_came"]
            await asyncio.sleep(0.6)
            assert told_of(history, "kari")[-1].kind == "was_offered"

            place.took()
            await asyncio.sleep(0.2)
            desk.wishes.sign_out("kari", Wish("kari"))
            await asyncio.sleep(0.2)
            assert [one.kind for one in told_of(history, "kari")][2:] == ["took", "signed_out"]


async def test_what_cannot_be_written_is_written_as_soon_as_it_can_and_once() -> None:
    history = MemoryHistory()
    ledger = MemoryLedger(history)
    desk = Desk(RULE_SET, await Logbook(ledger, LoopClock(BEGAN)).opened())
    writing = asyncio.ensure_future(desk.logbook.run())
    ledger.failure = "the disk is full"
    desk.phone_changed("kari", is_reachable=True)
    await asyncio.sleep(1)
    desk.phone_changed("kari", is_reachable=False)
    await asyncio.sleep(60)
    assert told_of(history, "kari") == []

    ledger.failure = None
    await asyncio.sleep(AGAIN_SECONDS + 1)

    assert [one.kind for one in told_of(history, "kari")] == ["phone_came", "phone_went"]
    writing.cancel()


async def test_a_server_that_was_killed_has_a_state_that_was_not_seen_to_its_end() -> None:
    history = MemoryHistory()
    async with desk_of(history, is_killed=True) as desk:
        desk.phone_changed("kari", is_reachable=True)

    async with desk_of(history) as desk:
        desk.phone_changed("kari", is_reachable=True)

    assert [(one.seq, one.kind, one.state) for one in told_of(history, "kari")] == [
        (1, "phone_came", "available"),
        (2, "server_began", "signed_out"),
        (3, "phone_came", "available"),
        (4, "server_stopped", "signed_out"),
    ]


async def test_an_agent_of_whom_nothing_is_known_follows_the_phone() -> None:
    async with desk_of(MemoryHistory()) as desk:
        desk.phone_changed("ola", is_reachable=True)

        (ola,) = (one for one in desk.agents() if one.name == "ola")
        assert ola.state is AgentState.AVAILABLE


def shown(desk: Desk, name: str) -> tuple[AgentState, str | None]:
    (one,) = (one for one in desk.agents() if one.name == name)
    return one.state, one.reason


async def misses(desk: Desk, times: int = 1) -> None:
    """Kari's phone rings in vain."""
    wait = WaitInQueue(RULE_SET.queues["kundeservice"], leaves_when_deserted=True)
    with desk.place_in(wait, "a-call") as place:
        for _ in range(times):
            assert isinstance(await place.next(), AgentFree)
            place.missed()


@pytest.mark.parametrize("is_killed", [True, False])
async def test_who_was_paused_for_missed_calls_is_so_after_a_restart_until_they_say_so(
    is_killed: bool,
) -> None:
    history, rules = MemoryHistory(), load_rules(PATIENT.encode(), "rules.yaml")[0]
    async with desk_of(history, is_killed=is_killed, rules=rules) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await misses(desk, times=2)
        await asyncio.sleep(60)
        assert shown(desk, "kari") == (AgentState.PAUSED, "missed")

    async with desk_of(history, rules=rules) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await asyncio.sleep(600)
        assert shown(desk, "kari") == (AgentState.PAUSED, "missed")
        desk.wishes.resume("kari", Wish("kari"))
        assert shown(desk, "kari") == (AgentState.AVAILABLE, None)


async def test_the_peace_after_a_missed_call_ends_when_it_would_have_anyway() -> None:
    history, rules = MemoryHistory(), load_rules(PATIENT.encode(), "rules.yaml")[0]
    async with desk_of(history, is_killed=True, rules=rules) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await misses(desk)
        await asyncio.sleep(4)

    async with desk_of(history, is_killed=True, rules=rules) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await asyncio.sleep(5)
        assert shown(desk, "kari") == (AgentState.PAUSED, "missed")
        await asyncio.sleep(2)
        assert shown(desk, "kari") == (AgentState.AVAILABLE, None)


@pytest.mark.parametrize("is_killed", [True, False])
async def test_what_is_left_of_a_wrap_up_is_kept_over_a_restart(is_killed: bool) -> None:
    history = MemoryHistory()
    wait = WaitInQueue(RULE_SET.queues["kundeservice"], leaves_when_deserted=True)
    async with desk_of(history, is_killed=is_killed) as desk:
        desk.phone_changed("kari", is_reachable=True)
        with desk.place_in(wait, "a-call") as place:
            assert isinstance(await place.next(), AgentFree)
            place.took()
        await asyncio.sleep(5)
        assert shown(desk, "kari") == (AgentState.WRAPPING_UP, None)

    async with desk_of(history) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await asyncio.sleep(10)
        assert shown(desk, "kari") == (AgentState.WRAPPING_UP, None)
        await asyncio.sleep(6)
        assert shown(desk, "kari") == (AgentState.AVAILABLE, None)


async def test_who_came_back_from_a_missed_call_by_themselves_is_free_after_a_restart() -> None:
    history, rules = MemoryHistory(), load_rules(PATIENT.encode(), "rules.yaml")[0]
    async with desk_of(history, is_killed=True, rules=rules) as desk:
        desk.phone_changed("kari", is_reachable=True)
        await misses(desk)
        desk.wishes.resume("kari", Wish("kari"))

    async with desk_of(history, rules=rules) as desk:
        desk.phone_changed("kari", is_reachable=True)
        assert shown(desk, "kari") == (AgentState.AVAILABLE, None)


async def test_a_silent_phone_is_so_after_a_restart_too() -> None:
    history = MemoryHistory()
    wait = WaitInQueue(RULE_SET.queues["kundeservice"], leaves_when_deserted=True)
    async with desk_of(history, is_killed=True) as desk:
        desk.phone_changed("kari", is_reachable=True)
        with desk.place_in(wait, "a-call") as place:
            assert isinstance(await place.next(), AgentFree)
            place.took()
            place.silent()

    async with desk_of(history) as desk:
        desk.phone_changed("kari", is_reachable=True)
        assert shown(desk, "kari") == (AgentState.PAUSED, "silent")


async def test_a_phone_that_new_rules_take_away_from_who_sits_there_is_told_and_holds() -> None:
    guest = "phones:\n  guest: {phone: guest}\n"
    with_guest = load_rules((RULES + guest).encode(), "rules.yaml")[0]
    history = MemoryHistory()
    async with desk_of(history, rules=with_guest) as desk:
        for phone in ("kari", "guest"):
            desk.phone_changed(phone, is_reachable=True)
        desk.wishes.sit_down("kari", "guest", Wish("kari"))

        desk.take_agents(RULE_SET)

    async with desk_of(history, rules=with_guest) as desk:
        (kari,) = (one for one in desk.agents() if one.name == "kari")
    told = [(one.phone, one.author) for one in told_of(history, "kari") if one.kind == "sat_down"]
    assert told == [("guest", "kari"), (None, "server")]
    assert kari.phone == "kari"
