"""Agents' own calls have no place in the rules: after a restart two who talk are left alone, anybody else is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ivr.queues.agents import AgentState
from ivr.rules.load import load_rules
from ivr.server.drafts import Dictations
from ivr.server.pins import Pins
from tests.flows import test_dictation, test_hot_desk
from tests.flows.conftest import CARRIER, NUMBERS, PROMPTS, Switchboard, prompts
from tests.flows.test_left_behind import crashing, record
from tests.flows.test_own_calls import MOBILE, OUT, OWN_CALLS, SPOKEN, dials, state_of

TEMPORARY_FAILURE = 41


def house(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(OWN_CALLS.encode(), "rules.yaml")
    return Switchboard(
        rules, prompts((*PROMPTS, *SPOKEN, *NUMBERS)), after=after, trunks=(CARRIER,)
    )


def nothing_is_left(board: Switchboard) -> None:
    assert board.asterisk.leftovers() == []
    assert board.node.followed() == frozenset()
    assert board.journal.open_calls() == ()
    assert set(board.trunks.calls_out.values()) <= {0}


async def test_two_agents_who_talk_are_left_to_talk_and_nobody_is_put_through_to_them() -> None:
    async with crashing(house()) as first:
        await first.signs_in("kari")
        ola = await first.signs_in("ola", answers_after=1)
        own = dials(first, "22")
        await own.is_talking_to("ola")
    async with house(first).running() as second:
        await asyncio.sleep(5)
        customer = second.asterisk.ring("+4790000001", dialled="+4755301000")
        await customer.hears("welcome")
        customer.keys("1")
        await asyncio.sleep(30)
        assert "ola" in own.talking_to()
        assert ola.times_rung == 1
        customer.hangs_up()
        ola.hangs_up()
        await own.is_hung_up()
        await asyncio.sleep(5)

        (talk,) = [one for one in second.records if one.disposition == "own_call"]
        assert talk.ended_by == "agent"
        assert own.heard == ["ringing"]
        assert state_of(second, "ola")[0] is AgentState.AVAILABLE
        nothing_is_left(second)


async def test_a_call_outside_holds_its_line_as_long_as_it_lasts() -> None:
    async with crashing(house()) as first:
        await first.signs_in("kari")
        first.asterisk.phone(OUT[0], answers_after=1)
        own = dials(first, MOBILE)
        await own.is_talking_to(OUT[0])
        await asyncio.sleep(5)
    async with house(first).running() as second:
        await asyncio.sleep(5)
        assert second.trunks.calls_out == {"telia": 1}
        own.hangs_up()
        await asyncio.sleep(5)
        nothing_is_left(second)


async def test_who_hears_what_a_code_does_is_told_and_let_go() -> None:
    async with crashing(house()) as first:
        await first.signs_in("kari")
        own = dials(first, "*14")
        await own.hears("agent.paused")
    async with house(first).running() as second:
        await own.hears("sorry")
        await own.is_hung_up()
        await asyncio.sleep(1)

        assert (record(second).disposition, record(second).ended_by) == (
            "own_call",
            "lost_while_down",
        )
        nothing_is_left(second)


async def test_who_calls_a_colleague_whose_phone_rings_sees_that_it_failed() -> None:
    async with crashing(house()) as first:
        await first.signs_in("kari")
        await first.signs_in("ola")
        own = dials(first, "22")
        await asyncio.sleep(5)
    async with house(first).running() as second:
        await own.is_hung_up()
        await asyncio.sleep(5)

        assert own.channel is not None
        assert own.channel.hangup_cause == TEMPORARY_FAILURE
        assert own.heard == ["ringing"]
        nothing_is_left(second)


async def test_who_loses_the_link_while_a_code_is_said_is_told_too() -> None:
    async with house().running() as board:
        await board.signs_in("kari")
        own = dials(board, "*13")
        await own.hears("agent.choose_reason")
        board.asterisk.lose_link()
        await asyncio.sleep(12)
        board.asterisk.restore_link()
        await own.hears("sorry")
        await own.is_hung_up()
        await asyncio.sleep(1)

        assert record(board).ended_by == "link_lost"
        nothing_is_left(board)


@pytest.mark.parametrize("fault", ["server", "link"])
async def test_who_records_a_prompt_is_told_and_nothing_of_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(
        asyncio, "to_thread", test_hot_desk.at_once
    )  # minutes would pass while a thread works
    drafts = test_dictation.DraftsInMemory()

    def recording(after: Switchboard | None = None) -> Switchboard:
        rules, _ = load_rules(test_hot_desk.RULES.encode(), "rules.yaml")
        spoken = prompts((*PROMPTS, *test_dictation.SPOKEN))
        board = Switchboard(rules, spoken, after=after, trunks=(CARRIER,))
        board.supervisor.pins = Pins(Path("/nowhere"), test_dictation.is_right)
        board.supervisor.dictations = Dictations("*73", ("closed.storm",), drafts)
        return board

    async with crashing(recording()) as first:
        await first.signs_in("kari")
        own = dials(first, "*73")
        own.speaks_seconds = 60.0
        await own.hears("agent.your_pin")
        own.keys(test_dictation.PIN)
        await own.hears("beep")
        await asyncio.sleep(10)
        if fault == "link":
            first.asterisk.lose_link()
            await asyncio.sleep(3)
            first.asterisk.restore_link()
            await own.hears("sorry")
            await own.is_hung_up()
    async with recording(first).running() as second:
        if fault == "server":
            await own.hears("sorry")
        await own.is_hung_up()
        await asyncio.sleep(5)

        assert drafts.kept == []
        assert drafts.under_way_now == 0
        assert f"{own.channel_id}-0-rec" in drafts.dropped
        nothing_is_left(second)
