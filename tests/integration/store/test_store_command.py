"""`ivr store` on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.store import store
from ivr.errors import IvrError
from ivr.store.open import open_store
from ivr.store.postgres.schema import migrate_postgres
from ivr.store.schema import known_migrations
from ivr.store.sqlite import JOURNAL
from tests.integration.store.calls_kept import IN_FORCE, abandoned, answered, kept
from tests.integration.store.sending import rows_here, rows_there
from tests.postgres import PostgresCluster, database_of

STORIES = [answered(3.0), abandoned(20.0), answered(9.0)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One in which three calls were kept."""
    folder = tmp_path / "home"
    folder.mkdir()
    asyncio.run(kept(folder, STORIES))
    return folder


def ivr_store(*words: str | Path) -> Result:
    return CliRunner().invoke(store, [str(word) for word in words], catch_exceptions=True)


def refused(*words: str | Path) -> str:
    """What the command says that it cannot do."""
    error = ivr_store(*words).exception
    assert isinstance(error, IvrError)
    return str(error)


def test_a_home_folder_is_moved_over_whole_and_what_is_read_there_is_the_same(
    home: Path, postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database()
    with open_store(home).reading() as stored:
        here = stored.calls.latest(10)

    copied = ivr_store("copy", "--home", home, "--url", url)

    assert copied.exit_code == 0, copied.exception
    assert "has all that" in copied.output
    assert rows_there(postgres, url) == rows_here(home)
    monkeypatch.setenv("IVR_STORE__URL", url)
    there = open_store(home.parent / "none")
    with there.reading() as stored:
        assert stored.calls.latest(10) == here
        assert len(here) == len(STORIES)
    assert there.texts.read(IN_FORCE).text == open_store(home, {}).texts.read(IN_FORCE).text
    assert there.texts.named("ab12") == IN_FORCE.revision
    assert there.texts.where(IN_FORCE) is not None
    assert "up to" not in ivr_store("show", "--home", home, "--url", url).output


def test_a_home_folder_whose_disk_was_lost_is_made_again_of_postgresql(
    home: Path, tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0

    fetched = ivr_store("fetch", "--home", tmp_path / "new", "--url", url)

    assert fetched.exit_code == 0, fetched.exception
    assert rows_here(tmp_path / "new") == rows_here(home)
    again = ivr_store("copy", "--home", tmp_path / "new", "--url", url)
    assert again.exit_code == 0, again.exception
    assert rows_there(postgres, url) == rows_here(home)
    texts = open_store(tmp_path / "new").texts
    assert texts.read(IN_FORCE).text == open_store(home).texts.read(IN_FORCE).text


def test_an_older_home_folder_does_not_take_newer_calls_out_of_postgresql(
    home: Path, tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    older = tmp_path / "older"
    shutil.copytree(home, older)
    with closing(sqlite3.connect(home / JOURNAL)) as connection, connection:
        connection.execute("INSERT INTO open_call VALUES ('late', '')")
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0

    said = refused("copy", "--home", older, "--url", url)

    assert "`ivr store fetch`" in said
    assert rows_there(postgres, url) == rows_here(home)
    fetched = ivr_store("fetch", "--home", older, "--url", url)
    assert fetched.exit_code == 0, fetched.exception
    assert "is journal.sqlite.fetched-" in fetched.output
    assert rows_here(older) == rows_here(home)


def test_a_journal_with_calls_that_postgresql_has_not_is_not_replaced(
    home: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    with closing(sqlite3.connect(home / JOURNAL)) as connection, connection:
        connection.execute("INSERT INTO call_event VALUES ('late', 1, 'answered', '', 1, '{}')")
    before = rows_here(home)

    assert "has 1 calls of which" in refused("fetch", "--home", home, "--url", url)
    assert rows_here(home) == before


def test_what_is_wrong_with_a_database_is_told_at_once(
    home: Path, postgres: PostgresCluster
) -> None:
    nowhere = postgres.url("nowhere")
    assert "it has no such database" in refused("copy", "--home", home, "--url", nowhere)
    assert "it has no such database" in refused("show", "--home", home, "--url", nowhere)
    empty = postgres.new_database()
    assert "no server has taken calls" in refused("fetch", "--home", home, "--url", empty)
    assert "is empty" in ivr_store("show", "--home", home, "--url", empty).output
    assert "no server has taken calls" in refused(
        "copy", "--home", home.parent / "none", "--url", empty
    )
    secret = "postgresql://me:secret@127.0.0.1/x"
    assert "secret@" not in refused("show", "--home", home, "--url", secret)
    usage = ivr_store("show", "--home", home)
    assert usage.exit_code == 2
    assert "--url postgresql://" in usage.output


def test_an_older_schema_is_refused_with_the_command_that_mends_it(
    home: Path, postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database()
    name = database_of(url)
    with postgres.connect(name) as older:
        migrate_postgres(older, known_migrations()[:-1], datetime.now(UTC))
    monkeypatch.setenv("IVR_STORE__URL", url)

    with pytest.raises(IvrError, match="`ivr store migrate --url URL`"):  # noqa: SIM117
        with open_store(home).reading():
            pass

    migrated = ivr_store("migrate", "--home", home, "--url", url)
    assert migrated.exit_code == 0, migrated.exception
    assert "is up to date" in migrated.output
