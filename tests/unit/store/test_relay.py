"""What a relay says of itself while it cannot send."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from ivr.store.flow import Flow
from ivr.store.outbox import lay_out
from ivr.store.postgres.address import PostgresAddress
from ivr.store.relay import PostgresRelay
from ivr.store.schema import known_migrations, migrate
from tests.clocks import HandClock

T = TypeVar("T")
NOWHERE = PostgresAddress("postgresql://me@127.0.0.1:1/x")
"""Nobody listens there."""


class OneTurn:
    """A journal that does at once what it is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def in_turn(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
            return work(connection)

    async def folded(self) -> None:
        """All are."""

    def forget_recent(self) -> None:
        """It holds none."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A journal with one change in its list."""
    found = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(found, isolation_level=None)) as connection:
        migrate(connection, known_migrations(), datetime.now(UTC))
        lay_out(connection)
        connection.execute("INSERT INTO open_call VALUES ('a', '')")
    return found


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 27, 3, 0, tzinfo=UTC))


@pytest.fixture
async def relay(file: Path, clock: HandClock) -> AsyncIterator[PostgresRelay]:
    found = PostgresRelay(file, OneTurn(file), NOWHERE, "home", Flow(), clock=clock)
    yield found
    await found.close()


async def test_one_that_has_not_tried_yet_tells_no_failure(relay: PostgresRelay) -> None:
    state = relay.state

    assert (state.to, state.sent, state.failing_since) == ("postgresql://me@127.0.0.1:1/x", 0, None)
    assert (state.last_error, state.mend) == (None, None)


async def test_since_when_it_fails_stays_while_it_tries_again_and_what_waits_is_counted(
    relay: PostgresRelay, clock: HandClock
) -> None:
    began = clock.at
    assert not await relay.send_some()
    clock.at += timedelta(minutes=5)
    assert not await relay.send_some()

    state = relay.state
    assert state.failing_since == began
    assert state.last_error is not None
    assert state.last_error.startswith("it cannot be reached")
    assert state.mend == "start PostgreSQL, or put the address in `[store] url` right"
    assert (state.sent, state.behind) == (0, 1)


async def test_a_password_that_cannot_be_read_is_told_in_its_own_words(
    file: Path, clock: HandClock, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    without = PostgresAddress(NOWHERE.url, empty)
    relay = PostgresRelay(file, OneTurn(file), without, "home", Flow(), clock=clock)

    assert not await relay.send_some()

    assert relay.state.last_error is not None
    assert relay.state.last_error.startswith("the password of postgresql://me@127.0.0.1:1/x cannot")
    assert relay.state.last_error.endswith("its first line is empty")
    assert (relay.state.mend or "").startswith("put it on the first line of that file")
    await relay.close()


async def test_a_journal_that_cannot_be_read_is_not_laid_at_postgresqls_door(
    relay: PostgresRelay, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("ivr.store.relay.Receiver", broken)

    assert not await relay.send_some()

    assert relay.state.last_error == "the journal cannot be read: [Errno 5] Input/output error"
    assert relay.state.mend == "look at what is said of the journal"
