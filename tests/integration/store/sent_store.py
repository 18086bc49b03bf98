"""A store that is written in the home folder and read from PostgreSQL, as the contract of all stores wants it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from ivr.store.door import Keeping, PastCalls, Reading
from ivr.store.flow import Flow
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.store import PostgresStore
from ivr.store.sqlite import SqliteStore
from tests.integration.store.sending import all_is_sent

SOON = Flow(look_seconds=0.01, retry_seconds=0.02)


class SentStore:
    """See Store. Who reads finds what was kept, once the server has let go."""

    def __init__(self, home: Path, url: str) -> None:
        address = PostgresAddress(url)
        self._local = SqliteStore(home, to=address, flow=SOON)
        self._there = PostgresStore(address, self._local)
        self.texts = self._local.texts

    def has_begun(self) -> bool:
        return self._local.has_begun()

    def set_aside(self) -> Sequence[str]:
        return self._local.set_aside()

    def is_sent_on(self) -> bool:
        return self._local.is_sent_on()

    def reading(self) -> AbstractContextManager[Reading]:
        return self._there.reading()

    @contextmanager
    def adding(self) -> Iterator[PastCalls]:
        with self._local.adding() as past:
            yield past
        asyncio.run(self._send())

    def refold(self, now: datetime, *, dry_run: bool = False) -> Mapping[str, bool]:
        return self._local.refold(now, dry_run=dry_run)

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[Keeping]:
        async with self._local.keeping() as kept:
            assert kept.relay is not None
            yield kept
            await kept.journal.close()
        await self._send()

    async def _send(self) -> None:
        """As the next server does it first."""
        async with self._local.keeping() as kept, asyncio.TaskGroup() as group:
            running = group.create_task(kept.run(), name="journal")
            await all_is_sent(kept)
            running.cancel()
