"""One writer for each journal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.store.lock import WriterLock


def test_another_writer_is_refused_with_who_it_is_and_what_to_do(tmp_path: Path) -> None:
    first, second = (WriterLock(tmp_path / "journal.sqlite") for _ in range(2))
    first.take()

    with pytest.raises(StoreFailed, match=rf"process {os.getpid()}\): stop that one first"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_lock_whose_file_was_taken_away_is_taken_anew(tmp_path: Path) -> None:
    first, second = (WriterLock(tmp_path / "journal.sqlite") for _ in range(2))
    first.take()
    (tmp_path / "journal.sqlite.lock").unlink()

    first.renew()

    with pytest.raises(StoreFailed):
        second.take()
    first.release()


def test_the_lock_is_for_its_owner_alone(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "journal.sqlite")
    lock.take()

    assert (tmp_path / "journal.sqlite.lock").stat().st_mode & 0o777 == 0o600
    lock.release()
