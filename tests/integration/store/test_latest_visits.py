"""How waits went is read from the records: those that are over, of the latest calls, and of no tests."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from ivr.records.events import (
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    Queued,
    TalkEnded,
    WaitEstimated,
)
from ivr.store.sqlite import SqliteStore
from tests.integration.store.test_views_on_postgres import ARRIVED, GAVE_UP

EXPECTED = WaitEstimated(
    queue="main", seconds=60.0, low_seconds=40.0, high_seconds=90.0, ahead=2, agents=3
)
TALKED: tuple[CallEvent, ...] = (
    ARRIVED,
    Queued(queue="main"),
    EXPECTED,
    Connected(queue="main", agent="kari"),
    TalkEnded(by="agent"),
    Ended(by="agent"),
)


async def test_waits_are_told_with_what_was_expected_of_them(tmp_path: Path) -> None:
    a_test = msgspec.structs.replace(ARRIVED, test=True)
    went_on = (*TALKED[:3], LeftQueue(queue="main", result="overflowed"), Queued(queue="other"))
    stories: list[tuple[CallEvent, ...]] = [
        TALKED,
        (a_test, *TALKED[1:]),
        GAVE_UP,
        (*went_on, Connected(queue="other", agent="kari"), *TALKED[4:]),
    ]
    store = SqliteStore(tmp_path)
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for number, story in enumerate(stories, 1):
            for event in story[:-1]:
                kept.journal.note(f"{number}-call", event)
            await kept.journal.keep(f"{number}-call", story[-1])
        await kept.journal.close()

    with store.reading() as stored:
        found = stored.calls.latest_visits(10)
        last = stored.calls.latest_visits(1)

    assert [call_id for call_id, _ in found] == ["1-call", "3-call", "4-call", "4-call"]
    assert [visit.queue for _, visit in found[2:]] == ["main", "other"]
    assert [call_id for call_id, _ in last] == ["4-call"]
    visit = found[0][1]
    assert (visit.queue, visit.outcome, visit.estimated_seconds) == ("main", "answered", 60.0)
    assert visit.estimate_error_seconds == pytest.approx(-60.0, abs=5.0)
    assert found[1][1].estimated_seconds is None
