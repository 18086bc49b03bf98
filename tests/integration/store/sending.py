"""A server that sends what it keeps to PostgreSQL, and what there is to see of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from ivr.records.events import Answered, Arrived, CallEvent, Ended
from ivr.store.door import Keeping
from ivr.store.lock import JOURNAL
from ivr.store.outbox import SENT
from ivr.store.sqlite import SqliteStore
from tests.postgres import PostgresCluster, database_of

STORY: tuple[CallEvent, ...] = (
    Arrived(dialled="+4755301000", caller="+4790000001", call_time="", revision="r", channel="c"),
    Answered(),
    Ended(by="caller"),
)


@asynccontextmanager
async def serving(store: SqliteStore) -> AsyncIterator[Keeping]:
    """As a server does it."""
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        running = group.create_task(kept.run(), name="journal")
        yield kept
        running.cancel()


async def take_calls(kept: Keeping, *names: str) -> None:
    for name in names:
        for event in STORY:
            kept.journal.note(name, event)
    await kept.journal.keep("last-" + names[-1], STORY[0])


async def all_is_sent(kept: Keeping) -> None:
    """Wait until PostgreSQL has everything."""
    assert kept.relay is not None
    async with asyncio.timeout(30):
        await kept.relay.until_sent()


def rows_here(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return {
            table.name: sorted(
                tuple(
                    bool(value) if place in table.booleans else value
                    for place, value in enumerate(row)
                )
                for row in connection.execute(
                    f"SELECT {', '.join(table.columns)} FROM {table.name}"
                )
            )
            for table in SENT.values()
        }


def rows_there(postgres: PostgresCluster, url: str) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: sorted(
            postgres.rows(f"SELECT {', '.join(table.columns)} FROM {table.name}", database_of(url))
        )
        for table in SENT.values()
    }


async def told(kept: Keeping, said: str) -> None:
    """Wait until it says so."""
    async with asyncio.timeout(20):
        while True:
            relay = kept.state.relay
            assert relay is not None
            if relay.failing_since is not None and said in str(relay.last_error):
                return
            await asyncio.sleep(0.02)


async def is_behind(kept: Keeping, changes: int) -> None:
    """Wait until so many wait: they are counted at each try."""
    async with asyncio.timeout(20):
        while kept.state.relay is None or kept.state.relay.behind <= changes:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
