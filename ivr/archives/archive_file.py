"""The lines of an archive's files, however they are packed and written: one at a time, whatever their size."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ivr.regular_file import open_regular

_GZIP = b"\x1f\x8b"
_UTF_16 = {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
"""What such a text begins with, as some Windows tools write it."""

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

    Text that is neither UTF-8 nor UTF-16 is read as Western European, where each byte has a meaning. Raises OSError.
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
        for text in _texts(lines):
            number += 1
            yield ArchiveLine(f"{path.name}:{number}", text)
            if (there := file.tell()) - told >= _TOLD_EACH:
                progress(there - told)
                told = there
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield CutShort(f"{path.name}:{number + 1}")
    progress(file.tell() - told)


def _texts(lines: gzip.GzipFile | BinaryIO) -> Iterator[str]:
    is_utf_16 = lines.read(2) in _UTF_16
    lines.seek(0)
    # A file without ends of lines would be one line of 5 GB.
    if not is_utf_16:
        while raw := lines.readline(_LONGEST_LINE):
            yield _text(raw)
        return
    wide = io.TextIOWrapper(cast("BinaryIO", lines), encoding="utf-16", errors="replace")
    try:
        while text := wide.readline(_LONGEST_LINE):
            yield text
    finally:
        wide.detach()  # else it would close the file that is not its own


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
