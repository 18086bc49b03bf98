from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import StoreFailed
from ivr.records.removals import KeptSince, Removal
from ivr.server.retention import Keeper, kept_since, seconds_until_night
from ivr.settings import Retention

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return NOW


class _Store:
    """Takes out what it is told to; `failure` makes it fail."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.has_begun, self.has_purged = asyncio.Event(), asyncio.Event()
        self.failure: StoreFailed | None = None
        self.is_slow = False

    async def purge(self, since: KeptSince, author: str, why: str) -> Removal:
        return await self._took(f"purge by {author} before {since.latest:%d.%m.}", author, why)

    async def forget(self, caller: str, author: str, why: str) -> Removal:
        return await self._took(f"forget {caller}", author, why)

    async def finish(self) -> None:
        self.done.append("finish")
        self.has_begun.set()

    async def _took(self, told: str, author: str, why: str) -> Removal:
        if self.is_slow:
            await asyncio.sleep(3600)
        if self.failure:
            raise self.failure
        self.done.append(told)
        self.has_purged.set()
        return Removal(removal_id="1", what="purge", asked_at=NOW, author=author, why=why)


def keeper(store: _Store, kept: Retention | None = None) -> Keeper:
    return Keeper(store, kept or Retention(journal=90), _Clock(), lambda: OSLO)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2026-11-23T02:30", 1),
        ("2026-11-23T03:30", 24),
        ("2026-11-22T23:30", 4),
        ("2026-10-24T23:30", 5),
        ("2026-03-28T23:30", 3),
    ],
)
def test_the_night_comes_once_also_where_clocks_are_changed(now: str, hours: int) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=OSLO)

    assert seconds_until_night(at.astimezone(UTC), OSLO) == hours * 3600


def test_what_has_no_days_is_kept_for_ever() -> None:
    assert kept_since(Retention(), NOW).latest is None
    since = kept_since(Retention(journal=90, words=7), NOW)
    assert (since.journal, since.numbers) == (NOW - timedelta(days=90), None)
    assert since.latest == NOW - timedelta(days=7)


async def test_a_server_ends_what_was_begun_and_purges_when_it_starts() -> None:
    store = _Store()

    async with asyncio.TaskGroup() as group:
        running = group.create_task(keeper(store).run())
        await store.has_purged.wait()
        running.cancel()

    assert store.done == ["finish", "purge by server before 25.08."]


async def test_with_nothing_set_nothing_is_purged() -> None:
    store = _Store()

    removal = await keeper(store, Retention()).purge("ola", "")

    assert removal is not None
    assert removal.taken.is_nothing
    assert store.done == []


async def test_a_store_that_fails_is_told_to_who_asked_and_the_server_goes_on() -> None:
    store = _Store()
    kept = keeper(store)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(kept.run())
        await store.has_begun.wait()
        store.failure = StoreFailed("disk full")

        with pytest.raises(StoreFailed, match="disk full"):
            await kept.forget("+4790000001", "ola", "")

        store.failure = None
        assert await kept.forget("+4790000001", "ola", "") is not None
        running.cancel()

    assert store.done[-1] == "forget +4790000001"


async def test_who_asks_does_not_wait_for_ever() -> None:
    store = _Store()
    kept = Keeper(store, Retention(), _Clock(), lambda: OSLO, patience_seconds=0.0)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(kept.run())
        await store.has_begun.wait()
        store.is_slow = True

        assert await kept.forget("+4790000001", "ola", "") is None
        running.cancel()
