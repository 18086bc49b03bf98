"""The link to Asterisk is lost under a call, and made again: the caller is gone on with, as after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from ivr.archives.audit import CelChannel
from ivr.ari.fake import Caller
from ivr.ari.generated import models as m
from ivr.queues.agents import SILENT_REASON, AgentState
from ivr.records.events import (
    Arrived,
    CalledOut,
    Ended,
    OfferFailed,
    PhoneRang,
    Queued,
    TakenUp,
)
from ivr.server.left_behind import LeftBehind
from tests.flows.conftest import Switchboard
from tests.flows.test_hangup_at_every_await import (
    STORIES,
    AwaitsOfCalls,
    Prepare,
    Story,
    Told,
    around_request,
    at_await,
    nowhere,
    tell,
)
from tests.flows.test_killed_at_every_event import build, written

AWAY_SECONDS = 3.0
ENOUGH_SECONDS = 15.0
"""Until all that was left has been gone on with, and the caller has heard of it."""


def nobody_is_lost(board: Switchboard, caller: Caller, heard: int, talked: set[str]) -> None:
    """The call goes on, or is over by who may end it; `heard` and `talked` were when the link was lost."""
    at = [type(one).__name__ for one in written(board)]
    assert caller.channel is not None
    if caller.channel.is_gone:
        ended = written(board)[-1]
        assert isinstance(ended, Ended), at
        assert ended.by in {"caller", "agent", "rules"}, (ended, at)
    else:
        assert board.supervisor.calls == 1, at
        rings = isinstance(written(board)[-1], CalledOut | PhoneRang)
        goes_on = rings or caller.talking_to() or board.asterisk.live_recordings
        assert goes_on or caller.heard[heard:] or caller.heard[-1].startswith("music:"), at
        was_silent = any(isinstance(one, OfferFailed) for one in written(board))
        assert was_silent or caller.talking_to() >= talked, at


def nothing_is_left(board: Switchboard) -> None:
    """Of a call that is over."""
    at = [type(one).__name__ for one in written(board)]
    assert board.supervisor.calls == 0, at
    assert board.asterisk.leftovers() == [], at
    assert board.node.followed() == frozenset(), at
    assert board.journal.open_calls() == (), at
    assert set(board.trunks.calls_out.values()) <= {0}, at
    assert board.desk.sites.calls_at("partner") == 0, at
    kinds = [type(event) for event in written(board)]
    assert kinds.count(Ended) == kinds.count(Arrived) == 1, at
    states = {one.state for one in board.desk.agents() if one.reason != SILENT_REASON}
    assert states <= {AgentState.AVAILABLE, AgentState.SIGNED_OUT}, at


async def tell_with_a_loss(story: Story, prepare: Prepare, away_seconds: float) -> None:
    """The story is left where the link is lost; the caller says and keys nothing more, and hangs up in the end."""
    board = build()
    async with board.running():
        lost = asyncio.Event()

        def lose() -> None:
            board.asterisk.lose_link()
            asyncio.get_running_loop().call_later(away_seconds, restore)
            lost.set()

        def restore() -> None:
            board.clock.at += timedelta(seconds=away_seconds)
            board.asterisk.restore_link()

        awaits = AwaitsOfCalls()
        prepare(board, awaits, lose)
        caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
        telling = asyncio.ensure_future(story(board, caller))
        losing = asyncio.ensure_future(lost.wait())
        await asyncio.wait([telling, losing], return_when=asyncio.FIRST_COMPLETED)
        if not lost.is_set():
            losing.cancel()
            await telling
        telling.cancel()
        await asyncio.wait([telling, losing])
        heard = len(caller.heard)
        talked = caller.talking_to()
        await asyncio.sleep(away_seconds + ENOUGH_SECONDS)

        nobody_is_lost(board, caller, heard, talked)
        caller.hangs_up()
        await asyncio.sleep(60)

        nothing_is_left(board)


async def length_of(story: Story, make_switchboard: Any) -> Told:
    return await tell(make_switchboard, story, nowhere)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
@pytest.mark.fault("F-39")
async def test_a_link_that_is_lost_at_any_await_costs_no_caller(
    make_switchboard: Any, story: Story
) -> None:
    told = await length_of(story, make_switchboard)
    for number in range(1, told.awaits + 1):
        await tell_with_a_loss(story, at_await(number), AWAY_SECONDS)


@pytest.mark.parametrize("away_seconds", [0.0, AWAY_SECONDS])
@pytest.mark.parametrize("when", ["before_request", "after_request"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
@pytest.mark.fault("F-39")
async def test_a_link_that_is_lost_around_any_request_costs_no_caller(
    make_switchboard: Any, story: Story, when: str, away_seconds: float
) -> None:
    told = await length_of(story, make_switchboard)
    for number in range(1, told.requests + 1):
        await tell_with_a_loss(story, around_request(number, when), away_seconds)


async def comes(board: Switchboard, number: str = "+4790000001", key: str = "") -> Caller:
    caller = board.asterisk.ring(number, dialled="+4755301000")
    await caller.hears("choices")
    if key:
        caller.keys(key)
    return caller


async def lose_for(board: Switchboard, seconds: float) -> None:
    board.asterisk.lose_link()
    await asyncio.sleep(seconds)
    board.clock.at += timedelta(seconds=seconds)
    board.asterisk.restore_link()


def events_of(board: Switchboard, caller: str, kind: type[Any]) -> list[Any]:
    (record,) = (one for one in board.records if one.caller == caller)
    found = [entry.event for entry in board.journal.events(record.call_id)]
    return [event for event in found if isinstance(event, kind)]


async def test_a_caller_in_a_menu_is_told_and_offered_it_again() -> None:
    async with build().running() as board:
        kari = await board.signs_in("kari", answers_after=1)
        caller = await comes(board)
        caller.heard.clear()
        await lose_for(board, 12)  # the menu goes on, and asks Asterisk in vain
        await caller.hears("choices")
        assert caller.heard == ["one_moment", "welcome", "choices"]
        caller.keys("1")
        await caller.is_talking_to("kari")
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        (record,) = board.records
        assert (record.disposition, record.ended_by) == ("answered", "agent")
        assert board.counts["calls_taken_up"] == 1


async def test_who_waits_notices_nothing_as_long_as_nobody_is_free() -> None:
    async with build().running() as board:
        await board.signs_in("kari", answers_after=None)
        caller = await comes(board, key="1")
        await asyncio.sleep(5)
        heard = [*caller.heard]
        await lose_for(board, 8)
        await asyncio.sleep(5)
        assert caller.heard == heard
        caller.hangs_up()
        await asyncio.sleep(5)
        assert board.events(TakenUp) == []


async def test_callers_who_wait_keep_their_places_when_an_agent_came_free_without_a_link() -> None:
    async with build().running() as board:
        kari = await board.signs_in("kari", answers_after=1)
        first = await comes(board, "+4790000001", key="1")
        await first.is_talking_to("kari")
        early, late = [
            await comes(board, number, key="1") for number in ("+4790000002", "+4790000003")
        ]
        board.clock.at += timedelta(seconds=60)
        await asyncio.sleep(60)
        kari.answers_after = None
        board.asterisk.lose_link()
        await asyncio.sleep(1)
        board.desk.phone_changed("ola", is_reachable=True)  # as if somebody were free by now
        await asyncio.sleep(5)
        await board.signs_in("ola", answers_after=1)
        board.asterisk.restore_link()

        await early.is_talking_to("ola")
        assert early.heard[-1].startswith("music:")
        assert "one_moment" not in early.heard + late.heard
        assert "kari" in first.talking_to()
        assert not late.talking_to()
        for caller in (first, early, late):
            caller.hangs_up()
        await asyncio.sleep(60)

        assert [len(events_of(board, one, Queued)) for one in ("+4790000002", "+4790000003")] == [
            1,
            1,
        ]
        waited = {one.caller: one.wait_seconds or 0.0 for one in board.records}
        assert waited["+4790000002"] > 60
        states = {one.name: one.state for one in board.desk.agents()}
        assert states["kari"] is states["ola"] is AgentState.AVAILABLE


async def test_a_message_whose_end_came_without_a_link_is_kept() -> None:
    async with build().running() as board:
        caller = await comes(board, key="3")
        caller.speaks_seconds = 20.0
        await caller.hears("voicemail")
        await asyncio.sleep(5)
        await lose_for(board, 60)
        await caller.hears("message_saved")
        await caller.is_hung_up()
        await asyncio.sleep(1)

        (record,) = board.records
        assert [one.seconds > 15 for one in record.messages] == [True]
        assert (record.disposition, record.ended_by) == ("voicemail", "rules")


async def test_a_caller_who_hung_up_without_a_link_has_ended_and_nobody_else_is_said_to_have() -> (
    None
):
    async with build().running() as board:
        caller = await comes(board)
        board.asterisk.lose_link()
        await asyncio.sleep(12)
        caller.hangs_up()
        board.asterisk.restore_link()
        await asyncio.sleep(5)

        assert board.records[0].ended_by == "link_lost"
        assert board.supervisor.calls == 0
        assert board.node.followed() == frozenset()


async def test_an_asterisk_that_restarts_under_a_call_that_lost_it_ends_that_call() -> None:
    async with build().running() as board:
        await comes(board)
        board.asterisk.lose_link()
        await asyncio.sleep(12)
        board.asterisk.restart()
        board.asterisk.restore_link()
        await asyncio.sleep(5)

        assert board.records[0].ended_by == "link_lost"
        assert board.supervisor.calls == 0


async def test_a_drain_waits_for_a_call_that_lost_its_link_and_then_ends_it() -> None:
    async with build().running() as board:
        await comes(board)
        board.asterisk.lose_link()
        await asyncio.sleep(12)
        assert board.supervisor.calls == 1
        await board.supervisor.drain(30)
        assert board.records[0].ended_by == "drain"
        board.asterisk.restore_link()
        await asyncio.sleep(5)
        assert board.asterisk.leftovers() == []


async def test_a_link_that_is_lost_again_and_again_costs_a_caller_nothing() -> None:
    async with build().running() as board:
        caller = await comes(board)
        for _ in range(5):
            await lose_for(board, 12)
            await asyncio.sleep(0.5)
        await caller.hears("choices")
        caller.keys("3")
        await caller.hears("voicemail")
        caller.hangs_up()
        await asyncio.sleep(5)
        assert board.records[0].ended_by == "caller"


class LedgerInMemory:
    """What Asterisk would have written down."""

    def __init__(self) -> None:
        self.ended: dict[str, CelChannel] = {}

    async def ends(self, channels: Collection[str], since: datetime) -> Mapping[str, CelChannel]:
        return {name: one for name, one in self.ended.items() if name in channels}


@pytest.mark.parametrize("was_noticed", [True, False])
async def test_an_end_that_nobody_saw_has_its_time_and_cause_from_asterisks_own_ledger(
    was_noticed: bool,
) -> None:
    ledger = LedgerInMemory()
    board = build()
    board.left_behind[0] = LeftBehind(board.node, board.supervisor, board.under_way, ledger=ledger)
    async with board.running():
        caller = await comes(board)
        assert caller.channel is not None
        board.asterisk.lose_link()
        await asyncio.sleep(12 if was_noticed else 1)
        ended = CelChannel(board.clock.at, board.clock.at + timedelta(seconds=7), cause=16)
        ledger.ended[caller.channel.id] = ended
        caller.hangs_up()
        board.clock.at += timedelta(seconds=30)
        board.asterisk.restore_link()
        await asyncio.sleep(5)

        (record,) = board.records
        assert (record.ended_by, record.hangup_cause) == ("link_lost", 16)
        assert record.ended_at == ended.ended


async def test_who_was_freed_while_the_link_was_lost_and_noticed_nothing_is_taken_back() -> None:
    """Asterisk frees callers of whose server it hears nothing; a story that asked for nothing did not hear of it."""
    async with build().running() as board:
        await board.signs_in("kari", answers_after=None)
        waits = await comes(board, "+4790000001", key="1")
        chooses = await comes(board, "+4790000002")
        await asyncio.sleep(2)
        board.asterisk.lose_link()
        await asyncio.sleep(14)
        for caller in (waits, chooses):
            caller.is_freed()
            caller.heard.clear()
        board.clock.at += timedelta(seconds=14)
        board.asterisk.restore_link()
        await asyncio.sleep(1)
        assert board.supervisor.calls == 2
        for caller in (waits, chooses):
            caller.is_offered(waited_seconds=2)
        await asyncio.sleep(5)
        assert waits.heard == ["music:calm"]
        assert chooses.heard[0] == "one_moment"
        assert board.supervisor.calls == 2
        for caller in (waits, chooses):
            caller.hangs_up()
        await asyncio.sleep(30)

        assert {one.ended_by for one in board.records} == {"caller"}
        assert len(board.records) == 2
        assert board.asterisk.leftovers() == []
        assert board.node.followed() == frozenset()


async def test_who_is_offered_by_the_floor_before_the_story_knows_is_no_second_call() -> None:
    async with build().running() as board:
        await board.signs_in("kari", answers_after=None)
        waits = await comes(board, key="1")
        await asyncio.sleep(2)
        board.asterisk.faults.untold.add(m.StasisEnd)
        waits.is_freed()
        waits.heard.clear()
        board.asterisk.faults.untold.clear()
        waits.is_offered(waited_seconds=1)
        await asyncio.sleep(3)
        assert waits.heard == ["music:calm"]
        assert board.supervisor.calls == 1
        waits.hangs_up()
        await asyncio.sleep(5)

        assert board.events(TakenUp) == [TakenUp(place="queue kundeservice")]
        assert board.asterisk.leftovers() == []
