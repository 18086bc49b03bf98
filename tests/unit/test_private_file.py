from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ivr.private_file import new_private, new_private_folder, write_private

SOMEBODY = 12345
"""Whoever the server runs as."""


@pytest.fixture
def anothers(tmp_path: Path) -> Path:
    """A folder of another user, as root finds it."""
    try:
        os.chown(tmp_path, SOMEBODY, SOMEBODY)
    except OSError:
        pytest.skip("only root may make a file another user's")
    return tmp_path


def test_a_file_is_replaced_in_one_step_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new")

    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_made_with_those_above_it_and_may_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "two"

    new_private_folder(folder)
    new_private_folder(folder)

    assert {stat.S_IMODE(one.stat().st_mode) for one in (folder, folder.parent)} == {0o700}
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError):
        new_private_folder(tmp_path / "file")


def test_what_root_writes_belongs_to_whom_the_folder_does(anothers: Path) -> None:
    write_private(anothers / "tokens.json", "{}")
    os.close(new_private(anothers / "journal.sqlite"))
    new_private_folder(anothers / "rules" / "revision")

    made = [*anothers.rglob("*")]

    assert len(made) == 4
    assert {(one.stat().st_uid, one.stat().st_gid) for one in made} == {(SOMEBODY, SOMEBODY)}


def test_what_root_writes_in_a_folder_of_its_own_stays_its_own(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "")

    assert (tmp_path / "file").stat().st_uid == os.geteuid()
