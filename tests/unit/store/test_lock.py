"""One writer for each journal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.store.held import HeldHome
from ivr.store.lock import JOURNAL, LEFT, WriterLock


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


def left(monkeypatch: pytest.MonkeyPatch, lock: WriterLock) -> int:
    """A descriptor of the same lock, as a process has it that was started with it."""
    assert lock.descriptor is not None
    descriptor = os.dup(lock.descriptor)
    os.set_inheritable(descriptor, True)
    monkeypatch.setenv(LEFT, str(descriptor))
    return descriptor


def test_a_server_takes_the_lock_that_was_left_to_it_and_both_keep_others_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher, server, other = (WriterLock(tmp_path / "journal.sqlite") for _ in range(3))
    watcher.take()
    descriptor = left(monkeypatch, watcher)

    server.take()

    assert server.descriptor == descriptor
    assert not os.get_inheritable(descriptor)
    assert LEFT not in os.environ
    for one in (server, watcher):
        with pytest.raises(
            StoreFailed, match=rf"starts again .*: stop process {os.getppid()} first"
        ):
            other.take()
        one.release()
    other.take()
    other.release()


def test_who_watched_and_is_gone_is_not_to_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher, server, other = (WriterLock(tmp_path / "journal.sqlite") for _ in range(3))
    watcher.take()
    left(monkeypatch, watcher)
    monkeypatch.setattr(os, "getppid", lambda: 2**22 + 1)  # more than there can be
    server.take()

    with pytest.raises(StoreFailed, match=rf"\(process {os.getpid()}\): stop that one first"):
        other.take()
    server.release()
    watcher.release()


@pytest.mark.parametrize("given", ["", "of old", "99999"])
def test_words_that_leave_nothing_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(LEFT, given)
    lock = WriterLock(tmp_path / "journal.sqlite")

    lock.take()

    assert lock.is_found
    lock.release()


def test_what_was_left_of_a_file_that_is_no_more_is_not_taken_for_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher, server, other = (WriterLock(tmp_path / "journal.sqlite") for _ in range(3))
    watcher.take()
    left(monkeypatch, watcher)
    (tmp_path / "journal.sqlite.lock").unlink()

    server.take()

    assert (watcher.is_found, server.is_found) == (False, True)
    with pytest.raises(StoreFailed):
        other.take()
    server.release()
    watcher.release()


def test_a_home_folder_is_held_again_where_its_lock_was_taken_away(tmp_path: Path) -> None:
    other = WriterLock(tmp_path / JOURNAL)
    with HeldHome(tmp_path) as held:
        assert not held.hold_again()
        (tmp_path / f"{JOURNAL}.lock").unlink()
        assert held.hold_again()
        with pytest.raises(StoreFailed):
            other.take()
    other.take()
    other.release()


def test_a_home_folder_that_another_has_is_held_when_it_is_free(tmp_path: Path) -> None:
    other = WriterLock(tmp_path / JOURNAL)
    with HeldHome(tmp_path) as held:
        (tmp_path / f"{JOURNAL}.lock").unlink()
        other.take()
        assert held.hold_again()
        assert (held.descriptor, held.words) == (None, {})
        other.release()
        assert held.hold_again()
        assert held.descriptor is not None


def test_what_cannot_be_locked_is_the_servers_to_tell(tmp_path: Path) -> None:
    (tmp_path / f"{JOURNAL}.lock").mkdir()

    with HeldHome(tmp_path) as held:
        assert held.descriptor is None
