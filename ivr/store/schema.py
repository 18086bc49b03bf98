"""Bringing a database to the schema that this version knows: `sql/migrations/`, in order."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.store.texts import time_text

_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; `version` counts from 1."""

    version: int
    name: str
    script: str


def sql_folder() -> Path:
    """Where `schema.sql` lies: in the package when installed, at the repository's top otherwise."""
    shipped = Path(str(resources.files("ivr.store"))) / "sql"
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "sql"


def known_migrations() -> tuple[Migration, ...]:
    """Every migration that this version ships, in order."""
    found = []
    for file in sorted((sql_folder() / "migrations").glob("*.sql")):
        name = _NAME.fullmatch(file.name)
        if name is None:
            message = f"{file} is no migration: write its name as 0007_what_it_does.sql"
            raise StoreFailed(message)
        found.append(Migration(int(name["version"]), name["name"], file.read_text("utf-8")))
    return tuple(found)


def migrate(
    connection: sqlite3.Connection, migrations: Sequence[Migration], now: datetime
) -> tuple[Migration, ...]:
    """Apply what is lacking, each step in a transaction of its own; returns what was applied.

    Raises StoreFailed where the database is newer than `migrations`, belongs to another program,
    or a step cannot be applied (then the database is as it was before that step).
    """
    current = schema_version(connection)
    _refuse_newer(current, migrations)
    lacking = tuple(migration for migration in migrations if migration.version > current)
    for migration in lacking:
        _apply(connection, migration, now)
    return lacking


def require_current(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Raises StoreFailed unless the database has been through exactly these migrations."""
    current = schema_version(connection)
    _refuse_newer(current, migrations)
    if current < _newest(migrations):
        message = (
            f"the database has schema {current} and this version reads {_newest(migrations)}: "
            "start `ivr serve` with this home folder once, which brings it up to date"
        )
        raise StoreFailed(message)


def schema_version(connection: sqlite3.Connection) -> int:
    """The last migration of this database; 0 for an empty one.

    Raises StoreFailed for another program's database.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if "schema_version" not in tables:
        message = "the file is another program's database: move it away, or choose another --home"
        raise StoreFailed(message)
    (version,) = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return int(version or 0)


def _newest(migrations: Sequence[Migration]) -> int:
    return max(migration.version for migration in migrations)


def _refuse_newer(current: int, migrations: Sequence[Migration]) -> None:
    if current > _newest(migrations):
        message = (
            f"the database has schema {current} and this version knows {_newest(migrations)}: "
            "start a version of Sentralbord that is as new as the one which wrote it, or choose "
            "another --home"
        )
        raise StoreFailed(message)


def _apply(connection: sqlite3.Connection, migration: Migration, now: datetime) -> None:
    try:
        # One script, because executescript first commits whatever transaction is open.
        connection.executescript(f"BEGIN IMMEDIATE;\n{migration.script}")
        connection.execute(
            "INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)",
            (migration.version, migration.name, time_text(now)),
        )
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        message = (
            f"migration {migration.version:04}_{migration.name} failed and changed nothing: {error}"
        )
        raise StoreFailed(message) from error
