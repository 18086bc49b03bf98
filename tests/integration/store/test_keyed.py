"""What callers keyed, read from the disk for many calls at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.records.events import Arrived, Ended, MenuTry
from ivr.store import readers as room
from ivr.store.journal import SqliteJournal
from ivr.store.open import open_store
from tests.clocks import HandClock

FIRST = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@asynccontextmanager
async def running(path: Path, clock: HandClock) -> AsyncIterator[SqliteJournal]:
    async with SqliteJournal(path, clock=clock) as journal, asyncio.TaskGroup() as group:
        group.create_task(journal.run(), name="journal")
        yield journal
        await journal.close()


async def stored(path: Path, *keys: str) -> None:
    """A call an hour, each with one key."""
    clock = HandClock(FIRST)
    async with running(path, clock) as journal:
        for number, key in enumerate(keys):
            clock.at = FIRST + timedelta(hours=number)
            call_id = f"0{number}-call"
            arrived = Arrived(
                dialled="+4755301000", caller=None, call_time=str(clock.at), revision="", channel=""
            )
            journal.note(call_id, arrived)
            journal.note(call_id, MenuTry(menu="main", result="no_input"))
            journal.note(call_id, MenuTry(menu="main", result="chosen", key=key))
            await journal.keep(call_id, Ended(by="caller"))


async def test_calls_of_a_span_are_told_with_their_keys_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_AT_ONCE", 2)
    path = tmp_path / "journal.sqlite"
    await stored(path, "1", "2", "3", "4", "5")

    with open_store(tmp_path).reading() as kept:
        found = list(kept.calls.keyed(FIRST + timedelta(hours=1), FIRST + timedelta(hours=4)))

    assert [[one.key for one in call.tries] for call in found] == [
        [None, "2"],
        [None, "3"],
        [None, "4"],
    ]
    assert [call.tries[0].result for call in found] == ["no_input"] * 3
    assert found[0].dialled == "+4755301000"


def test_where_no_server_has_run_there_is_nothing_to_read(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreFailed, match="no server has taken calls"),
        open_store(tmp_path).reading(),
    ):
        pass
