"""With whom callers talked last is read from the records: of answered calls whose caller is known, and no tests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ivr.records.events import CallEvent, Connected, Queued, TalkEnded
from ivr.store.door import Store
from ivr.store.sqlite import SqliteStore
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
