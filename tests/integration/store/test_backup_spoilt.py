"""A backup that is killed, meets a full disk, or is to lie in the home folder: nothing half-made is taken for one."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ivr.errors import StoreFailed
from ivr.store import backup
from ivr.store.backup import CONTENTS, back_up
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.removals import RECORDINGS
from ivr.store.restoring import restore
from tests.integration.store.calls_kept import abandoned, answered, kept

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
TOUCHES = {"open", "os.mkdir", "os.remove", "os.rename", "sqlite3.connect"}
"""What Python tells of, of all that a backup does to a disk."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    asyncio.run(kept(folder, [answered(3.0), abandoned(20.0)]))
    (folder / "secrets.json").write_text("{}")
    sound = folder / RECORDINGS / "message.wav"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"RIFF" * 100)
    return folder


def killed_at(number: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do the work in a process that kills itself as it touches the folder for the nth time; whether it came to that."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)
    touched = 0

    def kill(event: str, args: tuple[Any, ...]) -> None:
        nonlocal touched
        if event in TOUCHES and str(folder) in str(args[0]):
            touched += 1
            if touched == number:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(kill)
        work()
    finally:
        os._exit(0)


@pytest.mark.fault("F-73")
def test_a_backup_that_is_killed_at_any_moment_is_none_and_the_next_one_goes_on(
    home: Path, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    to, number = backups / "tonight", 0
    while True:
        number += 1
        was_killed = killed_at(number, backups, lambda: back_up(home, to, NOW, recordings=True))
        if not was_killed:
            break
        if to.exists():  # with no more than a file too many
            restore(to, tmp_path / "whole", NOW)
            shutil.rmtree(tmp_path / "whole")
            shutil.rmtree(to)
        for half in backups.glob(".*") if backups.exists() else ():
            assert half.name.endswith(".half-made")
            with suppress(StoreFailed):
                restore(half, tmp_path / "new", NOW)
                assert (tmp_path / "new" / RECORDINGS / "message.wav").exists()
                shutil.rmtree(tmp_path / "new")
            assert not (tmp_path / "new").exists()
        back_up(home, backups / "tomorrow", NOW, recordings=True)
        left = [path for path in backups.iterdir() if path.name != "tomorrow"]
        assert not any(list(path.iterdir()) for path in left)
        shutil.rmtree(backups)

    assert number > 10
    restore(to, tmp_path / "new", NOW)
    assert (tmp_path / "new" / RECORDINGS / "message.wav").exists()


def test_what_somebody_else_is_making_beside_it_is_left_alone(home: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    going_on = subprocess.Popen(
        [sys.executable, "-c", HALF, str(backups)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert going_on.stdout is not None
        assert going_on.stdout.readline() == "half\n"
        back_up(home, backups / "tonight", NOW, recordings=True)
        assert len(list(backups.glob(".slow.*"))) == 1
    finally:
        going_on.kill()
        going_on.communicate()
    back_up(home, backups / "tomorrow", NOW, recordings=True)

    assert sorted(path.name for path in backups.iterdir()) == ["tomorrow", "tonight"]


HALF = """\
import sys, time
from pathlib import Path
from ivr.store.half_made import half_made
with half_made(Path(sys.argv[1]), "slow"):
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_restore_that_was_killed_leaves_the_home_folder_and_the_next_one_goes_on(
    home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    back_up(home, copy, NOW, recordings=True)
    within = tmp_path / "elsewhere"
    assert killed_at(8, within, lambda: restore(copy, within / "new", NOW))
    (half,) = within.iterdir()
    assert half.name.startswith(".new.")

    restore(copy, within / "new", NOW)

    assert [path.name for path in within.iterdir()] == ["new"]


class Room(NamedTuple):
    free: int


@pytest.mark.parametrize("with_server", [True, False])
def test_a_backup_for_which_there_is_no_room_is_refused_before_it_takes_any(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_server: bool
) -> None:
    """On the disk that the server writes to, some is left to it."""
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    free = size + 20_000_000 if with_server else 1000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(free))

    with pytest.raises(StoreFailed, match=r"MB free and the backup takes .* another disk"):
        back_up(home, tmp_path / "copy", NOW, recordings=True)

    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_and_the_server_writes_on(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(backup, "copy_file", full)
        with pytest.raises(StoreFailed, match=r"No space left.*nothing was left there"):
            back_up(home, tmp_path / "copy", NOW, recordings=True)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]

    asyncio.run(_served(home))
    found = back_up(home, tmp_path / "copy", NOW, recordings=True)
    assert found.calls == 2


async def _served(home: Path) -> None:
    async with open_store(home).keeping():
        pass


@pytest.mark.parametrize("where", ["", "copies/tonight", "link", "link/tonight", "dangling"])
def test_a_backup_into_the_home_folder_is_refused_with_what_to_name_instead(
    home: Path, tmp_path: Path, where: str
) -> None:
    (tmp_path / "link").symlink_to(home, target_is_directory=True)
    (tmp_path / "dangling").symlink_to(home / "copies")
    to = tmp_path / where if where.startswith(("link", "dangling")) else home / where
    before = sorted(home.rglob("*"))

    with pytest.raises(StoreFailed, match=r"lies in the home folder .*/var/backups/home-20261127T"):
        back_up(home, to, NOW, recordings=True)
    with pytest.raises(StoreFailed, match="lies in the home folder"):
        back_up(tmp_path / "link", home / "copies", NOW, recordings=True)

    assert sorted(home.rglob("*")) == before


def test_a_link_names_where_a_backup_is_to_lie(home: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk/tonight")

    back_up(home, tmp_path / "link", NOW, recordings=True)

    assert (tmp_path / "disk/tonight" / CONTENTS).exists()
    assert (tmp_path / "disk/tonight" / JOURNAL).exists()
