"""The files of a home folder that is moved, deleted, or robbed of one of them, while its server runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.server.home import Home
from ivr.server.home_files import HomeFiles


class Put:
    """How often Asterisk's files were put back."""

    def __init__(self) -> None:
        self.times = 0

    def back(self) -> None:
        self.times += 1


@pytest.fixture
def put() -> Put:
    return Put()


@pytest.fixture
def files(tmp_path: Path, put: Put) -> HomeFiles:
    home = Home.open(tmp_path / "home")
    for name in ("secrets.json", "server.json"):
        (home.folder / name).write_text(f"{name} as it is")
    (home.folder / "journal.sqlite").write_text("no affair of ours")
    found = HomeFiles.of(home, put.back)
    found.look()
    return found


def remove_and_make_again(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize("blow", [shutil.rmtree, remove_and_make_again], ids=["gone", "made anew"])
def test_what_is_deleted_with_its_folder_is_written_again_as_it_was(
    files: HomeFiles, put: Put, blow: Callable[[Path], None]
) -> None:
    (files.folder / "secrets.json").write_text("another since")
    files.look()

    blow(files.folder)
    files.look()
    files.look()

    assert sorted(one.name for one in files.folder.iterdir()) == ["secrets.json", "server.json"]
    assert (files.folder / "secrets.json").read_text() == "another since"
    assert (files.folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert put.times == 4  # it looks for itself whether anything is gone
    (problem,) = files.problems()
    assert "secrets.json, server.json were written again as they had been" in problem


def test_a_folder_that_goes_file_by_file_is_not_forgotten(files: HomeFiles) -> None:
    (files.folder / "secrets.json").unlink()
    files.look()
    shutil.rmtree(files.folder)
    files.look()

    assert (files.folder / "secrets.json").exists()


def test_a_file_that_is_removed_by_itself_stays_away(files: HomeFiles) -> None:
    (files.folder / "secrets.json").unlink()
    files.look()
    files.look()
    shutil.rmtree(files.folder)
    files.look()

    assert not (files.folder / "secrets.json").exists()
    assert (files.folder / "server.json").exists()


def test_nothing_is_put_where_a_folder_was_moved_away_from(files: HomeFiles, put: Put) -> None:
    elsewhere = files.folder.rename(files.folder.with_name("elsewhere"))
    files.look()
    assert not files.folder.exists()
    assert put.times == 1

    elsewhere.rename(files.folder)
    files.look()
    assert [*files.problems()] == []


def test_a_copy_that_is_put_back_is_left_as_it_is(files: HomeFiles) -> None:
    copy = shutil.copytree(files.folder, files.folder.with_name("copy"))
    (copy / "secrets.json").write_text("older")
    shutil.rmtree(files.folder)
    copy.rename(files.folder)
    files.look()

    assert (files.folder / "secrets.json").read_text() == "older"
    assert [*files.problems()] == []
