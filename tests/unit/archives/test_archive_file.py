"""Lines of files that are packed and written in many ways."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ivr.archives.archive_file import ArchiveLine, CutShort, archive_lines

LINES = ("1767600000|1.1|600|NONE|ENTERQUEUE||90000001|1", "1767600009|1.1|600|Åse|CONNECT|9||3")
TEXT = "".join(f"{line}\n" for line in LINES)


def read(file: Path, packed: bytes) -> tuple[list[str], int]:
    """The lines of it, and how many bytes were told of."""
    file.write_bytes(packed)
    told: list[int] = []
    found = list(archive_lines(file, told.append))
    assert all(isinstance(one, ArchiveLine) for one in found)
    return [one.text.strip() for one in found if isinstance(one, ArchiveLine)], sum(told)


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-be"])
def test_lines_are_read_in_whatever_character_set(
    tmp_path: Path, encoding: str, *, is_packed: bool
) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    raw = (mark + TEXT).encode(encoding)
    raw = gzip.compress(raw) if is_packed else raw

    texts, told = read(tmp_path / "queue_log", raw)

    assert [text.removeprefix("\ufeff") for text in texts] == list(LINES)
    assert told == len(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_without_ends_of_lines_is_read_in_pieces(tmp_path: Path, encoding: str) -> None:
    texts, _ = read(tmp_path / "queue_log", ("x" * 200_000).encode(encoding))

    assert "".join(texts) == "x" * 200_000
    assert max(map(len, texts)) == 65_536


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_packed_file_that_is_cut_short_gives_what_it_has(tmp_path: Path, encoding: str) -> None:
    numbers = "".join(f"{number * 7919 % 100_003}\n" for number in range(50_000))
    file = tmp_path / "queue_log.gz"
    file.write_bytes(gzip.compress(numbers.encode(encoding))[:60_000])

    *lines, last = archive_lines(file, lambda _: None)

    assert len(lines) > 1000
    assert last == CutShort(f"queue_log.gz:{len(lines) + 1}")


@pytest.mark.parametrize("raw", [b"", b"\xff", b"\xff\xfe", b"\xff\xfe1"])
def test_of_next_to_nothing_there_is_next_to_nothing(tmp_path: Path, raw: bytes) -> None:
    texts, told = read(tmp_path / "queue_log", raw)

    assert len(texts) <= 1
    assert told == len(raw)
