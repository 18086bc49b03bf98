"""Rows out of a database file that SQLite itself does not read any more.

The rows of a table lie on pages of their own kind (leaves), and each leaf can be read by itself: no page above it, no
schema and no header is needed. So all leaves are read, those in the file and those in the log beside it (`-wal`), and
whatever decodes is handed out. https://www.sqlite.org/fileformat2.html has the layout and the names.

Everything in here is pure but for reading the two files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

StoredValue = str | int | float | bytes | None
Cells = tuple[StoredValue, ...]

PAGE_BYTES = 4096
"""Of every file that this version makes; what the header or the log says goes before it."""

_LEAF = 0x0D
_HEADER, _FIRST_LEAF_HEADER = 0, 100  # on page 1 the header of the file comes first
LOG_HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
_LOG_MAGIC = 0x377F0682  # its last bit says in which order the checksums read their words
_LARGEST_PAYLOAD = 16 * 1024 * 1024
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)


class _NoRow(Exception):
    """What stands there is no row."""


def carved_rows(database: Path, log: Path) -> Iterator[Cells]:
    """Every row that can be read in a database file and its log, of any table; one row may come several times.

    What is newer comes first. Either file may be missing. Raises OSError where a file that is there cannot be read.
    """
    frames = _frames(log) if log.exists() else []
    newest = _committed(frames)
    size = next((len(frame.page) for frame in frames), None)
    with _opened(database) as file:
        pages = _Pages(file, size or _page_bytes(file), newest)
        for number in sorted(newest, reverse=True):
            yield from _rows_on(newest[number], number, pages)
        for number in range(pages.count, 0, -1):
            if number not in newest:
                yield from _rows_on(pages.read(number), number, pages)
        for frame in reversed(
            frames
        ):  # of earlier rounds of the log: they are in the file, if it is whole
            if newest.get(frame.number) is not frame.page:
                yield from _rows_on(frame.page, frame.number, pages)


class _Frame:
    """A page as the log has it. `is_first`: it is the first of the log's present round."""

    __slots__ = ("is_first", "is_last", "number", "page", "salt")

    def __init__(self, header: bytes, page: bytes, *, is_first: bool) -> None:
        self.number, size_after = struct.unpack(">II", header[:8])
        self.salt = header[8:16]
        self.page = page
        self.is_first = is_first
        self.is_last = size_after > 0  # of its transaction


def _frames(log: Path) -> list[_Frame]:
    """All frames whose transaction was written to its end, in the order of the file."""
    content = log.read_bytes()
    if len(content) < LOG_HEADER_BYTES:
        return []
    magic, _, page_bytes = struct.unpack(">III", content[:12])
    if magic & ~1 != _LOG_MAGIC or not _is_page_size(page_bytes):
        return []
    order = ">" if magic & 1 else "<"
    before = struct.unpack(">II", content[24:32])
    found: list[_Frame] = []
    whole = 0  # so many of them belong to a transaction that was committed
    step = FRAME_HEADER_BYTES + page_bytes
    for start in range(LOG_HEADER_BYTES, len(content) - step + 1, step):
        header = content[start : start + FRAME_HEADER_BYTES]
        page = content[start + FRAME_HEADER_BYTES : start + step]
        said = struct.unpack(">II", header[16:24])
        follows = _checksum(order, before, header[:8] + page) == said
        before = said
        if not follows:  # here an earlier round's frames begin, which this one has not come to
            del found[whole:]
            continue
        found.append(_Frame(header, page, is_first=start == LOG_HEADER_BYTES))
        if found[-1].is_last:
            whole = len(found)
    return found[:whole]


def _committed(frames: list[_Frame]) -> dict[int, bytes]:
    """The newest page of each number in the log's present round, which begins with its first frame."""
    newest: dict[int, bytes] = {}
    if frames and frames[0].is_first:
        for frame in frames:
            if frame.salt != frames[0].salt:
                break
            newest[frame.number] = frame.page
    return newest


def _checksum(order: str, before: tuple[int, int], content: bytes) -> tuple[int, int]:
    first, second = before
    for one, other in struct.iter_unpack(order + "II", content):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


