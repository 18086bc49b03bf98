"""Reading the files of an archive into calls, and keeping account of what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Generic

from ivr.archives.archive import Archive, L
from ivr.archives.archive_file import ArchiveLine, CutShort, archive_lines
from ivr.archives.queue_line import BadLine
from ivr.records.journal import Entry

MOST_NAMED = 20
"""Lines that are named; the others are counted."""

_LOOKED_THROUGH = 1000
"""Lines among which a file's first time is looked for."""


@dataclass(slots=True)
class Intake(Generic[L]):
    """What became of some files. `told`: calls that came out of them; `passed_over`: the first places, and why."""

    archive: Archive[L]
    lines: int = 0
    told: int = 0
    passed_over: list[str] = field(default_factory=list)
    passed_over_lines: int = 0

    def calls(
        self, files: Iterable[Path], progress: Callable[[int], None]
    ) -> Iterator[tuple[Entry, ...]]:
        """The calls in these files, given in any order: the one that begins first is read first. Raises OSError."""
        for file in sorted(files, key=self._begun):
            for line in archive_lines(file, progress):
                if (read := self._read(line)) is not None:
                    yield from self._counted(self.archive.take(read))
        yield from self._counted(self.archive.rest())

    def _counted(self, calls: Iterable[tuple[Entry, ...]]) -> Iterator[tuple[Entry, ...]]:
        for call in calls:
            self.told += 1
            yield call

    def _read(self, line: ArchiveLine | CutShort) -> L | None:
        if isinstance(line, CutShort):
            self._pass_over(line.place, "the packed file ends here, before its end")
            return None
        self.lines += 1
        try:
            return self.archive.read(line.text)
        except BadLine as error:
            self._pass_over(line.place, str(error))
            return None

    def _pass_over(self, place: str, why: str) -> None:
        self.passed_over_lines += 1
        if len(self.passed_over) < MOST_NAMED:
            self.passed_over.append(f"{place}: {why}")

    def _begun(self, file: Path) -> tuple[bool, datetime | None, str]:
        """What to sort a file by; one without a time comes last."""
        first = next(self._times(file), None)
        return first is None, first, file.name

    def _times(self, file: Path) -> Iterator[datetime]:
        for line in islice(archive_lines(file, lambda _: None), _LOOKED_THROUGH):
            try:
                read = self.archive.read(line.text) if isinstance(line, ArchiveLine) else None
            except BadLine:
                continue
            if read is not None:
                yield read.at
