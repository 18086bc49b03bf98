"""Moving what is kept between a home folder and PostgreSQL, while no server runs with that folder."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr.disk import MEND
from ivr.errors import StoreFailed, first_of
from ivr.private_file import new_private, new_private_folder, write_private
from ivr.store.door import Keeping
from ivr.store.identity import IDENTITY, known_identity
from ivr.store.lock import JOURNAL, WriterLock
from ivr.store.mark import mark_file
from ivr.store.merging import merge
from ivr.store.outbox import SENT, lay_out, number_from
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.schema import (
    PostgresLine,
    migrate_postgres,
    postgres_version,
    require_current_postgres,
)
from ivr.store.postgres.store import connected
from ivr.store.reading import journal_is_there
from ivr.store.revisions import FOLDER
from ivr.store.salvage import put_in_place
from ivr.store.schema import known_migrations, migrate, schema_version
from ivr.store.sqlite import SqliteStore

_AT_ONCE = 2_000
"""Rows that are fetched at a time."""


@dataclass(frozen=True, slots=True)
class WhatIsThere:
    """Of a database: `home` is whose calls it holds, `n` and `at` how far they have come; None where none has."""

    schema: int
    home: str | None = None
    n: int = 0
    at: str | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a home folder got: rows, and files of rules; how many calls only it had; where its journal of before is."""

    rows: int
    texts: int
    own_calls: int
    aside: Path | None


def what_is_there(address: PostgresAddress) -> WhatIsThere:
    """Blocks. Raises StoreFailed."""
    with connected(address) as line:
        schema = postgres_version(line)
        if not schema:
            return WhatIsThere(0)
        row = line.execute("SELECT home, n, at, whole FROM shipped").fetchone()
        return WhatIsThere(schema, *row) if row else WhatIsThere(schema)


def migrate_database(address: PostgresAddress, now: datetime) -> tuple[str, ...]:
    """Bring it up to date; returns the names of the steps. Blocks. Raises StoreFailed."""
    with connected(address) as line:
        return tuple(step.name for step in migrate_postgres(line, known_migrations(), now))


def migrate_home(home: Path) -> None:
    """Bring the home folder's journal up to date. Blocks. Raises StoreFailed, also while a server runs."""
    if not journal_is_there(home / JOURNAL):
        message = (
            f"there is no {home / JOURNAL}: no server has taken calls with this home folder yet"
        )
        raise StoreFailed(message)
    with SqliteStore(home).adding():
        pass


async def copy_home(
    home: Path, address: PostgresAddress, told: Callable[[int], None], *, take_over: bool
) -> None:
    """Send all that the home folder holds; `told` hears how many changes wait. Raises StoreFailed at once."""
    if not journal_is_there(home / JOURNAL):
        message = (
            f"there is no {home / JOURNAL}: no server has taken calls with this home folder yet"
        )
        raise StoreFailed(message)
    store = SqliteStore(home, to=address, take_over=take_over)
    try:
        async with store.keeping() as kept, asyncio.TaskGroup() as group:
            running = group.create_task(kept.run(), name="journal")
            watching = group.create_task(_watch(kept, told), name="watch")
            if kept.relay is not None:
                await kept.relay.until_sent()
            running.cancel()
            watching.cancel()
    except* StoreFailed as failed:
        raise first_of(failed) from None


async def _watch(kept: Keeping, told: Callable[[int], None]) -> None:
    """Raises StoreFailed where the relay would only try again."""
    while (relay := kept.state.relay) is not None:
        if relay.failing_since is not None:
            mend = f"{MEND}{relay.mend}" if relay.mend else ""
            message = f"{relay.to}: {relay.last_error}{mend}"
            raise StoreFailed(message)
        told(relay.behind)
        await asyncio.sleep(0.1)


def fetch_home(home: Path, address: PostgresAddress, now: datetime) -> Fetched:
    """Make the home folder's journal of what PostgreSQL has, to the byte, with the texts of rules.

    A journal that lies there is set aside: one that was put back from a backup, or lost some of what it had. Calls that
    only that one has are added. Blocks. Raises StoreFailed where it is another home folder's, or cannot be read.
    """
    file = home / JOURNAL
    with connected(address) as line:
        require_current_postgres(line, known_migrations())
        row = line.execute("SELECT home, n FROM shipped WHERE whole").fetchone()
        if row is None:
            message = f"{address.told} does not hold everything of a home folder: there is nothing whole to fetch"
            raise StoreFailed(message)
        owner, n = str(row[0]), int(row[1])
        _refuse_anothers(home, address, owner)
        lock = WriterLock(file)
        try:
            new_private_folder(home)
            lock.take()
        except OSError as error:
            message = f"{home} cannot be written ({error.strerror}): name a folder with --home that this user may write"
            raise StoreFailed(message) from error
        try:
            new = file.with_name(f".{JOURNAL}.fetched")
            rows = _written(new, line, n, now)
            own_calls = _merged(file, new)
            aside = put_in_place(new, file, now, why="fetched")
            mark_file(file).unlink(missing_ok=True)
            write_private(home / IDENTITY, owner + "\n")
            texts = _texts_written(home, line)
        finally:
            lock.release()
    return Fetched(rows, texts, own_calls, aside)


def _refuse_anothers(home: Path, address: PostgresAddress, owner: str) -> None:
    if known_identity(home) not in {None, owner}:
        message = f"{address.told} holds the calls of another home folder than {home}: fetch them into a new one"
        raise StoreFailed(message)


def _merged(file: Path, new: Path) -> int:
    """Add to the new file what only the old one has; how many calls that are. Raises StoreFailed."""
    if not journal_is_there(file):
        return 0
    try:
        with (
            closing(sqlite3.connect(file)) as here,
            closing(sqlite3.connect(new, isolation_level=None)) as there,
        ):
            here.execute("PRAGMA query_only = ON")
            schema_version(here)
            there.execute("BEGIN")
            calls = merge(here, there)
            there.execute("COMMIT")
    except (sqlite3.Error, StoreFailed) as error:
        new.unlink()
        message = (
            f"{file} cannot be read ({error}), and may have calls that are nowhere else: start `ivr serve` once, which "
            "saves what can be read of it; or move it away first, if it is to be given up"
        )
        raise StoreFailed(message) from error
    return calls


def _written(new: Path, line: PostgresLine, n: int, now: datetime) -> int:
    """A file with all the rows, and how many there are."""
    new.unlink(missing_ok=True)
    os.close(new_private(new))
    count = 0
    with closing(sqlite3.connect(new, isolation_level=None)) as connection, line.transaction():
        migrate(connection, known_migrations(), now)
        connection.execute("BEGIN")
        for table in SENT.values():
            columns = ", ".join(f'"{name}"' for name in table.columns)
            marks = ", ".join("?" * len(table.columns))
            put = f"INSERT OR REPLACE INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - names of ours
            with line.cursor(name="fetch") as cursor:
                cursor.itersize = _AT_ONCE
                cursor.execute(f"SELECT {columns} FROM {table.name}".encode())  # noqa: S608
                for row in cursor:
                    connection.execute(put, row)
                    count += 1
        lay_out(connection)
        number_from(connection, n)
        connection.execute("COMMIT")
    return count


def _texts_written(home: Path, line: PostgresLine) -> int:
    count = 0
    for revision, name, content in line.execute("SELECT revision, name, content FROM rules_text"):
        path = home / FOLDER / str(revision) / str(name)
        new_private_folder(path.parent)
        write_private(path, str(content))
        count += 1
    return count
