"""Reading what people name: ordinary files only. A pipe, a device or a socket would keep us waiting for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_NAMES = (
    (stat.S_ISDIR, "it is a folder"),
    (stat.S_ISFIFO, "it is a pipe, not a file"),
    (stat.S_ISSOCK, "it is a socket, not a file"),
    (stat.S_ISCHR, "it is a device, not a file"),
    (stat.S_ISBLK, "it is a device, not a file"),
)


class NotRegular(OSError):
    """What lies there is no ordinary file; `strerror` says what it is."""


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading. Raises OSError: NotRegular for what is none, before anybody waits for it."""
    _require_regular(path, path.stat())  # opening alone makes some devices do something
    descriptor = os.open(
        path, os.O_RDONLY | os.O_NONBLOCK
    )  # what was put there since keeps nobody waiting either
    try:
        _require_regular(path, os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path, most: int = -1) -> bytes:
    """The bytes of a file, at most so many. Raises OSError: NotRegular for what is none."""
    with open_regular(path) as file:
        return file.read(most)


def read_regular_text(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file. Raises OSError: NotRegular for what is none; UnicodeDecodeError."""
    return read_regular(path).decode(encoding)


def first_line(path: Path) -> str:
    """The first line of a text, without its end: where passwords stand. Raises as `read_regular_text` does."""
    return read_regular_text(path, "utf-8-sig").partition("\n")[0].removesuffix("\r")


def _require_regular(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        what = next((name for is_so, name in _NAMES if is_so(found.st_mode)), "it is no file")
        raise NotRegular(errno.EINVAL, what, str(path))