class _Pages:
    """The pages of a file by number, from 1, as the log has them where it has them."""

    def __init__(self, file: BinaryIO, page_bytes: int, newest: dict[int, bytes]) -> None:
        self._file = file
        self._page_bytes = page_bytes
        self._newest = newest
        self.count = file.seek(0, 2) // page_bytes

    def read(self, number: int) -> bytes:
        """Raises _NoRow for a page that is not there."""
        if page := self._newest.get(number):
            return page
        if not 1 <= number <= self.count:
            raise _NoRow
        self._file.seek((number - 1) * self._page_bytes)
        return self._file.read(self._page_bytes)

    def chain(self, number: int, wanted: int) -> bytes:
        """So many bytes of the overflow pages that begin at `number`. Raises _NoRow."""
        content = b""
        while len(content) < wanted:
            page = self.read(number)
            number = int.from_bytes(page[:4], "big")
            content += page[4:]
        return content[:wanted]


def _opened(database: Path) -> BinaryIO:
    return database.open("rb") if database.exists() else BytesIO()


def _page_bytes(file: BinaryIO) -> int:
    file.seek(0)
    header = file.read(100)
    said = int.from_bytes(header[16:18], "big")
    said = 65_536 if said == 1 else said
    return said if header.startswith(b"SQLite format 3\0") and _is_page_size(said) else PAGE_BYTES


def _is_page_size(size: int) -> bool:
    return 512 <= size <= 65_536 and size & (size - 1) == 0


def _rows_on(page: bytes, number: int, pages: _Pages) -> Iterator[Cells]:
    """The rows of a leaf; none of a page of another kind, and none that are broken."""
    start = _FIRST_LEAF_HEADER if number == 1 else _HEADER
    if page[start] != _LEAF:
        return
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    pointers = page[start + 8 : start + 8 + 2 * cells]
    for at in range(0, len(pointers) - 1, 2):
        try:
            yield _row_at(page, int.from_bytes(pointers[at : at + 2], "big"), pages)
        except (_NoRow, IndexError, UnicodeDecodeError):
            continue


def _row_at(page: bytes, start: int, pages: _Pages) -> Cells:
    size, start = _varint(page, start)
    _, start = _varint(page, start)  # the rowid, which nothing of ours refers to
    if size > _LARGEST_PAYLOAD:
        raise _NoRow
    usable = len(page)
    most, least = usable - 35, (usable - 12) * 32 // 255 - 23
    if size <= most:
        return _values(page[start : start + size])
    here = least + (size - least) % (usable - 4)
    here = here if here <= most else least
    rest = int.from_bytes(page[start + here : start + here + 4], "big")
    return _values(page[start : start + here] + pages.chain(rest, size - here))


def _values(record: bytes) -> Cells:
    length, start = _varint(record, 0)
    kinds = []
    while start < length:
        kind, start = _varint(record, start)
        kinds.append(kind)
    ends = [start]
    for kind in kinds:
        ends.append(ends[-1] + _bytes_of(kind))
    if ends[-1] > len(record):
        raise _NoRow
    return tuple(
        _value(kind, record[begin:end])
        for kind, (begin, end) in zip(kinds, pairwise(ends), strict=True)
    )


def _bytes_of(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind < len(_INTEGER_BYTES):
        return _INTEGER_BYTES[kind]
    return 8 if kind == 7 else 0


def _value(kind: int, content: bytes) -> StoredValue:
    if kind >= 12:
        return content.decode("utf-8") if kind % 2 else content
    match kind:
        case 0:
            return None
        case 7:
            (number,) = struct.unpack(">d", content)
            return float(number)
        case 8 | 9:
            return kind - 8
        case _:
            return int.from_bytes(content, "big", signed=True)


def _varint(content: bytes, start: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where what follows begins."""
    number = 0
    for at in range(start, start + 8):
        number = number << 7 | content[at] & 0x7F
        if content[at] < 0x80:
            return number, at + 1
    return number << 8 | content[start + 8], start + 9
