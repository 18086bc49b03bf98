"""Where a backup is put back: through a link, into a folder that cannot be moved, and into what may be none."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.store import restoring
from ivr.store.backup import back_up
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.restoring import restore

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
ASIDE = "before-20261127T030000Z"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A backup of a home folder, which has changed since."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "secrets.json").write_text("old")
    asyncio.run(_served(home))
    back_up(home, tmp_path / "copy", NOW, recordings=True)
    (home / "secrets.json").write_text("new")
    (home / "asterisk").mkdir()
    with closing(sqlite3.connect(home / JOURNAL)) as journal, journal:
        journal.execute("INSERT INTO open_call VALUES ('since', '')")
    return tmp_path / "copy"


async def _served(home: Path) -> None:
    async with open_store(home).keeping():
        pass


def open_calls(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / JOURNAL)) as journal:
        return [call for (call,) in journal.execute("SELECT call_id FROM open_call")]


def test_a_home_folder_that_cannot_be_moved_stays_and_what_lay_in_it_is_set_aside_within(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk of its own, or below a folder of root's."""
    home = tmp_path / "home"
    (home / "lost+found").mkdir()
    monkeypatch.setattr(restoring, "_has_to_stay", lambda _: True)
    number = home.stat().st_ino

    _, aside = restore(copy, home, NOW)

    assert home.stat().st_ino == number
    assert aside == home / ASIDE
    assert (home / "secrets.json").read_text() == "old"
    assert (aside / "secrets.json").read_text() == "new"
    assert (open_calls(home), open_calls(aside)) == ([], ["since"])
    assert (home / "lost+found").is_dir()
    assert (aside / "asterisk").is_dir()
    assert not list(home.glob(".home.*"))
    asyncio.run(_served(home))


def test_a_folder_below_one_that_may_not_be_written_has_to_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    assert not restoring._has_to_stay(home)
    home.mkdir()
    assert not restoring._has_to_stay(home)
    assert restoring._has_to_stay(Path("/proc")), "a disk of its own"

    monkeypatch.setattr(os, "access", lambda *_: False)
    assert restoring._has_to_stay(home)


def test_a_link_to_a_home_folder_stays_one(copy: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "home")

    _, aside = restore(copy, link, NOW)

    assert link.is_symlink()
    assert (link / "secrets.json").read_text() == "old"
    assert aside == tmp_path / f"home.{ASIDE}"


@pytest.mark.parametrize("where", ["copy", "copy/home"])
def test_a_backup_is_not_put_back_over_itself(copy: Path, tmp_path: Path, where: str) -> None:
    before = sorted(one.name for one in copy.iterdir())

    with pytest.raises(StoreFailed, match="is the backup itself"):
        restore(copy, tmp_path / where, NOW)

    assert sorted(one.name for one in copy.iterdir()) == before


def test_what_root_puts_back_belongs_to_whom_the_home_folder_did(
    copy: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    try:
        os.chown(home, 12345, 12345)
    except OSError:
        pytest.skip("only root may make a file another user's")

    restore(copy, home, NOW)

    assert {one.stat().st_uid for one in (home, *home.rglob("*"))} == {12345}
