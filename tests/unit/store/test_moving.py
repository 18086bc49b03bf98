"""Moving a home folder's calls: what it refuses before anything is moved, and what it leaves as it was."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.store.lock import JOURNAL
from ivr.store.moving import copy_home, fetch_home, migrate_home
from ivr.store.open import open_store
from ivr.store.postgres.address import PostgresAddress

NOWHERE = PostgresAddress("postgresql://me@127.0.0.1:1/x")
"""Nobody listens there."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A server has kept calls there, and is gone."""
    asyncio.run(_served(tmp_path))
    return tmp_path


async def _served(home: Path) -> tuple[str, ...]:
    async with open_store(home).keeping() as kept:
        return kept.state.notices


def test_a_folder_without_a_journal_is_refused_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="no server has taken calls"):
        migrate_home(tmp_path)
    with pytest.raises(StoreFailed, match="no server has taken calls"):
        asyncio.run(copy_home(tmp_path, NOWHERE, lambda _: None, take_over=False))

    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_cannot_be_sent_ends_at_once_with_the_mend_and_lets_go_of_the_journal(
    home: Path,
) -> None:
    with pytest.raises(StoreFailed, match=r"it cannot be reached .* To mend it, start PostgreSQL"):
        asyncio.run(copy_home(home, NOWHERE, lambda _: None, take_over=False))

    assert asyncio.run(_served(home)) == ()


def test_who_cannot_fetch_keeps_the_journal_that_is_there(home: Path) -> None:
    before = (home / JOURNAL).read_bytes()

    with pytest.raises(StoreFailed, match="cannot be used"):
        fetch_home(home, NOWHERE, datetime.now(UTC))

    assert (home / JOURNAL).read_bytes() == before
    assert list(home.glob("*.fetched*")) == []


async def test_a_home_folder_that_a_server_writes_is_not_migrated_beside_it(tmp_path: Path) -> None:
    async with open_store(tmp_path).keeping():
        with pytest.raises(StoreFailed, match="is being written by another server"):
            migrate_home(tmp_path)
