"""Each cause for which the journal cannot be written has its own words, and its own mend."""

from __future__ import annotations

import errno
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

import ivr
from ivr import disk
from ivr.disk import Cause, cause_at_a_glance
from ivr.errors import StoreFailed
from ivr.store import causes
from ivr.store.causes import cause_of
from ivr.store.journal import SqliteJournal

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ivr.__file__).parents[1])}
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
NOBODY = 65534


def has_namespaces() -> bool:
    try:
        return (
            subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
        )
    except FileNotFoundError:
        return False


@pytest.mark.skipif(
    not has_namespaces(), reason="this machine lets nobody have a disk of their own"
)
@pytest.mark.parametrize(
    ("fault", "says", "mend"),
    [
        ("full", "its disk is full (", "make room on the disk"),
        ("reserve", "its reserve of 0.5 MB is written to", "make room on the disk at once"),
        ("read-only", "its disk is mounted read-only (", "mount it writable again"),
    ],
)
@pytest.mark.fault("F-66", "F-68")
def test_a_real_disk_that_fails_is_told_with_its_cause_and_nothing_is_lost(
    tmp_path: Path, fault: str, says: str, mend: str
) -> None:
    done = subprocess.run(
        [*NAMESPACE, sys.executable, str(HERE / "small_disk.py"), str(tmp_path), fault],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert says in said["problem"]
    assert mend in said["problem"]
    assert said["after"] == []
    assert said["lost"] == 0


def a_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE one (number INTEGER)")


def error_of_writing(path: Path, rows: int = 1) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as failed, closing(sqlite3.connect(path, timeout=0)) as ours:
        ours.executemany("INSERT INTO one VALUES (?)", [(number,) for number in range(rows)])
        ours.commit()
    return failed.value


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def written_by_nobody(path: Path) -> Iterator[None]:
    """Root may write everything: be nobody for a while."""
    path.parent.chmod(0o755)
    path.chmod(0o444)
    os.chmod(path.parent, 0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        path.parent.chmod(0o700)


@contextmanager
def no_more_files(_: Path) -> Iterator[None]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = max(map(int, os.listdir("/proc/self/fd")))
    taken = [os.open("/dev/null", os.O_RDONLY) for _ in range(open_now)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(taken) + 1, most[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
        for descriptor in taken:
            os.close(descriptor)


@contextmanager
def folder_gone(path: Path) -> Iterator[None]:
    away = path.parent.with_name("away")
    path.parent.rename(away)
    yield
    away.rename(path.parent)


@contextmanager
def damaged(path: Path) -> Iterator[None]:
    path.write_bytes(b"my shopping list " * 1_000)
    yield


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (locked, causes.LOCKED),
        (written_by_nobody, disk.NOT_ALLOWED),
        (no_more_files, disk.NO_MORE_FILES),
        (folder_gone, disk.FOLDER_GONE),
        (damaged, causes.DAMAGED),
    ],
)
def test_what_sqlite_says_is_traced_to_its_cause(
    fault: Callable[[Path], AbstractContextManager[None]], cause: Cause
) -> None:
    with tempfile.TemporaryDirectory() as folder:  # not below pytest's own, which lets nobody in
        path = Path(folder) / "home" / "journal.sqlite"
        path.parent.mkdir()
        a_database(path)

        with fault(path):
            error = error_of_writing(path)
            found = cause_of(path, error)

        assert found == cause
        assert not [*path.parent.glob(".*probe*")]


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, disk.FULL),
        (errno.EDQUOT, disk.OVER_QUOTA),
        (errno.EFBIG, disk.TOO_LARGE),
        (errno.EROFS, disk.READ_ONLY),
        (errno.EACCES, disk.NOT_ALLOWED),
        (errno.EPERM, disk.NOT_ALLOWED),
        (errno.EMFILE, disk.NO_MORE_FILES),
        (errno.ENOENT, disk.FOLDER_GONE),
        (errno.EIO, disk.FAULTY),
        (errno.EXDEV, disk.UNKNOWN),
    ],
)
def test_what_the_system_says_is_told_in_words(tmp_path: Path, number: int, cause: Cause) -> None:
    assert cause_of(tmp_path / "x", OSError(number, os.strerror(number))) == cause


def test_only_a_disk_without_room_is_to_be_given_room() -> None:
    every = [one for one in {**vars(disk), **vars(causes)}.values() if isinstance(one, Cause)]

    assert [one for one in every if "make room" in one.mend] == [disk.FULL]
    assert len({one.mend for one in every}) == len({one.says for one in every}) == len(every)


@pytest.mark.parametrize(
    ("fault", "cause"), [(written_by_nobody, disk.NOT_ALLOWED), (folder_gone, disk.FOLDER_GONE)]
)
def test_a_glance_tells_what_can_be_seen_without_writing(
    fault: Callable[[Path], AbstractContextManager[None]], cause: Cause
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home" / "journal.sqlite"
        path.parent.mkdir()
        path.touch()
        assert cause_at_a_glance(path.parent, 1) is None
        assert cause_at_a_glance(path.parent, 2**60) == disk.FULL
        assert cause_at_a_glance(Path("/proc"), 0) != disk.FULL

        with fault(path):
            assert cause_at_a_glance(path.parent, 1) == cause


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
async def test_what_is_no_file_is_refused_by_name_and_never_waited_for(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "journal.sqlite"
    make(path)

    with pytest.raises(StoreFailed, match=rf"{path} is .*: move it away"):
        await SqliteJournal(path).open()
