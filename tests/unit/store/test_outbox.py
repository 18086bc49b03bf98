import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from ivr.store.outbox import (
    has_outbox,
    lacks,
    last_number,
    lay_out,
    mark_rows,
    next_lot,
    take_away,
    trim,
    waiting_after,
)
from ivr.store.schema import known_migrations, migrate


@pytest.fixture
def journal() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        migrate(connection, known_migrations(), datetime.now(UTC))
        lay_out(connection)
        yield connection


def test_a_row_that_came_and_went_is_sent_as_gone(journal: sqlite3.Connection) -> None:
    journal.execute("INSERT INTO open_call VALUES ('æ\"\nå', 'now')")
    journal.execute("DELETE FROM open_call")

    lot = next_lot(journal, 1, 100)

    assert lot is not None
    assert (lot.n, lot.count) == (3, 2)
    assert lot.rows["open_call"] == []
    assert lot.gone["open_call"] == [('æ"\nå',)]


def test_a_row_is_sent_as_it_is_now_however_often_it_changed(journal: sqlite3.Connection) -> None:
    journal.execute("INSERT INTO call_event VALUES ('a', 1, 'x', 'at', 5, 'old')")
    journal.execute("UPDATE call_event SET payload = ?", ("n\0w",))
    journal.execute("INSERT OR REPLACE INTO fold_made VALUES (1, 'then')")

    lot = next_lot(journal, 1, 100)

    assert lot is not None
    assert lot.rows == {
        "call_event": [("a", 1, "x", "at", 5, "n\N{REPLACEMENT CHARACTER}w")],
        "fold_made": [(1, "then")],
    }
    assert not any(lot.gone.values())
    assert next_lot(journal, lot.n, 100) is None


def test_what_was_there_before_the_list_is_lacking_until_it_is_marked(
    journal: sqlite3.Connection,
) -> None:
    take_away(journal)
    assert not has_outbox(journal)
    journal.execute("INSERT INTO open_call VALUES ('before', 'now')")
    lay_out(journal)
    lay_out(journal)

    assert lacks(journal, 0)
    assert mark_rows(journal, "open_call", 0) == 1
    assert mark_rows(journal, "open_call", 1) == 0
    lot = next_lot(journal, 1, 100)
    assert lot is not None
    assert lot.rows["open_call"] == [("before", "now")]


def test_a_mark_that_is_behind_or_ahead_of_the_list_is_seen(journal: sqlite3.Connection) -> None:
    for number in range(5):
        journal.execute("INSERT INTO open_call VALUES (?, '')", (str(number),))
    newest = last_number(journal)

    assert not lacks(journal, newest)
    assert not lacks(journal, newest - 3)
    assert waiting_after(journal, newest - 3) == 3
    assert lacks(journal, newest + 1)
    trim(journal, newest - 2)
    assert not lacks(journal, newest - 2)
    assert lacks(journal, newest - 3)
    trim(journal, newest)
    assert not lacks(journal, newest)
    assert lacks(journal, newest - 1)
