"""The way to a real PostgreSQL: everything comes there once, whatever happens to it on the way."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.cli.shared.duty import DutyOfDays
from ivr.store.flow import Flow
from ivr.store.lock import JOURNAL
from ivr.store.outbox import has_outbox
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.store import PostgresStore
from ivr.store.sqlite import NOWHERE, SqliteStore
from tests.integration.store.changes_kept import change_of
from tests.integration.store.sending import (
    all_is_sent,
    is_behind,
    rows_here,
    rows_there,
    serving,
    take_calls,
    told,
)
from tests.postgres import PASSWORD, PostgresCluster, database_of

SOON = Flow(look_seconds=0.02, retry_seconds=0.05)


async def test_what_is_kept_is_in_postgresql_to_the_byte(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()

    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, *(f"call-{number:03}" for number in range(200)))
        await all_is_sent(kept)

    assert rows_there(postgres, url) == rows_here(tmp_path)
    assert len(rows_there(postgres, url)["call"]) == 200


@pytest.mark.fault("F-55")
async def test_calls_that_are_kept_while_postgresql_is_gone_come_there_later_each_once(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()

    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
        postgres.stop()
        try:
            await take_calls(kept, *(f"call-{number:03}" for number in range(100)))
            await told(kept, "cannot be reached")
            assert kept.state.failing_since is None
            await is_behind(kept, 100)
        finally:
            postgres.start()
        await all_is_sent(kept)

    assert rows_there(postgres, url) == rows_here(tmp_path)


@pytest.mark.fault("F-56")
async def test_postgresql_that_does_not_answer_is_let_go_of_and_calls_are_kept(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    flow = Flow(stall_seconds=0.5, retry_seconds=0.05)

    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=flow)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
        postgres.freeze()
        try:
            await take_calls(kept, *(f"call-{number:03}" for number in range(100)))
            await told(kept, "does not answer")
        finally:
            postgres.thaw()
        await all_is_sent(kept)

    assert rows_there(postgres, url) == rows_here(tmp_path)


@pytest.mark.parametrize(
    ("fault", "mend", "said"),
    [
        (
            "ALTER DATABASE {} SET default_transaction_read_only = on",
            "ALTER DATABASE {} SET default_transaction_read_only = off",
            "it is read-only",
        ),
        (
            "ALTER DATABASE {} CONNECTION LIMIT 0",
            "ALTER DATABASE {} CONNECTION LIMIT -1",
            "no connection left",
        ),
        (
            "ALTER ROLE sender PASSWORD 'another'",
            f"ALTER ROLE sender PASSWORD '{PASSWORD}'",
            "does not take the password",
        ),
    ],
)
@pytest.mark.fault("F-58", "F-59")
async def test_what_postgresql_refuses_is_told_with_its_mend_and_comes_when_it_is_mended(
    tmp_path: Path, postgres: PostgresCluster, fault: str, mend: str, said: str
) -> None:
    postgres.run("DROP ROLE IF EXISTS sender")
    postgres.run(f"CREATE ROLE sender LOGIN PASSWORD '{PASSWORD}'")
    name = database_of(postgres.new_database())
    postgres.run(f"ALTER DATABASE {name} OWNER TO sender")
    url = postgres.url(name, user="sender")

    try:
        async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
            await take_calls(kept, "before")
            await all_is_sent(kept)
            postgres.run(fault.format(name))
            postgres.close_connections(name)
            await take_calls(kept, "meanwhile")
            await told(kept, said)
            postgres.run(mend.format(name))
            await all_is_sent(kept)

        assert rows_there(postgres, url) == rows_here(tmp_path)
    finally:
        postgres.run(f"DROP DATABASE {name} WITH (FORCE)")
        postgres.run("DROP ROLE sender")


@pytest.mark.fault("F-57")
async def test_commits_that_are_cut_off_change_nothing_twice(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    """The proxy lets the COMMIT through and keeps the answer: nobody knows whether it was done."""
    url = postgres.new_database()
    async with cutting_proxy(postgres.port) as proxy:
        behind = url.replace(str(postgres.port), str(proxy.port))
        flow = Flow(lot=7, retry_seconds=0.01, look_seconds=0.01)
        async with serving(SqliteStore(tmp_path, to=PostgresAddress(behind), flow=flow)) as kept:
            await take_calls(kept, *(f"call-{number:03}" for number in range(40)))
            await all_is_sent(kept)
        assert proxy.cuts_left == 0

    assert rows_there(postgres, url) == rows_here(tmp_path)


async def test_a_killed_relay_goes_on_where_it_was(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    for number in range(3):
        async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
            await take_calls(kept, f"first-{number}")
            await all_is_sent(kept)
            assert kept.state.relay is not None
            sent = kept.state.relay.sent

        assert sent < 60, "what was there already is sent again"

    assert rows_there(postgres, url) == rows_here(tmp_path)


async def test_a_database_that_was_put_back_gets_what_it_lacks(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    store = SqliteStore(tmp_path, to=PostgresAddress(url), flow=Flow(kept_changes=0, trim_from=1))
    async with serving(store) as kept:
        await take_calls(kept, "one")
        await all_is_sent(kept)
    postgres.run("UPDATE shipped SET n = n - 5", database_of(url))
    postgres.run("DELETE FROM call_event WHERE seq = 3", database_of(url))

    async with serving(store) as kept:
        await all_is_sent(kept)

    assert rows_there(postgres, url) == rows_here(tmp_path)


@pytest.mark.fault("F-93")
async def test_another_home_folder_is_refused_unless_it_takes_over(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    async with serving(SqliteStore(tmp_path / "one", to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "of-one")
        await all_is_sent(kept)

    async with serving(SqliteStore(tmp_path / "two", to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "of-two")
        await told(kept, "of another home folder")
    assert rows_there(postgres, url) == rows_here(tmp_path / "one")

    taking = SqliteStore(tmp_path / "two", to=PostgresAddress(url), take_over=True, flow=SOON)
    async with serving(taking) as kept:
        await all_is_sent(kept)
    assert rows_there(postgres, url) == rows_here(tmp_path / "two")


@pytest.mark.fault("F-62")
async def test_a_newer_schema_is_refused_and_calls_go_on(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await all_is_sent(kept)
    postgres.run("INSERT INTO schema_version VALUES (99, 'later', '')", database_of(url))

    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "call")
        await told(kept, "start a version of Sentralbord that is as new")


async def test_without_an_address_nothing_is_written_down_any_more(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    async with serving(SqliteStore(tmp_path, to=PostgresAddress(postgres.new_database()))) as kept:
        await take_calls(kept, "call")

    async with serving(SqliteStore(tmp_path, to=NOWHERE)) as kept:
        await take_calls(kept, "another")

    with closing(sqlite3.connect(tmp_path / JOURNAL)) as connection:
        assert not has_outbox(connection)
        assert (
            connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            == []
        )


async def test_an_address_that_was_left_out_for_a_while_gets_what_came_meanwhile(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
    async with serving(SqliteStore(tmp_path, to=NOWHERE)) as kept:
        await take_calls(kept, "meanwhile")

    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "after")
        await all_is_sent(kept)

    assert rows_there(postgres, url) == rows_here(tmp_path)


async def test_what_a_newer_version_folds_into_its_new_tables_is_sent(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
    as_of_an_older_version(tmp_path, postgres, url)

    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)) as kept:
        await all_is_sent(kept)

    assert rows_here(tmp_path)["call_day"]
    assert rows_there(postgres, url) == rows_here(tmp_path)


@pytest.mark.fault("F-93")
async def test_an_older_home_folder_that_took_as_many_calls_since_is_refused_all_the_same(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    """Its changes have the numbers of others that PostgreSQL has already: they would be passed over."""
    url = postgres.new_database()
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.mkdir()
    async with serving(SqliteStore(older, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)
    shutil.copytree(older, newer)
    async with serving(SqliteStore(newer, to=PostgresAddress(url), flow=SOON)) as kept:
        await take_calls(kept, "one", "two")
        await all_is_sent(kept)
    async with serving(SqliteStore(older)) as kept:
        await take_calls(kept, *(f"since-{number}" for number in range(9)))

    async with serving(SqliteStore(older, to=PostgresAddress(url), flow=SOON)) as kept:
        await told(kept, "has changes that this home folder has not")
        assert kept.state.relay is not None
        assert "`ivr store fetch`" in str(kept.state.relay.mend)

    assert rows_there(postgres, url) == rows_here(newer)


@pytest.mark.fault("F-60")
async def test_a_dump_of_the_database_keeps_nobody_from_sending(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    """It holds every table for reading, for as long as it takes; the server may start meanwhile."""
    url = postgres.new_database()
    store = SqliteStore(tmp_path, to=PostgresAddress(url), flow=SOON)
    async with serving(store) as kept:
        await take_calls(kept, "before")
        await all_is_sent(kept)

    with postgres.connect(database_of(url)) as dumping, dumping.transaction():
        for table in rows_here(tmp_path):
            dumping.execute(f"LOCK TABLE {table}, shipped IN ACCESS SHARE MODE".encode())
        async with serving(store) as kept:
            await take_calls(kept, "meanwhile")
            await all_is_sent(kept)

    assert rows_there(postgres, url) == rows_here(tmp_path)


def as_of_an_older_version(home: Path, postgres: PostgresCluster, url: str) -> None:
    """Without a table that a later version made, and with history that it folds anew."""
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        for moment in ("insert", "update", "delete"):
            connection.execute(f"DROP TRIGGER outbox_call_day_{moment}")
        connection.execute("DELETE FROM call_day")
        connection.execute("UPDATE fold_made SET version = version - 1")
        connection.commit()
    postgres.run("DELETE FROM call_day", database_of(url))


class CuttingProxy:
    """Between a client and PostgreSQL: lets a COMMIT through, and closes both ends before the answer."""

    def __init__(self, port: int) -> None:
        self.cuts_left = 15
        self.port = 0
        self.is_done = asyncio.Event()
        self._to = port
        self._open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open += 1
        self.is_done.clear()
        async with asyncio.TaskGroup() as group:
            answers = group.create_task(_copy(there, writer), name="answers")
            commits = 0
            while some := await reader.read(65_536):
                commits += b"COMMIT" in some
                is_cut = self.cuts_left > 0 and commits and b"COMMIT" in some
                if is_cut:
                    answers.cancel()  # what comes back is not told
                back.write(some)
                await back.drain()
                if is_cut:
                    self.cuts_left -= 1
                    break
            back.close()
            writer.close()
            answers.cancel()
        self._open -= 1
        if not self._open:
            self.is_done.set()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65_536):
        writer.write(some)
        await writer.drain()


@asynccontextmanager
async def cutting_proxy(port: int) -> AsyncIterator[CuttingProxy]:
    proxy = CuttingProxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    async with server:
        yield proxy
        await proxy.is_done.wait()


async def test_what_agents_are_still_at_counts_from_postgresql_too_while_their_server_runs(
    tmp_path: Path, postgres: PostgresCluster
) -> None:
    """Also of a server that says nothing else for a while, and of one whose end nobody was told: a minute long."""
    url = postgres.new_database()
    there = PostgresStore(PostgresAddress(url), SqliteStore(tmp_path / "none"))
    now = datetime.now(UTC)
    began = change_of("kari", 1, now - timedelta(minutes=10), "available")

    def seconds() -> float:
        with there.reading() as stored:
            bounds = (now - timedelta(hours=1), now + timedelta(hours=1))
            return DutyOfDays(stored, tmp_path / "none", bounds).of_all().signed_in_seconds

    def last_word() -> object:
        ((at,),) = postgres.rows("SELECT runs_at FROM shipped", database_of(url))
        return at

    flow = Flow(look_seconds=0.02, word_seconds=0.05)
    async with serving(SqliteStore(tmp_path, to=PostgresAddress(url), flow=flow)) as kept:
        await kept.ledger.put_agent_changes(began)
        await all_is_sent(kept)
        assert 600 <= await asyncio.to_thread(seconds) < 660
        word = last_word()
        async with asyncio.timeout(20):
            while last_word() == word:  # noqa: ASYNC110 - told by asking
                await asyncio.sleep(0.02)

    assert last_word() is None
    assert seconds() == 0
    for ago, is_counted in (("50 seconds", True), ("70 seconds", False)):
        with postgres.connect(database_of(url)) as line:
            line.execute(f"UPDATE shipped SET runs_at = now() - interval '{ago}'")
        assert (seconds() > 0) is is_counted
