"""The end of the relay that lies in PostgreSQL: one connection that takes lots of changes, each whole or not at all."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import datetime

import psycopg
from psycopg import sql

from ivr.errors import StoreFailed
from ivr.store.outbox import SENT, Lot, SentTable
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.schema import PostgresLine, migrate_postgres
from ivr.store.schema import known_migrations
from ivr.store.texts import time_text

_ONE_WRITER = 0x53656E7472616C62
"""The lock of PostgreSQL that whoever writes into this database holds, for as long as its connection lives."""


class Receiver:
    """Everything but `cut` blocks, and is done by one thread. Raises psycopg.Error.

    `home` is the id of the home folder that writes. `prepare` it first.
    """

    def __init__(self, address: PostgresAddress, home: str) -> None:
        self._connection: PostgresLine = psycopg.connect(**address.words, autocommit=True)
        self._address = address
        self._home = home
        self.mark = 0
        self.proof: int | None = None
        self.is_whole = False

    def prepare(self, now: datetime, *, take_over: bool) -> None:
        """Keep others out, bring the schema up to date, and learn how far the home folder has come.

        Raises StoreFailed where another one writes there; with `take_over`, only while it does so.
        """
        self._lock_out_others()
        migrate_postgres(self._connection, known_migrations(), now)
        row = self._connection.execute("SELECT home, n, proof, at, whole FROM shipped").fetchone()
        if row is None:
            return
        home, mark, proof, at, is_whole = row
        if home == self._home:
            self.mark, self.proof, self.is_whole = int(mark), proof, bool(is_whole)
        elif not take_over:
            message = (
                f"{self._address.told} holds the calls of another home folder, last written {at}. To mend it, "
                "give this one a database of its own, or, if that home folder is gone for good, put this one's calls "
                "in the place of its with `ivr store copy --url URL --take-over`"
            )
            raise StoreFailed(message)

    def take_texts(self, texts: Mapping[tuple[str, str], str]) -> None:
        """Put the texts of rules in, by revision and file."""
        values = [(revision, name, text) for (revision, name), text in texts.items()]
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(_TEXT, values)

    def take(self, lot: Lot, now: datetime) -> None:
        """Put the lot into the tables; when it returns, it is there for good. The same lot twice changes nothing."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for name, keys in reversed(lot.gone.items()):
                if keys:
                    cursor.executemany(_deletion(SENT[name]), keys)
            for name, rows in lot.rows.items():
                if rows:
                    cursor.executemany(_insertion(SENT[name]), rows)
            cursor.execute(
                "UPDATE shipped SET n = %s, proof = %s, at = %s WHERE home = %s",
                (lot.n, lot.proof, time_text(now), self._home),
            )
        self.mark, self.proof = lot.n, lot.proof

    def begin_anew(self, mark: int, now: datetime) -> None:
        """Empty all tables: they are to be filled with all that there is, in changes after `mark`."""
        names = sql.SQL(", ").join(map(sql.Identifier, SENT))
        with self._connection.transaction():
            self._connection.execute(sql.SQL("TRUNCATE {}").format(names))
            self._connection.execute("DELETE FROM shipped")
            self._connection.execute(
                "INSERT INTO shipped (home, n, at, whole) VALUES (%s, %s, %s, false)",
                (self._home, mark, time_text(now)),
            )
        self.mark, self.proof, self.is_whole = mark, None, False

    def tell_whole(self) -> None:
        """All that there was has come: others may read."""
        self._connection.execute("UPDATE shipped SET whole = true")
        self.is_whole = True

    def tell_running(self) -> None:
        """Say that the server runs, by PostgreSQL's own clock: who reads may have another one."""
        self._connection.execute(
            "UPDATE shipped SET runs_at = clock_timestamp() WHERE home = %s", (self._home,)
        )

    def tell_stopped(self) -> None:
        """Say that the server has stopped."""
        self._connection.execute("UPDATE shipped SET runs_at = NULL WHERE home = %s", (self._home,))

    def cut(self) -> None:
        """Let go of a server that does not answer, from another thread: whoever waits for it gets an error."""
        try:
            with socket.socket(fileno=os.dup(self._connection.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
        except (OSError, psycopg.Error):
            pass  # it is closed already

    def close(self) -> None:
        self._connection.close()

    def _lock_out_others(self) -> None:
        query = "SELECT pg_try_advisory_lock(%s)"
        row = self._connection.execute(query, (_ONE_WRITER,)).fetchone()
        if row is None or not row[0]:
            message = (
                f"another server writes into {self._address.told}: stop that one, or give this one a database of "
                "its own"
            )
            raise StoreFailed(message)


def _insertion(table: SentTable) -> sql.Composed:
    rest = [name for name in table.columns if name not in table.key]
    change = sql.SQL(", ").join(
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in rest
    )
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) {}").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        sql.SQL(", ").join(sql.Placeholder() * len(table.columns)),
        sql.SQL(", ").join(map(sql.Identifier, table.key)),
        sql.SQL("DO UPDATE SET {}").format(change) if rest else sql.SQL("DO NOTHING"),
    )


def _deletion(table: SentTable) -> sql.Composed:
    is_it = sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in table.key
    )
    return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), is_it)


_TEXT = """
INSERT INTO rules_text (revision, name, content) VALUES (%s, %s, %s)
ON CONFLICT (revision, name) DO UPDATE SET content = EXCLUDED.content
"""
