"""Files that only one user may read: whoever the folder belongs to, also where root writes them.

A command that somebody runs as root must leave nothing in a home folder that its server could not read.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOT = 0


def write_private(path: Path, text: str) -> None:
    """Put `text` in place of what `path` held, in one step, as a file for its folder's user only."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(new_private(beside), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """In the scope a file of this folder is read and written anew. Whoever does so elsewhere waits: nothing is lost.

    Not to be entered twice by one thread. Where there is no folder yet, or a file system without locks, nobody waits.
    """
    descriptor = -1
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def new_private(path: Path) -> int:
    """A new empty file, open for reading and writing, for its folder's user only. Raises OSError, also where one is."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    if (owner := _owner_of(path.parent)) is not None:
        os.fchown(descriptor, *owner)
    return descriptor


def new_private_folder(path: Path) -> None:
    """A folder, and those above it that are not there, for the user of the first that is. Raises OSError."""
    if path.is_dir():
        return
    if not path.parent.is_dir():
        new_private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    if (owner := _owner_of(path.parent)) is not None:
        os.chown(path, *owner, follow_symlinks=False)


def _owner_of(folder: Path) -> tuple[int, int] | None:
    """User and group, where root is to give them what it makes there."""
    if os.geteuid() != _ROOT:
        return None
    found = folder.stat()
    return None if found.st_uid == _ROOT else (found.st_uid, found.st_gid)
