"""Bringing a PostgreSQL database to the schema that this version knows: the very files that SQLite gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from ivr.errors import StoreFailed
from ivr.store.schema import Migration, sql_folder
from ivr.store.texts import time_text

MIGRATE = "ivr store migrate"
_TEXT = re.compile(r"^(\s*(?:ALTER TABLE \w+ ADD COLUMN )?\w+ TEXT)\b", re.MULTILINE)

PostgresLine = psycopg.Connection[tuple[Any, ...]]


def migrate_postgres(
    connection: PostgresLine, migrations: Sequence[Migration], now: datetime
) -> tuple[Migration, ...]:
    """Apply what is lacking, all in one transaction; returns what was applied.

    Raises StoreFailed where the database is newer, or another program's, and psycopg.Error.
    """
    current = postgres_version(connection)
    newest = migrations[-1].version
    _refuse_newer(current, newest)
    lacking = [migration for migration in migrations if migration.version > current]
    with connection.transaction():
        for migration in lacking:
            connection.execute(_as_postgres_reads(migration.script).encode())
            connection.execute(
                "INSERT INTO schema_version (version, name, applied_at) VALUES (%s, %s, %s)",
                (migration.version, migration.name, time_text(now)),
            )
        connection.execute((sql_folder() / "postgresql.sql").read_text("utf-8").encode())
    return tuple(lacking)


def require_current_postgres(connection: PostgresLine, migrations: Sequence[Migration]) -> None:
    """Raises StoreFailed unless the database has been through exactly these migrations."""
    current, newest = postgres_version(connection), migrations[-1].version
    _refuse_newer(current, newest)
    if current == 0:
        message = (
            "the database is empty, no server has taken calls with it yet: start `ivr serve` with this "
            "`[store] url`, or move a home folder over with `ivr store copy --url URL`"
        )
        raise StoreFailed(message)
    if current < newest:
        message = (
            f"the database has schema {current} and this version reads {newest}: `{MIGRATE} --url URL` brings it up "
            "to date, and so does `ivr serve`"
        )
        raise StoreFailed(message)


def postgres_version(connection: PostgresLine) -> int:
    """The last migration of this database; 0 for an empty one. Raises StoreFailed for another program's."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
    ).fetchall()
    tables = {name for (name,) in found}
    if not tables:
        return 0
    if "schema_version" not in tables:
        message = (
            "the database is another program's: make one for Sentralbord alone (`createdb`), and name it in "
            "`[store] url`"
        )
        raise StoreFailed(message)
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return int(row[0] or 0) if row else 0


def _refuse_newer(current: int, newest: int) -> None:
    if current > newest:
        message = (
            f"the database has schema {current} and this version knows {newest}: start a version of Sentralbord "
            "that is as new as the one which wrote it, or name another database in `[store] url`"
        )
        raise StoreFailed(message)


def _as_postgres_reads(script: str) -> str:
    """Texts sort by their bytes, as they do in SQLite, whatever language the database was made for."""
    return _TEXT.sub(r'\1 COLLATE "C"', script)
