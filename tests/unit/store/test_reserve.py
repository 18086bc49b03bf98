"""Room that is laid by beside the journal."""

from __future__ import annotations

import stat
from pathlib import Path

from ivr.store.reserve import Reserve

SIZE = 2**20


def laid_by(folder: Path) -> tuple[Reserve, Path]:
    reserve = Reserve(folder / "journal.sqlite", SIZE)
    reserve.lay_by()
    return reserve, folder / "journal.sqlite.reserve"


def test_it_takes_room_on_the_disk_for_nobody_elses_eyes(tmp_path: Path) -> None:
    _, file = laid_by(tmp_path)

    assert file.stat().st_blocks * 512 >= SIZE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_given_up_once_and_that_is_told_until_it_is_there_again(tmp_path: Path) -> None:
    reserve, file = laid_by(tmp_path)

    assert reserve.give_up()
    assert not file.exists()
    assert not reserve.give_up()
    assert [one for one in reserve.notices if "make room on the disk at once" in one] != []

    reserve.lay_by()
    assert file.exists()
    assert reserve.notices == ()


def test_one_that_a_killed_server_left_is_used_again(tmp_path: Path) -> None:
    _, file = laid_by(tmp_path)
    reserve, _ = laid_by(tmp_path)

    assert file.stat().st_size == SIZE
    assert reserve.give_up()


def test_a_disk_without_so_much_room_is_left_alone(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "journal.sqlite", 2**60)
    reserve.lay_by()

    assert [*tmp_path.iterdir()] == []
    assert not reserve.give_up()


def test_a_folder_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "gone" / "journal.sqlite", SIZE)
    reserve.lay_by()
    reserve.take_away()

    assert not reserve.give_up()
