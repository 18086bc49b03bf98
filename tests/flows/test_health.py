"""What `/health` says of what happens around calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from ivr.clock import stopwatch
from ivr.disk import Cause
from ivr.observe import Counts
from ivr.records.events import Arrived
from ivr.server.messages import MessageFolder
from ivr.server.status import Status
from ivr.store.memory_ledger import MemoryLedger
from tests.flows.live import LiveSwitchboard


def no_cause() -> None:
    """All is well."""


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveSwitchboard]:
    async with LiveSwitchboard(tmp_path, MemoryLedger()).running() as running:
        yield running


def problems(live: LiveSwitchboard, message_trouble: Callable[[], Cause | None] = no_cause) -> str:
    status = Status(
        node=live.node,
        desk=live.desk,
        supervisor=live.supervisor,
        rulebook=live.rulebook,
        changes=live.changes,
        overrides=live.overrides,
        counts=Counts(),
        outgoing=live.outgoing,
        journal=lambda: live.journal.state,
        up=stopwatch(),
        message_trouble=message_trouble,
    )
    return "\n".join(status.health().problems)


async def test_a_part_that_fell_behind_asterisk_is_told_with_what_it_does_to_callers(
    live: LiveSwitchboard,
) -> None:
    assert problems(live) == ""
    caller = await live.calls()
    async with live.node.channel(caller.channel_id).listen():
        for _ in range(300):
            caller.keys("7")
        await asyncio.sleep(1)

    assert "times Asterisk's events came faster than they were read" in problems(live)
    caller.hangs_up()
    await asyncio.sleep(60)


async def test_that_no_message_can_be_kept_is_told_before_somebody_wants_to_leave_one(
    live: LiveSwitchboard,
) -> None:
    told = problems(live, MessageFolder(Path("/nowhere"), "spool").trouble)

    assert told.startswith("no message can be recorded, and none is asked for: its folder is not")
    assert problems(live, MessageFolder(Path("/nowhere"), "", is_elsewhere=True).trouble) == ""


@pytest.mark.fault("F-30")
async def test_music_that_cannot_be_played_is_told_and_music_that_nobody_asked_for_is_not(
    tmp_path: Path,
) -> None:
    song = tmp_path / "prompts" / "music" / "calm" / "song.wav"
    song.parent.mkdir(parents=True)
    for content, is_told in ((None, False), (b"garbage", True), (b"", True)):
        if content is not None:
            song.write_bytes(content)
        async with LiveSwitchboard(tmp_path, MemoryLedger()).running() as live:
            said = problems(live)
        assert (
            "no music calm can be played: callers who wait for it hear a tone" in said
        ) is is_told


async def test_calls_that_nobody_took_are_told(live: LiveSwitchboard) -> None:
    live.node.arrivals_missed = 2

    assert "2 calls came while no calls were taken" in problems(live)


async def test_the_journal_says_which_asterisk_took_the_call(live: LiveSwitchboard) -> None:
    caller = await live.calls()
    caller.hangs_up()
    await asyncio.sleep(60)

    (record,) = live.records
    arrived = live.journal.events(record.call_id)[0].event
    assert isinstance(arrived, Arrived)
    assert arrived.node == live.node.name == "memory"
