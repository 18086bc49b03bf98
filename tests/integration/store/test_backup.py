"""`ivr backup` while a server writes, and `ivr restore` of it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.backup import backup
from ivr.cli.restore import restore
from ivr.errors import StoreFailed
from ivr.records.events import Arrived, MessageLeft
from ivr.records.journal import Journal
from ivr.store.backup import back_up
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.removals import RECORDINGS
from ivr.store.restoring import restore as restored
from ivr.store.sqlite import SqliteStore
from tests.integration.store.calls_kept import IN_FORCE, abandoned, answered, kept
from tests.integration.store.sending import rows_here, serving

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
ARRIVED = Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Calls, rules, passwords, a message's sound, and what need not be kept."""
    folder = tmp_path / "home"
    folder.mkdir()
    asyncio.run(kept(folder, [answered(3.0), abandoned(20.0)]))
    for name in ("secrets.json", "pins.json", "tokens.json"):
        (folder / name).write_text("{}")
    sound = folder / RECORDINGS / "2026/message.wav"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"RIFF" * 100)
    (folder / "asterisk/log").mkdir()
    (folder / "asterisk/log/full").write_text("long")
    return folder


def content(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and JOURNAL not in path.name
    }


@pytest.mark.fault("F-72")
def test_what_was_backed_up_comes_back_and_what_lay_there_is_set_aside(
    home: Path, tmp_path: Path
) -> None:
    before, rows = content(home), rows_here(home)
    words = [str(tmp_path / "copy"), "--home", str(home)]

    made = CliRunner().invoke(backup, words)
    (home / "secrets.json").write_text("spoilt")
    back = CliRunner().invoke(restore, words)

    assert made.exit_code == back.exit_code == 0, (made.exception, back.exception)
    assert "2 calls" in made.output
    assert "2 calls" in back.output
    del before["asterisk/log/full"]
    assert content(home) == before
    assert rows_here(home) == rows
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.rglob("*"))
    (aside,) = tmp_path.glob("home.before-*")
    assert (aside / "secrets.json").read_text() == "spoilt"
    assert open_store(home).texts.read(IN_FORCE).text


@pytest.mark.fault("F-72")
async def test_a_backup_of_a_server_that_writes_is_of_one_moment(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    store = open_store(home)
    async with store.keeping() as keeping, asyncio.TaskGroup() as group:
        running = group.create_task(keeping.run(), name="journal")
        await keeping.journal.keep("0", ARRIVED)
        writing = group.create_task(_write(keeping.journal), name="writing")
        for number in range(5):
            to = tmp_path / f"copy-{number}"
            await asyncio.to_thread(back_up, home, to, NOW, recordings=True)
        writing.cancel()
        running.cancel()

    for number in range(5):
        again = tmp_path / f"again-{number}"
        found, aside = restored(tmp_path / f"copy-{number}", again, NOW)
        assert aside is None
        with closing(sqlite3.connect(again / JOURNAL)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            seqs = connection.execute("SELECT count(*), max(seq) FROM call_event").fetchone()
        assert seqs == (found.events, found.events), "each event up to a moment, and none after it"
        async with serving(SqliteStore(again)) as next_server:
            await next_server.journal.keep("0", ARRIVED)
            assert next_server.state.notices == ()


def test_messages_may_be_left_out(home: Path, tmp_path: Path) -> None:
    found = back_up(home, tmp_path / "copy", NOW, recordings=False)

    assert not any(RECORDINGS in name for name in found.files)
    words = [str(tmp_path / "copy"), "--home", str(tmp_path / "new")]
    assert "no recordings" in CliRunner().invoke(restore, words).output


@pytest.mark.fault("F-72")
@pytest.mark.parametrize("name", ["secrets.json", JOURNAL, "backup.json"])
@pytest.mark.parametrize("fault", ["spoilt", "gone"])
def test_a_backup_that_is_not_whole_changes_nothing(
    home: Path, tmp_path: Path, name: str, fault: str
) -> None:
    copy = tmp_path / "copy"
    back_up(home, copy, NOW, recordings=True)
    before = content(home)
    if fault == "gone":
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(b"x")

    with pytest.raises(StoreFailed, match=r"is not whole|is no backup of ours"):
        restored(copy, home, NOW)

    assert content(home) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "home"]


@pytest.mark.fault("F-72")
async def test_a_home_folder_that_a_server_writes_is_not_replaced(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    async with open_store(home).keeping():
        back_up(home, tmp_path / "copy", NOW, recordings=True)
        with pytest.raises(StoreFailed, match="is being written by another server"):
            restored(tmp_path / "copy", home, NOW)

    assert (home / JOURNAL).exists()


def test_a_backup_goes_over_nothing_and_needs_something_to_copy(home: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(StoreFailed, match="is there already"):
        back_up(home, tmp_path / "there", NOW, recordings=True)
    with pytest.raises(StoreFailed, match="no server has taken calls"):
        back_up(tmp_path / "none", tmp_path / "copy", NOW, recordings=True)
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed, match="nothing was left"):
        back_up(home, tmp_path / "file/copy", NOW, recordings=True)


async def _write(journal: Journal) -> None:
    while True:
        await journal.keep("0", MessageLeft(voicemail="v", file="f", seconds=1.0))
