"""What only one journal has, added to another one: which calls, whose word counts, and what agents did."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from ivr.records.events import Answered, Arrived, CallEvent, Ended
from ivr.store.merging import merge
from ivr.store.rows import INSERT_EVENT, Draft, event_row
from ivr.store.schema import known_migrations, migrate

ARRIVED = Arrived(dialled="100", caller="+4790000001", call_time="", revision="r", channel="c")
NOON, LATER = (datetime(2026, 11, 27, hour, tzinfo=UTC) for hour in (12, 13))
ENDED, LOST = Ended(by="caller"), Ended(by="lost_while_down")


@pytest.fixture
def here() -> Iterator[sqlite3.Connection]:
    yield from _journal()


@pytest.fixture
def new() -> Iterator[sqlite3.Connection]:
    yield from _journal()


def _journal() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, known_migrations(), NOON)
        yield connection


def put(journal: sqlite3.Connection, call_id: str, *events: CallEvent) -> None:
    for seq, event in enumerate(events, 1):
        journal.execute(INSERT_EVENT, event_row(Draft.of(call_id, NOON, seq, event), seq))


def events_of(journal: sqlite3.Connection, call_id: str) -> list[str]:
    found = journal.execute(
        "SELECT type FROM call_event WHERE call_id = ? ORDER BY seq", (call_id,)
    )
    return [kind for (kind,) in found]


def test_calls_that_only_one_has_are_added_with_their_records(
    here: sqlite3.Connection, new: sqlite3.Connection
) -> None:
    put(here, "ended", ARRIVED, Answered(), ENDED)
    put(here, "open", ARRIVED)

    assert merge(here, new) == 2

    assert new.execute("SELECT call_id, ended_by FROM call").fetchall() == [("ended", "caller")]
    assert new.execute("SELECT call_id FROM open_call").fetchall() == [("open",)]
    assert new.execute("SELECT sum(calls) FROM call_day").fetchall() == [(1,)]
    assert merge(here, new) == 0


def test_a_call_goes_on_where_the_other_has_its_beginning_and_stays_where_it_was_told_otherwise(
    here: sqlite3.Connection, new: sqlite3.Connection
) -> None:
    put(here, "goes-on", ARRIVED, Answered(), ENDED)
    put(new, "goes-on", ARRIVED, Answered())
    put(here, "otherwise", ARRIVED, LOST)
    put(new, "otherwise", ARRIVED, Answered(), ENDED)
    put(here, "longer", ARRIVED, Answered(), Answered(), LOST)
    put(new, "longer", ARRIVED, ENDED)

    assert merge(here, new) == 1

    assert events_of(new, "goes-on") == ["arrived", "answered", "ended"]
    assert events_of(new, "otherwise") == ["arrived", "answered", "ended"]
    assert events_of(new, "longer") == ["arrived", "ended"]


def test_what_agents_did_since_goes_on_from_the_last_that_is_known(
    here: sqlite3.Connection, new: sqlite3.Connection
) -> None:
    _change(new, 1, NOON.replace(minute=1))
    _change(new, 2, NOON.replace(minute=2))
    _change(here, 1, NOON.replace(minute=1))
    _change(here, 2, LATER)

    merge(here, new)

    assert new.execute("SELECT seq, substr(at, 12, 5) FROM agent_change").fetchall() == [
        (1, "12:01"),
        (2, "12:02"),
        (3, "13:00"),
    ]


def test_a_journal_of_an_older_version_has_fewer_tables(new: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as older:
        migrate(older, known_migrations()[:2], NOON)
        put(older, "old", ARRIVED, ENDED)

        assert merge(older, new) == 1

    assert events_of(new, "old") == ["arrived", "ended"]


def _change(journal: sqlite3.Connection, seq: int, at: datetime) -> None:
    journal.execute(
        "INSERT INTO agent_change (agent, seq, at, kind, before, state, author, why, signed_in, taken, left_queues) "
        "VALUES ('kari', ?, ?, 'paused', 'available', 'paused', 'kari', '', true, '', '')",
        (seq, f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"),
    )


def test_what_a_purge_left_of_the_newest_call_makes_no_call(
    here: sqlite3.Connection, new: sqlite3.Connection
) -> None:
    here.execute(INSERT_EVENT, event_row(Draft.of("purged", NOON, 9, ENDED), 9))

    assert merge(here, new) == 0

    assert new.execute("SELECT count(*) FROM call").fetchone() == (0,)
    assert new.execute("SELECT count(*) FROM open_call").fetchone() == (0,)
