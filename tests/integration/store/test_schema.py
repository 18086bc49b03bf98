"""One schema, told three times: in `sql/schema.sql`, in the migrations and in the classes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from ivr.errors import StoreFailed
from ivr.store import tables
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.schema import Migration, known_migrations, migrate, sql_folder

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KNOWN = len(known_migrations())
NEXT = Migration(KNOWN + 1, "add_mood", "ALTER TABLE call ADD COLUMN mood TEXT;")


@pytest.fixture
def empty() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def shape(connection: sqlite3.Connection) -> dict[str, object]:
    """Tables with their columns, keys and indexes, as SQLite understands them."""
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    return {
        name: {
            pragma: sorted(connection.execute(f"PRAGMA {pragma}({name})").fetchall())
            for pragma in ("table_info", "foreign_key_list")
        }
        | {"indexes": _indexes(connection, name)}
        for name in names
    }


def _indexes(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    rows = connection.execute(f"PRAGMA index_list({table})").fetchall()
    return sorted(
        (name, unique, origin, tuple(connection.execute(f"PRAGMA index_info({name})").fetchall()))
        for _, name, unique, origin, _ in rows
    )


def test_migrations_lead_to_the_schema(empty: sqlite3.Connection) -> None:
    migrate(empty, known_migrations(), NOW)

    with closing(sqlite3.connect(":memory:")) as by_schema:
        by_schema.executescript((sql_folder() / "schema.sql").read_text("utf-8"))
        assert shape(empty) == shape(by_schema)


def test_migrations_lead_to_the_views_of_the_schema(empty: sqlite3.Connection) -> None:
    views = "SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name"
    migrate(empty, known_migrations(), NOW)

    with closing(sqlite3.connect(":memory:")) as by_schema:
        by_schema.executescript((sql_folder() / "schema.sql").read_text("utf-8"))
        found = by_schema.execute(views).fetchall()
        assert found == empty.execute(views).fetchall() != []
        for name, _ in found:
            by_schema.execute(f"SELECT * FROM {name}").fetchall()


def test_classes_say_what_the_schema_says(empty: sqlite3.Connection, tmp_path: Path) -> None:
    empty.executescript((sql_folder() / "schema.sql").read_text("utf-8"))
    engine = create_engine(f"sqlite:///{tmp_path / 'classes.sqlite'}")
    ours = [
        SQLModel.metadata.tables[str(table.__tablename__)]
        for table in vars(tables).values()
        if isinstance(table, type) and issubclass(table, SQLModel) and table is not SQLModel
    ]

    SQLModel.metadata.create_all(engine, tables=ours)
    engine.dispose()

    with closing(sqlite3.connect(tmp_path / "classes.sqlite")) as by_classes:
        assert shape(by_classes) == shape(empty)


def test_every_table_and_column_of_the_schema_has_a_comment() -> None:
    lines = (sql_folder() / "schema.sql").read_text("utf-8").splitlines()

    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith(("CREATE TABLE", "CREATE VIEW")):
            assert before.startswith("-- "), line
        if re.match(r"    [a-z]\w* [A-Z]", line):
            assert re.search(r"-- \w", line), line


def test_database_knows_what_it_has_been_through(empty: sqlite3.Connection) -> None:
    applied = migrate(empty, known_migrations(), NOW)

    assert applied[0].name == "first_call"
    assert empty.execute("SELECT * FROM schema_version").fetchone() == (
        1,
        "first_call",
        "2026-11-23T08:00:00.000000Z",
    )
    assert migrate(empty, known_migrations(), NOW) == ()


def test_older_database_gets_only_the_steps_that_it_lacks(empty: sqlite3.Connection) -> None:
    migrate(empty, known_migrations(), NOW)

    assert migrate(empty, [*known_migrations(), NEXT], NOW) == (NEXT,)


def test_newer_database_is_refused_with_both_versions(empty: sqlite3.Connection) -> None:
    migrate(empty, [*known_migrations(), NEXT], NOW)

    said = f"schema {KNOWN + 1} and this version knows {KNOWN}: start a version"
    with pytest.raises(StoreFailed, match=said):
        migrate(empty, known_migrations(), NOW)


def test_step_that_fails_changes_nothing(empty: sqlite3.Connection) -> None:
    migrate(empty, known_migrations(), NOW)
    before = shape(empty)
    script = "ALTER TABLE call ADD COLUMN mood TEXT; DROP TABLE nowhere;"
    broken = Migration(KNOWN + 1, "broken", script)

    with pytest.raises(StoreFailed, match=f"{KNOWN + 1:04}_broken failed and changed nothing"):
        migrate(empty, [*known_migrations(), broken], NOW)

    assert shape(empty) == before
    assert migrate(empty, known_migrations(), NOW) == ()


def test_talk_of_a_call_that_was_answered_once_is_its_visits_talk(
    empty: sqlite3.Connection,
) -> None:
    migrate(empty, known_migrations()[:2], NOW)
    call = (
        "INSERT INTO call (call_id, arrived_at, ended_at, dialled, call_time, channel, node, revision, disposition,"
        " ended_by, talk_seconds, test) VALUES (?, '', '', '', '', '', '', '', 'answered', 'caller', 60.0, 0)"
    )
    visit = "INSERT INTO queue_visit VALUES (?, ?, 'q', '', ?, 1.0, NULL, 1)"
    empty.executemany(call, [("once",), ("twice",)])
    empty.executemany(visit, [("once", 1, "overflowed"), ("once", 2, "answered")])
    empty.executemany(visit, [("twice", 1, "answered"), ("twice", 2, "answered")])

    migrate(empty, known_migrations(), NOW)

    talks = empty.execute("SELECT call_id, visit, talk_seconds FROM queue_visit ORDER BY 1, 2")
    assert talks.fetchall() == [
        ("once", 1, None),
        ("once", 2, 60.0),
        ("twice", 1, None),
        ("twice", 2, None),
    ]


def test_another_programs_database_is_refused(empty: sqlite3.Connection) -> None:
    empty.execute("CREATE TABLE bookmarks (url TEXT)")

    with pytest.raises(StoreFailed, match="another program's"):
        migrate(empty, known_migrations(), NOW)


def test_reader_of_an_older_database_says_how_to_bring_it_up_to_date(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).touch()

    with pytest.raises(StoreFailed, match="start `ivr serve`"), open_store(tmp_path).reading():
        pass
