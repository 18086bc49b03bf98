"""The lines of an archive's files, however they are packed and written: one at a time, whatever their size."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ivr.regular_file import open_regular

_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 65_536
_TOLD_EACH = 4_000_000
"""Bytes after which it is told how far the reading is."""


@dataclass(frozen=True, slots=True)
class ArchiveLine:
    """`place` is `FILE:LINE`, for people."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class CutShort:
    """A packed file ended before its end, at this place."""

    place: str


def archive_lines(path: Path, progress: Callable[[int], None]) -> Iterator[ArchiveLine | CutShort]:
    """The lines of a file, unpacked where it is packed; `progress` is told the bytes of it read since the last time.

    Text that is not UTF-8 is read as Western European, which has a meaning for each byte. Raises OSError.
    """
    with open_regular(path) as file:
        is_packed = file.read(2) == _GZIP
        file.seek(0)
        lines = gzip.GzipFile(fileobj=file) if is_packed else file
        yield from _lines(path, lines, file, progress)


def _lines(
    path: Path, lines: gzip.GzipFile | BinaryIO, file: BinaryIO, progress: Callable[[int], None]
) -> Iterator[ArchiveLine | CutShort]:
    number = told = 0
    try:
        # A file without ends of lines would be one line of 5 GB.
        while raw := lines.readline(_LONGEST_LINE):
            number += 1
            yield ArchiveLine(f"{path.name}:{number}", _text(raw))
            if (there := file.tell()) - told >= _TOLD_EACH:
                progress(there - told)
                told = there
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield CutShort(f"{path.name}:{number + 1}")
    progress(file.tell() - told)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
