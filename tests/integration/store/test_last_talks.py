"""With whom callers talked last is read from the records: of answered calls whose caller is known, and no tests."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ivr.records.events import CallEvent, Connected, Ended, Offered, OfferFailed, Queued, TalkEnded
from ivr.store.door import Store
from ivr.store.journal import SqliteJournal
from ivr.store.memory_journal import MemoryJournal
from ivr.store.sqlite import SqliteStore
from tests.clocks import HandClock
from tests.integration.store.sent_store import SentStore
from tests.integration.store.test_views_on_postgres import ARRIVED, ASKED, GAVE_UP
from tests.postgres import PostgresCluster


@pytest.fixture(params=["disk", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "disk":
        return SqliteStore(tmp_path)
    cluster: PostgresCluster = request.getfixturevalue("postgres")
    return SentStore(tmp_path, cluster.new_database())


async def test_each_talk_is_told_with_caller_and_agent(store: Store) -> None:
    hidden = msgspec.structs.replace(ARRIVED, caller=None)
    a_test = msgspec.structs.replace(ARRIVED, test=True)
    stories: list[tuple[CallEvent, ...]] = [
        ASKED,
        GAVE_UP,
        (hidden, *ASKED[1:]),
        (a_test, *ASKED[1:]),
    ]
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for number, story in enumerate(stories, 1):
            for event in story[:-1]:
                kept.journal.note(f"{number}-call", event)
            await kept.journal.keep(f"{number}-call", story[-1])
        await kept.journal.close()

    now = datetime.now(UTC)
    with store.reading() as stored:
        found = list(stored.calls.talks(now - timedelta(days=1), 0.0))
        assert [(caller, agent) for caller, agent, _ in found] == [("+4790000001", "kari")]
        assert all(abs(now - at) < timedelta(minutes=1) for _, _, at in found)
        assert list(stored.calls.talks(now + timedelta(days=1), 0.0)) == []
        assert list(stored.calls.talks(now - timedelta(days=1), 4.0)) == []
        assert list(stored.calls.talks_of_agents(now - timedelta(days=1))) == ["kari", "kari"]
        assert list(stored.calls.talks_of_agents(now + timedelta(days=1))) == []


async def test_of_several_talks_it_is_the_last_with_an_agent(store: Store) -> None:
    again = (Queued(queue="q"), Connected(queue="q", agent="ola"), TalkEnded(by="agent"))
    site = (Queued(queue="q"), Connected(queue="q", agent="site oslo"), TalkEnded(by="agent"))
    story = (*ASKED[:5], *again, *site, ASKED[-1])
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for event in story[:-1]:
            kept.journal.note("1-call", event)
        await kept.journal.keep("1-call", story[-1])
        await kept.journal.close()

    with store.reading() as stored:
        found = stored.calls.talks(datetime.now(UTC) - timedelta(days=1), 0.0)
        assert [agent for _, agent, _ in found] == ["ola"]


async def test_each_talk_of_a_day_counts_for_its_agent_also_in_a_call_that_goes_on(
    store: Store,
) -> None:
    def with_agent(name: str) -> tuple[CallEvent, ...]:
        return (Queued(queue="q"), Connected(queue="q", agent=name))

    silent = OfferFailed(queue="q", agent="lise", result="silent")
    again = (*with_agent("ola"), TalkEnded(by="system"), Connected(queue="q", agent="lise"), silent)
    passed_on = (*ASKED[:5], *again, *with_agent("site oslo"), TalkEnded(by="agent"))
    a_test = msgspec.structs.replace(ARRIVED, test=True)
    told = {
        "1-ended": (*passed_on, ASKED[-1]),
        "2-goes-on": (*passed_on, *with_agent("kari")),
        "3-test": (a_test, *ASKED[1:]),
        "4-test": (a_test, *with_agent("kari")),
    }
    began = datetime.now(UTC)
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for call_id, story in told.items():
            for event in story:
                kept.journal.note(call_id, event)
        await kept.journal.written()
        await kept.journal.close()

    with store.reading() as stored:
        found = Counter(stored.calls.talks_of_agents(began))
        assert found == {"kari": 3, "ola": 2}
        assert list(stored.calls.talks_of_agents(datetime.now(UTC))) == []


async def test_a_talk_is_of_the_day_on_which_it_began_whenever_its_call_came(
    tmp_path: Path,
) -> None:
    """The same where a call waited over midnight, in each store."""
    clock = HandClock(datetime(2026, 11, 23, 22, 50, tzinfo=UTC))
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    memory = MemoryJournal(clock=clock, monotonic_ns=lambda: int(clock.at.timestamp() * 1e9))

    def on_disk(path: Path) -> SqliteJournal:
        return SqliteJournal(path, clock=clock, monotonic_ns=memory._monotonic_ns)

    store = SqliteStore(tmp_path, journal=on_disk)
    async with store.keeping() as kept:
        for call_id, waits, ends in (
            ("1-before", 60, True),
            ("2-over-midnight", 900, True),
            ("3-goes-on", 900, False),
        ):
            began = clock.at
            for event, seconds in zip(ASKED, (0, 0, 0, waits, *[waits + 60] * 4), strict=True):
                if ends or not isinstance(event, Ended):
                    clock.at = began + timedelta(seconds=seconds)
                    memory.note(call_id, event)
                    kept.journal.note(call_id, event)
            clock.at = began

    with store.reading() as stored:
        for calls in (stored.calls, memory):
            assert len(list(calls.talks_of_agents(midnight))) == 2
            assert len(list(calls.talks_of_agents(midnight - timedelta(hours=1)))) == 3
            (_, _, at), *_ = sorted(calls.talks(midnight - timedelta(days=1), 4.0))
            assert at == datetime(2026, 11, 23, 22, 51, 4, tzinfo=UTC)


async def test_whom_each_queue_rang_last_is_told_of_whatever_call_it_was(store: Store) -> None:
    def offered(queue: str, agent: str) -> Offered:
        return Offered(queue=queue, agent=agent)

    told: list[tuple[str, CallEvent]] = [
        ("2-call", ARRIVED),
        ("1-call", ARRIVED),
        ("2-call", offered("q", "kari")),
        ("2-call", offered("r", "kari")),
        ("1-call", offered("q", "ola")),
        ("1-call", offered("r", "site oslo")),
    ]
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for call_id, event in told:
            await kept.journal.keep(call_id, event)
        await kept.journal.close()

    with store.reading() as stored:
        assert stored.calls.rung_last() == {"q": "ola", "r": "kari"}
