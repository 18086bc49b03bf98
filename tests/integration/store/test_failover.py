"""Two real PostgreSQL servers, one of which follows the other: what it lacks when it takes over comes again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ivr.store.flow import Flow
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.store import PostgresStore
from ivr.store.sqlite import SqliteStore
from tests.integration.store.sending import (
    all_is_sent,
    rows_here,
    rows_there,
    serving,
    take_calls,
    told,
)
from tests.postgres import PASSWORD, PostgresCluster, database_of, either, postgres_with_standby

SOON = Flow(look_seconds=0.02, retry_seconds=0.05)
_ENDED = "SELECT count(*) FROM call_event WHERE type = 'ended'"
MANY = tuple(f"only-first-{number:03}" for number in range(100))


class Pair:
    """`first` is written to, and `second` follows it. `address` is one database, on whichever may be written to."""

    def __init__(self, first: PostgresCluster, second: PostgresCluster) -> None:
        self.first, self.second = first, second
        self.on_first = first.new_database()
        self.on_second = second.url(database_of(self.on_first))
        self.address = PostgresAddress(either(self.on_first, self.on_second))

    async def are_alike(self) -> None:
        """Wait until the second has what the first has."""
        async with asyncio.timeout(20):
            while not self.second.has_all_of(self.first):  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.02)

    def take_over(self) -> None:
        """The first is gone, and the second takes its place with what it has by now."""
        self.first.stop()
        self.second.take_over()

    def ended_calls(self, server: PostgresCluster) -> int:
        """How many one of the two knows."""
        try:
            ((count,),) = server.rows(_ENDED, database_of(self.on_first))
        except psycopg.errors.UndefinedTable:  # nobody has written there
            return 0
        return int(str(count))

    async def has_calls(self, server: PostgresCluster, count: int) -> None:
        """Wait until one of the two knows so many."""
        async with asyncio.timeout(20):
            while self.ended_calls(server) < count:  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.01)


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    monkeypatch.setenv("IVR_STORE_PASSWORD", PASSWORD)
    with postgres_with_standby() as (first, second):
        yield Pair(first, second)


@pytest.mark.fault("F-96")
async def test_what_the_standby_lacks_when_it_takes_over_comes_again(
    tmp_path: Path, pair: Pair
) -> None:
    """It hears nothing of the last calls: the first has told that it keeps them, and is gone."""
    async with serving(SqliteStore(tmp_path, to=pair.address, flow=SOON)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
        await pair.are_alike()
        pair.second.fall_behind()
        await take_calls(kept, *MANY)
        await all_is_sent(kept)
        pair.first.stop()
        await take_calls(kept, "meanwhile")
        await told(kept, "only a standby")
        lacks = 1 + len(MANY) - pair.ended_calls(pair.second)
        pair.second.take_over()
        await take_calls(kept, "after")
        await all_is_sent(kept)

    assert lacks == len(MANY), "the second had everything: nothing was tried"
    assert rows_there(pair.second, pair.on_second) == rows_here(tmp_path)
    with PostgresStore(pair.address, SqliteStore(tmp_path)).reading() as reading:
        assert len(reading.calls.latest(500)) == len(MANY) + 3


@pytest.mark.fault("F-96")
async def test_a_machine_that_hangs_is_left_for_the_standby_that_took_over(
    tmp_path: Path, pair: Pair
) -> None:
    """Nothing refuses a connection there: whoever tries gets no answer."""
    flow = Flow(look_seconds=0.02, retry_seconds=0.05, stall_seconds=0.5)
    async with serving(SqliteStore(tmp_path, to=pair.address, flow=flow)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
        await pair.are_alike()
        pair.first.freeze()
        pair.second.take_over()
        await take_calls(kept, "after")
        await all_is_sent(kept)

    assert rows_there(pair.second, pair.on_second) == rows_here(tmp_path)


@pytest.mark.fault("F-96")
async def test_a_standby_that_takes_over_while_all_is_sent_for_the_first_time_gets_all(
    tmp_path: Path, pair: Pair
) -> None:
    """The first has some of it, and the second, which is named before it, less."""
    address = PostgresAddress(either(pair.on_second, pair.on_first))
    async with serving(SqliteStore(tmp_path)) as kept:
        await take_calls(kept, *MANY)
    flow = Flow(lot=10, look_seconds=0.02, retry_seconds=0.05)

    async with serving(SqliteStore(tmp_path, to=address, flow=flow)) as kept:
        await pair.has_calls(pair.first, 20)
        pair.second.fall_behind()
        await pair.has_calls(pair.first, 60)
        pair.take_over()
        assert 0 < pair.ended_calls(pair.second) < 60
        await all_is_sent(kept)

    assert rows_there(pair.second, pair.on_second) == rows_here(tmp_path)


@pytest.mark.fault("F-96")
async def test_a_first_that_comes_back_as_it_was_takes_nothing_away_from_the_second(
    tmp_path: Path, pair: Pair
) -> None:
    """Nobody kept it from being written to, and it is tried first: it gets what it lacks, and then the second does."""
    async with serving(SqliteStore(tmp_path, to=pair.address, flow=SOON)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
        await pair.are_alike()
        pair.take_over()
        await take_calls(kept, "on-second")
        await all_is_sent(kept)
    pair.first.start()
    async with serving(SqliteStore(tmp_path, to=pair.address, flow=SOON)) as kept:
        await take_calls(kept, "on-first")
        await kept.journal.written()  # its record too, which is made behind the commit
        await all_is_sent(kept)
        assert rows_there(pair.first, pair.on_first) == rows_here(tmp_path)
        pair.first.stop()
        await take_calls(kept, "on-second-again")
        await all_is_sent(kept)

    assert rows_there(pair.second, pair.on_second) == rows_here(tmp_path)
