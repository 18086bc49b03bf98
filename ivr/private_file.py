"""Files that only one user may read: whoever the folder belongs to, also where root writes them.

A command that somebody runs as root must leave nothing in a home folder that its server could not read.
"""

from __future__ import annotations

import os
from pathlib import Path

_ROOT = 0


def write_private(path: Path, text: str) -> None:
    """Put `text` in place of what `path` held, in one step, as a file for its folder's user only."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(new_private(beside), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


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
