"""Asterisk's log as a file: what lies in it is taken out while Asterisk goes on writing, and nothing between is lost.

Reading it and cutting it to nothing afterwards would lose the line that comes between the two. So the bytes that were
read are taken out at the front, and no byte behind them is touched: the blocks that they filled are cut out of the file
where its file system can (ext4, XFS), else given back as a hole (tmpfs, Btrfs); then the file looks as long as all that
was ever written, and holds next to nothing.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LONGEST_READ = 262_144
"""Bytes that are read at a time; of a log that grew while no server ran, the end."""

LONGEST_LINE = 8_192
"""Bytes after which a line that does not end is read all the same."""

LONGEST_PRINTED = 1_048_576
"""Bytes of what it prints besides its log: a few lines at its start, a flood when it is broken."""

ALWAYS_READ = b"emergency call "
"""A line with these words is read however long ago it was written: nobody else has heard of that call."""

MOST_KEPT = 10_000

# What fallocate(2) is asked for.
_KEEP_SIZE, _PUNCH_HOLE, _COLLAPSE_RANGE = 0x01, 0x02, 0x08
_CANNOT = frozenset({errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENODEV})
_LIBC = ctypes.CDLL(None, use_errno=True)


def empty(file: Path) -> str:
    """Take out the lines that lie in it; one that is being written stays. Whoever writes there appends. Blocks."""
    try:
        with file.open("r+b", buffering=0) as log:
            return _emptied(log).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def shorten(file: Path) -> None:
    """Keep the end of a file that Asterisk prints to and nobody empties. What it prints at that moment is lost."""
    try:
        with file.open("r+b") as printed:
            size = printed.seek(0, os.SEEK_END)
            if size <= LONGEST_PRINTED:
                return
            printed.seek(size - LONGEST_PRINTED // 2)
            end = printed.read()
            printed.seek(0)
            printed.write(end)
            printed.truncate()
    except FileNotFoundError:
        return


def held(file: Path) -> int:
    """How many bytes of the disk it takes; a hole takes none."""
    return file.stat().st_blocks * 512


def _emptied(log: BinaryIO) -> bytes:
    size = log.seek(0, os.SEEK_END)
    start = _first_byte(log)
    if start is None:
        return b""
    recent = max(start, size - LONGEST_READ)
    log.seek(recent)
    found = log.read(LONGEST_READ)
    whole = found.rfind(b"\n") + 1
    if not whole and len(found.lstrip(b"\0")) < LONGEST_LINE:
        return b""
    found = found[: whole or len(found)]
    if recent > start:
        broken, _, later = found.partition(b"\n")
        told = b"".join(_old_lines(log, start, recent, broken)) + later
    else:
        told = found
    _take_out(log, recent + len(found))
    return told.lstrip(b"\0")


def _first_byte(log: BinaryIO) -> int | None:
    """Where the first block that is no hole begins; None where nothing is in it."""
    try:
        return os.lseek(log.fileno(), 0, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return None
        if error.errno in _CANNOT:
            return 0
        raise


def _old_lines(log: BinaryIO, start: int, end: int, rest: bytes) -> Iterator[bytes]:
    """Of what is older than what is read at a time: the lines that nobody may miss. `rest` ends the last of them."""
    log.seek(start)
    kept, broken = 0, b""
    while start < end:
        part = log.read(min(LONGEST_READ, end - start))
        start += len(part)
        *lines, broken = (broken + part).split(b"\n")
        broken = broken[-LONGEST_LINE:]
        for line in (*lines, broken + rest) if start >= end or not part else lines:
            if ALWAYS_READ in line and kept < MOST_KEPT:
                kept += 1
                yield line.lstrip(b"\0") + b"\n"
        if not part:
            return


def _take_out(log: BinaryIO, end: int) -> None:
    """Take out the bytes before `end`. Where the file system cannot, all is cut, and what came meanwhile is lost."""
    if not _allocate(log, _PUNCH_HOLE | _KEEP_SIZE, end):
        log.truncate(0)
        return
    whole_blocks = end - end % os.fstat(log.fileno()).st_blksize
    if 0 < whole_blocks < os.fstat(log.fileno()).st_size:
        _allocate(log, _COLLAPSE_RANGE, whole_blocks)


def _allocate(log: BinaryIO, how: int, length: int) -> bool:
    """Whether the file system did so with the first bytes of the file. Raises OSError where the disk is broken."""
    done = _LIBC.fallocate(log.fileno(), how, ctypes.c_int64(0), ctypes.c_int64(length))
    failed = ctypes.get_errno() if done else 0
    if failed and failed not in _CANNOT:
        raise OSError(failed, os.strerror(failed))
    return not failed
