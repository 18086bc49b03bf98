import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from ivr.store.outbox import (
    SENT,
    has_outbox,
    is_another,
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


def test_a_list_that_was_taken_away_and_begun_again_goes_on_and_lacks_what_came_meanwhile(
    journal: sqlite3.Connection,
) -> None:
    """`[store] url` was left out for a while: whoever has all of the first list is not ahead of the second."""
    journal.execute("INSERT INTO open_call VALUES ('before', 'now')")
    newest = last_number(journal)

    take_away(journal)
    journal.execute("INSERT INTO open_call VALUES ('meanwhile', 'now')")
    take_away(journal)
    lay_out(journal)

    assert newest < last_number(journal)
    assert lacks(journal, newest)
    journal.execute("INSERT INTO open_call VALUES ('after', 'now')")
    assert last_number(journal) == newest + 2
    assert lacks(journal, newest)


def test_rows_of_a_table_that_a_newer_version_brought_are_in_the_list(
    journal: sqlite3.Connection,
) -> None:
    """A migration made it, and history was folded into it, before the list knew of it."""
    for moment in ("insert", "update", "delete"):
        journal.execute(f"DROP TRIGGER outbox_duty_quarter_{moment}")
    for number in range(3):
        journal.execute("INSERT INTO duty_quarter VALUES ('sales', ?, 'free', 5)", (str(number),))
    assert waiting_after(journal, 0) == 0

    lay_out(journal)

    assert waiting_after(journal, 0) == 3
    lay_out(journal)
    assert waiting_after(journal, 0) == 3


def test_a_change_is_known_from_another_one_with_its_number(journal: sqlite3.Connection) -> None:
    journal.execute("INSERT INTO open_call VALUES ('a', 'now')")
    lot = next_lot(journal, 1, 100)
    assert lot is not None
    assert lot.proof is not None

    assert not is_another(journal, lot.n, lot.proof)
    assert is_another(journal, lot.n, lot.proof + 1)
    assert not is_another(journal, lot.n, None)
    trim(journal, lot.n)
    assert not is_another(journal, lot.n, lot.proof + 1)


def test_a_list_of_an_older_version_learns_to_tell_changes_apart() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as journal:
        migrate(journal, known_migrations(), datetime.now(UTC))
        lay_out(journal)
        for (name,) in journal.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            journal.execute(f"DROP TRIGGER {name}")
        journal.execute("ALTER TABLE outbox DROP COLUMN proof")
        for table in SENT:
            journal.execute(
                f"CREATE TRIGGER outbox_{table}_insert AFTER INSERT ON {table} BEGIN SELECT 1; END"
            )
        journal.execute("INSERT INTO outbox (name, k1) VALUES ('open_call', 'old')")

        lay_out(journal)
        journal.execute("INSERT INTO open_call VALUES ('new', 'now')")

        proofs = journal.execute("SELECT k1, proof IS NULL FROM outbox ORDER BY n").fetchall()
        assert proofs == [("old", True), ("new", False)]
