"""What has changed in the journal's file and is still to go elsewhere: a list that the file keeps of itself.

Triggers write down the key of each row that is put in, changed or taken out, in the very transaction that does it. So
nothing that is on disk can be missing in the list, whoever wrote it. The rows themselves are read when they are sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy import Table as SqlTable
from sqlmodel import SQLModel

from ivr.store import tables

OUTBOX = "outbox"
MARKED_AT_ONCE = 20_000
"""Rows that are written down in one turn of the journal, when everything is to go elsewhere: some 50 ms."""


@dataclass(frozen=True, slots=True)
class SentTable:
    """A table whose rows are sent, with its columns and those of its key, and which of them are booleans."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    booleans: frozenset[int]

    @classmethod
    def of(cls, table: SqlTable) -> SentTable:
        columns = tuple(column.name for column in table.columns)
        return cls(
            table.name,
            columns,
            tuple(column.name for column in table.primary_key),
            frozenset(
                place for place, one in enumerate(table.columns) if isinstance(one.type, Boolean)
            ),
        )

    def key_of(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = dict(zip(self.columns, row, strict=True))
        return tuple(values[name] for name in self.key)


def _sent_tables() -> tuple[SentTable, ...]:
    ours = {
        str(row.__tablename__)
        for row in vars(tables).values()
        if isinstance(row, type) and issubclass(row, SQLModel) and row is not SQLModel
    }
    return tuple(
        SentTable.of(table)
        for table in SQLModel.metadata.sorted_tables
        if table.name in ours and table.name != "schema_version"
    )


SENT: dict[str, SentTable] = {table.name: table for table in _sent_tables()}
"""Every table but the schema's own, those that others refer to first."""


_KEY_COLUMNS = ", ".join(
    f"k{place}" for place in range(1, max(len(table.key) for table in SENT.values()) + 1)
)
"""Without a type, so that each value stays what it is."""


_MOMENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
"""When a change is written down, and which of the rows has its key."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Some changes, up to number `n`: rows as they are now, and keys of those that are gone.

    `proof` is the word by which change `n` is known from another one with its number; None for one without.
    """

    n: int
    proof: int | None
    count: int
    rows: dict[str, list[tuple[Any, ...]]]
    gone: dict[str, list[tuple[Any, ...]]]


def has_outbox(connection: sqlite3.Connection) -> bool:
    """Whether the list has been begun."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (OUTBOX,))
    return found.fetchone() is not None


def lay_out(connection: sqlite3.Connection) -> None:
    """Begin the list, and have every change written into it from now on; the same where it is there.

    What is in a table that came since, with a newer version, goes into it too: nobody wrote that down.
    """
    watched = _watched(connection)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, {_KEY_COLUMNS}, "
        "proof INTEGER)"
    )
    if not connection.execute(
        "SELECT 1 FROM pragma_table_info('outbox') WHERE name = 'proof'"
    ).fetchone():
        connection.execute("ALTER TABLE outbox ADD COLUMN proof INTEGER")
        for name in watched:
            connection.execute(f"DROP TRIGGER {name}")
    begun = connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = ?", (OUTBOX,)).fetchone()
    if not begun:
        # Number 1 is for all that was here before; nobody has it, so whoever has nothing yet sees that it is missing.
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, 1)", (OUTBOX,))
    for table in SENT.values():
        for moment, row in _MOMENTS.items():
            key = ", ".join(f"{row}.{name}" for name in table.key)
            connection.execute(
                f"CREATE TRIGGER IF NOT EXISTS {_trigger(table, moment)} "
                f"AFTER {moment} ON {table.name} BEGIN {_noting(table, f'VALUES (?, {key}, random())')}; END".replace(
                    "?", f"'{table.name}'"
                )
            )
        if watched and not any(_trigger(table, moment) in watched for moment in _MOMENTS):
            mark_all_rows(connection, table.name)


def mark_all_rows(connection: sqlite3.Connection, table: str) -> None:
    """Write down the keys of all rows of a table."""
    after = 0
    while after := mark_rows(connection, table, after):
        pass


def take_away(connection: sqlite3.Connection) -> None:
    """Nothing is sent from here any more: the list would only grow.

    Its numbers go on where it is begun again, and one is left out: what happens meanwhile is in no list, and whoever
    has all up to here sees that.
    """
    if not has_outbox(connection):
        return
    newest = last_number(connection)
    for name in _watched(connection):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DROP TABLE outbox")
    connection.execute(
        "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (OUTBOX, newest + 1)
    )


def mark_rows(connection: sqlite3.Connection, table: str, after: int) -> int:
    """Write down the keys of some rows that have a higher number than `after`; returns the last one, 0 for no more."""
    (last,) = connection.execute(
        f"SELECT max(rowid) FROM (SELECT rowid FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?)",  # noqa: S608
        (after, MARKED_AT_ONCE),
    ).fetchone()
    if last is None:
        return 0
    key = ", ".join(SENT[table].key)
    rows = f"SELECT ?, {key}, random() FROM {table} WHERE rowid > ? AND rowid <= ? ORDER BY rowid"  # noqa: S608 - names of ours
    connection.execute(_noting(SENT[table], rows), (table, after, last))
    return int(last)


def last_number(connection: sqlite3.Connection) -> int:
    """Of the changes that there ever were."""
    (seq,) = connection.execute(
        "SELECT seq FROM sqlite_sequence WHERE name = ?", (OUTBOX,)
    ).fetchone()
    return int(seq)


def number_from(connection: sqlite3.Connection, n: int) -> None:
    """The next change gets the number after this one."""
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (n, OUTBOX))


def lacks(connection: sqlite3.Connection, mark: int) -> bool:
    """Whether changes after `mark` are not in the list any more, or it is of another list than this."""
    newest = last_number(connection)
    (oldest,) = connection.execute("SELECT min(n) FROM outbox").fetchone()
    return mark > newest or (mark < newest if oldest is None else mark + 1 < oldest)


def is_another(connection: sqlite3.Connection, n: int, proof: int | None) -> bool:
    """Whether change `n` is another than the one with that proof: an older copy of the list has gone on by itself."""
    row = connection.execute("SELECT proof FROM outbox WHERE n = ?", (n,)).fetchone()
    return proof is not None and row is not None and row[0] not in {None, proof}


def waiting_after(connection: sqlite3.Connection, mark: int) -> int:
    """How many changes wait."""
    (count,) = connection.execute("SELECT count(*) FROM outbox WHERE n > ?", (mark,)).fetchone()
    return int(count)


def trim(connection: sqlite3.Connection, up_to: int) -> None:
    """Forget changes that are elsewhere by now."""
    connection.execute("DELETE FROM outbox WHERE n <= ?", (up_to,))


def next_lot(connection: sqlite3.Connection, mark: int, most: int) -> Lot | None:
    """The changes after `mark`, so many at the most; within a transaction of the reader's."""
    gone: dict[str, dict[tuple[Any, ...], None]] = {}
    n, proof, count = mark, None, 0
    for n, proof, name, *key in connection.execute(  # noqa: B007 - the last one is the new mark
        f"SELECT n, proof, name, {_KEY_COLUMNS} FROM outbox WHERE n > ? ORDER BY n LIMIT ?",  # noqa: S608 - names of ours
        (mark, most),
    ):
        gone.setdefault(name, {})[tuple(key[: len(SENT[name].key)])] = None
        count += 1
    if not count:
        return None
    lot = Lot(n, proof, count, {}, {})
    for name in (name for name in SENT if name in gone):
        table = SENT[name]
        found = {table.key_of(row): row for row in _rows(connection, table, mark, n)}
        lot.rows[name] = [_sendable(table, row) for row in found.values()]
        lot.gone[name] = [tuple(map(_without_nul, key)) for key in gone[name] if key not in found]
    return lot


def _rows(
    connection: sqlite3.Connection, table: SentTable, mark: int, last: int
) -> Iterator[tuple[Any, ...]]:
    """Those that changed after `mark`, as they are now, some of them several times."""
    is_it = " AND ".join(f"t.{name} = o.k{place}" for place, name in enumerate(table.key, 1))
    columns = ", ".join(f"t.{name}" for name in table.columns)
    query = (
        f"SELECT {columns} FROM outbox AS o CROSS JOIN {table.name} AS t ON {is_it} "  # noqa: S608 - names of ours
        "WHERE o.n > ? AND o.n <= ? AND o.name = ?"
    )
    yield from connection.execute(query, (mark, last, table.name))


def _trigger(table: SentTable, moment: str) -> str:
    return f"{OUTBOX}_{table.name}_{moment.lower()}"


def _watched(connection: sqlite3.Connection) -> list[str]:
    """The triggers of the list."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'outbox_%'"
    )
    return [str(name) for (name,) in found]


def _noting(table: SentTable, what: str) -> str:
    columns = ", ".join(f"k{place}" for place in range(1, len(table.key) + 1))
    return f"INSERT INTO outbox (name, {columns}, proof) {what}"


def _sendable(table: SentTable, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite has no booleans, and PostgreSQL no text with a NUL in it."""
    return tuple(
        bool(value) if place in table.booleans else _without_nul(value)
        for place, value in enumerate(row)
    )


def _without_nul(value: object) -> object:
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
