"""`ivr store` on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.store import store
from ivr.diagnosis.postgresql import postgresql
from ivr.errors import IvrError
from ivr.records.removals import KeptSince
from ivr.settings import StoreSettings
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.postgres.schema import migrate_postgres
from ivr.store.schema import known_migrations
from tests.integration.store.calls_kept import DAY, IN_FORCE, abandoned, answered, kept
from tests.integration.store.sending import rows_here, rows_there
from tests.postgres import PASSWORD, PostgresCluster, database_of

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


@pytest.mark.fault("F-72")
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


def test_calls_of_an_older_home_folder_that_took_some_since_are_kept_beside_the_newer_ones(
    home: Path, tmp_path: Path, postgres: PostgresCluster
) -> None:
    """A backup was put back, or a damaged journal saved in part, and the server took calls before anybody looked."""
    url = postgres.new_database()
    older = tmp_path / "older"
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    shutil.copytree(home, older)
    asyncio.run(kept(home, [answered(30.0)], begins=DAY + timedelta(minutes=5)))
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    asyncio.run(kept(older, [abandoned(40.0), answered(5.0)], begins=DAY + timedelta(minutes=10)))
    assert "`ivr store fetch`" in refused("copy", "--home", older, "--url", url)

    fetched = ivr_store("fetch", "--home", older, "--url", url)

    assert fetched.exit_code == 0, fetched.exception
    assert "2 calls that only this home folder had are kept" in fetched.output
    with open_store(older, {}).reading() as stored:
        assert len(stored.calls.latest(10)) == len(STORIES) + 3
    assert all(open_store(older, {}).refold(datetime.now(UTC), dry_run=True).values())
    sent = ivr_store("copy", "--home", older, "--url", url)
    assert sent.exit_code == 0, sent.exception
    assert rows_there(postgres, url) == rows_here(older)


def test_what_was_taken_out_of_a_home_folder_does_not_come_back_from_a_postgresql_that_was_not_told(
    home: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    asyncio.run(kept(home, [answered(3.0)], begins=DAY + timedelta(days=9)))
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    asyncio.run(_take_out(home))
    here = rows_here(home)

    fetched = ivr_store("fetch", "--home", home, "--url", url)

    assert fetched.exit_code == 0, fetched.exception
    assert rows_here(home) == here
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    assert rows_there(postgres, url) == here
    assert "+4790000000" not in str(here)


async def _take_out(home: Path) -> None:
    """A caller, and who called on the first day."""
    async with open_store(home).keeping() as keeping, asyncio.TaskGroup() as group:
        group.create_task(keeping.journal.run(), name="journal")
        await keeping.removals.forget("+4790000000", "ola", "brev")
        since = DAY + timedelta(days=1)
        await keeping.removals.purge(KeptSince(journal=since, numbers=since), "ola", "")
        await keeping.journal.close()


def test_a_journal_that_cannot_be_read_is_not_replaced(
    home: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    (home / JOURNAL).write_bytes(before := b"nothing that a database holds" * 1000)

    assert "start `ivr serve` once" in refused("fetch", "--home", home, "--url", url)

    assert (home / JOURNAL).read_bytes() == before
    assert not list(home.glob(".journal*fetched*"))


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


@pytest.mark.fault("F-62")
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


def test_the_doctor_says_whose_calls_a_database_has(
    home: Path, tmp_path: Path, postgres: PostgresCluster
) -> None:
    url = postgres.new_database()
    settings = StoreSettings(url=url)

    def said(folder: Path) -> tuple[str, str]:
        (found,) = postgresql(settings, folder)
        return found.verdict, found.says

    verdict, says = said(home)
    assert (verdict, "has no calls yet" in says) == ("ok", True)
    assert ivr_store("copy", "--home", home, "--url", url).exit_code == 0
    verdict, says = said(home)
    assert (verdict, "last written" in says) == ("ok", True)
    verdict, says = said(tmp_path / "another")
    assert (verdict, "of another home folder" in says) == ("warning", True)
    postgres.run("INSERT INTO schema_version VALUES (99, 'later', '')", database_of(url))
    verdict, says = said(home)
    assert (verdict, "has schema 99" in says) == ("warning", True)


def test_settings_may_be_named_and_their_password_is_used(
    home: Path, tmp_path: Path, postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IVR_STORE_PASSWORD")
    (tmp_path / "password").write_text(PASSWORD)
    url = postgres.new_database()
    settings = tmp_path / "other.toml"
    settings.write_text(f'[store]\nurl = "{url}"\npassword_file = "{tmp_path / "password"}"\n')

    copied = ivr_store("copy", "--home", home, "--config", settings)
    assert copied.exit_code == 0, copied.exception
    fetched = ivr_store("fetch", "--home", tmp_path / "new", "--config", settings, "--url", url)
    assert fetched.exit_code == 0, fetched.exception
