"""What both journals promise: the one on disk and its twin in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from ivr.records.events import (
    Answered,
    Arrived,
    CallEvent,
    Connected,
    Ended,
    MessageLeft,
    Queued,
    Reason,
    Routed,
)
from ivr.records.journal import JournalState
from ivr.store.door import ServerJournal, Store, StoredCalls
from ivr.store.memory import MemoryStore
from ivr.store.open import open_store

ARRIVED = Arrived(
    dialled="+4755301000",
    caller=None,
    call_time="2026-11-23T09:00:00+01:00",
    revision="r",
    channel="c",
)
ROUTED = Routed(to="queue q", language="nb", site="bergen", steps=(Reason(text="open", line=3),))
MESSAGE = MessageLeft(voicemail="box", file="a.wav", seconds=1.5)
STORY: tuple[CallEvent, ...] = (
    ARRIVED,
    Answered(),
    ROUTED,
    Queued(queue="q"),
    Connected(queue="q", agent="kari"),
    Ended(by="caller", cause=16),
)


Pair = tuple[ServerJournal, StoredCalls]


@pytest.fixture(params=["sqlite", "memory"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pair]:
    if request.param == "memory":
        store: Store = MemoryStore()
    else:
        store = open_store(tmp_path)
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        with store.reading() as stored:
            yield kept.journal, stored.calls
        await kept.journal.close()


async def tell(journal: ServerJournal, call_id: str, *story: CallEvent) -> None:
    """Note a story, and wait until it is stored, and folded where it has ended."""
    for event in story[:-1]:
        journal.note(call_id, event)
    await journal.keep(call_id, story[-1])
    await journal.written()


async def test_events_of_a_call_are_numbered_from_1_in_the_order_they_came(pair: Pair) -> None:
    journal, recall = pair

    await tell(journal, "call-1", *STORY)

    entries = recall.events("call-1")
    assert [entry.event for entry in entries] == list(STORY)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    times = [entry.monotonic_ns for entry in entries]
    assert times == sorted(times)
    assert all(entry.at.utcoffset() is not None for entry in entries)


async def test_each_call_has_numbers_of_its_own(pair: Pair) -> None:
    journal, recall = pair

    for event in STORY[:3]:
        journal.note("call-1", event)
        await journal.keep("call-2", event)

    assert [entry.seq for entry in recall.events("call-1")] == [1, 2, 3]
    assert [entry.seq for entry in recall.events("call-2")] == [1, 2, 3]


async def test_kept_event_can_be_read_as_soon_as_keep_returns(pair: Pair) -> None:
    journal, recall = pair

    for number in range(1, 6):
        await journal.keep("call-1", Answered())
        assert len(recall.events("call-1")) == number


async def test_events_kept_at_the_same_time_are_all_stored(pair: Pair) -> None:
    journal, recall = pair

    async with asyncio.TaskGroup() as group:
        for number in range(50):
            group.create_task(journal.keep(f"call-{number}", Answered()))

    assert len(recall.open_calls()) == 50
    state = msgspec.structs.replace(
        journal.state, commit_seconds=0.0, commit_p99_seconds=0.0, goes_first=None
    )
    assert state == JournalState(written=50)


async def test_record_is_there_when_all_is_written_and_not_before_the_end(pair: Pair) -> None:
    journal, recall = pair
    await tell(journal, "call-1", *STORY[:-1])
    assert recall.call("call-1") is None
    assert recall.latest(10) == ()

    await journal.keep("call-1", STORY[-1])
    assert recall.open_calls() == ()
    await journal.written()

    record = recall.call("call-1")
    assert record is not None
    assert record.disposition == "answered"
    assert (record.dialled, record.agent, record.site) == ("+4755301000", "kari", "bergen")
    assert record.hangup_cause == 16
    assert [visit.outcome for visit in record.visits] == ["answered"]
    assert [reason.text for reason in record.reasons] == ["open"]
    assert recall.latest(10) == (record,)


async def test_message_stored_after_the_end_comes_into_the_record(pair: Pair) -> None:
    journal, recall = pair
    await tell(journal, "call-1", ARRIVED, Ended(by="caller"))

    await journal.keep("call-1", MESSAGE)
    await journal.written()

    record = recall.call("call-1")
    assert record is not None
    assert record.disposition == "voicemail"
    assert [message.seconds for message in record.messages] == [1.5]
    assert [entry.seq for entry in recall.events("call-1")] == [1, 2, 3]
    assert recall.open_calls() == ()


async def test_open_calls_are_those_that_have_not_ended_oldest_first(pair: Pair) -> None:
    journal, recall = pair

    await tell(journal, "call-1", ARRIVED, Answered(), Queued(queue="q"))
    await tell(journal, "call-2", *STORY)
    await tell(journal, "call-3", ARRIVED, Answered())

    still_open = recall.open_calls()
    assert [record.call_id for record in still_open] == ["call-1", "call-3"]
    assert [visit.queue for visit in still_open[0].visits] == ["q"]
    assert still_open[0].disposition is None


async def test_latest_are_the_newest_first_and_no_more_than_asked_for(pair: Pair) -> None:
    journal, recall = pair
    for number in range(5):
        await tell(journal, f"call-{number}", *STORY)

    assert [record.call_id for record in recall.latest(3)] == ["call-4", "call-3", "call-2"]


async def test_beginning_of_an_id_is_enough_while_it_is_the_only_one(pair: Pair) -> None:
    journal, recall = pair
    await tell(journal, "01ja-call", *STORY)
    await tell(journal, "01jb-call", *STORY)
    await tell(journal, "01jb-call-2", *STORY)

    only, full = recall.call("01ja"), recall.call("01jb-call")

    assert only is not None
    assert only.call_id == "01ja-call"
    assert full is not None
    assert full.call_id == "01jb-call"
    assert recall.call("01jb") is recall.call("02") is None
    assert len(recall.events("01ja")) == len(STORY)
    assert recall.events("01j") == recall.events("nothing") == ()


async def test_calls_of_one_caller_come_oldest_first_with_decisions(pair: Pair) -> None:
    journal, recall = pair
    for call_id, caller in (("b", "+4790000000"), ("a", "+4790000000"), ("c", "+4790000001")):
        arrived = msgspec.structs.replace(ARRIVED, caller=caller)
        await tell(journal, call_id, arrived, ROUTED, Ended(by="caller"))
    await tell(journal, "open", msgspec.structs.replace(ARRIVED, caller="+4790000000"))

    found = recall.of_caller("+4790000000")

    assert [record.call_id for record in found] == ["b", "a"]
    assert all(record.decisions == (ROUTED,) for record in found)
    assert recall.of_caller("+479000000") == ()
