"""Folders that are being made: nobody takes one for what it is to be, and what a killed maker left is cleared away."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ivr.private_file import new_private, new_private_folder

_ENDING = ".half-made"
_LOCK = "half-made"
"""A file in the folder, locked for as long as its maker lives, however that ends; there until all is made."""


class HalfMade:
    """A folder beside what it is to be."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock = lock

    @property
    def files(self) -> list[Path]:
        """All that was put into it, in folders too."""
        found = sorted(self.folder.rglob("*"))
        return [path for path in found if path.is_file() and path != self.folder / _LOCK]

    @property
    def entries(self) -> list[Path]:
        """What was put into it itself."""
        return [path for path in sorted(self.folder.iterdir()) if path.name != _LOCK]

    def becomes(self, whole: Path) -> None:
        """All is in it: once it is on the disk, this is what it is called, in one step. Raises OSError."""
        os.sync()
        self.folder.rename(whole)
        (
            whole / _LOCK
        ).unlink()  # not before: a maker who is killed between the two leaves nothing for ever

    def give_up(self) -> None:
        """It goes, unless it was moved."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


@contextmanager
def half_made(within: Path, name: str) -> Iterator[HalfMade]:
    """A folder in `within` for what is to be called `name`; gone with the scope, unless it was moved.

    What others were making there when they were killed is cleared away. Blocks. Raises OSError.
    """
    new_private_folder(within)
    _clear_away(within)
    # Not the number of the process: in a container each one has the same.
    folder = within / f".{name}.{secrets.token_hex(4)}{_ENDING}"
    new_private_folder(folder)
    made = None
    try:
        lock = new_private(folder / _LOCK)
        made = HalfMade(folder, lock)
        with suppress(
            OSError
        ):  # a disk on the network that knows no locks: nobody clears away there
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield made
    finally:
        if made is not None:
            made.give_up()
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _clear_away(within: Path) -> None:
    for folder in within.glob(f".*{_ENDING}"):
        with suppress(OSError):  # being made, or another user's
            lock = os.open(folder / _LOCK, os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
