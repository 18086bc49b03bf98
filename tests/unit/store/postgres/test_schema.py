"""The migrations as PostgreSQL gets them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from ivr.errors import StoreFailed
from ivr.store.postgres.schema import (
    PostgresLine,
    migrate_postgres,
    postgres_version,
    require_current_postgres,
)
from ivr.store.schema import known_migrations

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


class DryLine:
    """A database at some version, which writes down what it is told, and does none of it."""

    def __init__(self, version: int, tables: Sequence[str] = ("schema_version",)) -> None:
        self.version = version
        self.tables = tables
        self.told: list[str] = []
        self._rows: list[tuple[object, ...]] = []

    def execute(self, query: str | bytes, _: Sequence[object] = ()) -> DryLine:
        text = query.decode() if isinstance(query, bytes) else query
        is_of_tables = "information_schema" in text
        self._rows = [(name,) for name in self.tables] if is_of_tables else [(self.version,)]
        if "SELECT table_name" not in text and "SELECT max" not in text:
            self.told.append(text)
        return self

    def fetchall(self) -> list[tuple[object, ...]]:
        return self._rows

    def fetchone(self) -> tuple[object, ...]:
        return self._rows[0]

    def transaction(self) -> Any:
        return self

    def __enter__(self) -> DryLine:
        self.told.append("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self.told.append("COMMIT")


def line(version: int, *tables: str) -> tuple[PostgresLine, DryLine]:
    dry = DryLine(version, tables)
    return cast("PostgresLine", dry), dry


def test_every_text_sorts_by_its_bytes() -> None:
    there, dry = line(0)

    migrate_postgres(there, known_migrations(), NOW)

    # The last one is PostgreSQL's own, of which SQLite has nothing to be like.
    columns = [
        row
        for script in dry.told[:-2]
        for row in re.findall(r"^.*\bTEXT\b.*$", re.sub("--.*", "", script), re.MULTILINE)
        if re.match(r"\s*(ALTER TABLE \w+ ADD COLUMN )?\w+ TEXT", row)
    ]
    assert len(columns) > 50
    assert [row for row in columns if 'TEXT COLLATE "C"' not in row] == []


def test_only_what_is_lacking_is_applied_and_all_of_it_or_nothing() -> None:
    steps = known_migrations()
    there, dry = line(steps[-3].version, "schema_version", "call")

    applied = migrate_postgres(there, steps, NOW)

    assert applied == steps[-2:]
    assert (dry.told[0], dry.told[-1]) == ("BEGIN", "COMMIT")
    assert dry.told.count("BEGIN") == 1


def test_a_database_of_another_program_is_left_alone() -> None:
    there, dry = line(0, "wp_posts")

    with pytest.raises(StoreFailed, match="another program's"):
        migrate_postgres(there, known_migrations(), NOW)
    assert dry.told == []


def test_a_newer_database_is_neither_read_nor_written() -> None:
    steps = known_migrations()
    there, dry = line(steps[-1].version + 1, "schema_version")

    for reads in (
        lambda: migrate_postgres(there, steps, NOW),
        lambda: require_current_postgres(there, steps),
    ):
        with pytest.raises(StoreFailed, match="as new as the one which wrote it"):
            reads()
    assert dry.told == []


def test_an_empty_database_has_no_version() -> None:
    there, _ = line(7)

    assert postgres_version(there) == 0
