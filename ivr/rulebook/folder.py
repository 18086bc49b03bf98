"""The files that rules include, as they lie in the folder of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from ivr.on_disk import composed, inside
from ivr.regular_file import read_regular
from ivr.rules.reading.include import FoundFile, ReadsFiles
from ivr.rules.reading.text import MAX_BYTES


def files_beside(rules: Path) -> ReadsFiles:
    """A reader for the folder that `rules` lies in. What a link leads to outside of it is refused."""
    folder = rules.parent

    def read(pattern: str) -> Iterator[FoundFile]:
        for path in _matching(folder, pattern):
            if not path.is_dir():
                yield _read(path, folder)

    return read


def _matching(folder: Path, pattern: str) -> list[Path]:
    """What the pattern names below the folder, sorted; å is å, whether the disk has it in one piece or in two."""
    found = [folder]
    for part in pattern.split("/"):
        found = [
            child
            for place in found
            for child in inside(place)
            if fnmatchcase(composed(child.name), part)
        ]
    return sorted(found)


def _read(path: Path, folder: Path) -> FoundFile:
    name = path.relative_to(folder).as_posix()
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            return FoundFile(name, b"", "it leads out of the folder of the rules")
        # As much as one file of rules may have, and a byte more to see that it has.
        return FoundFile(name, read_regular(path, MAX_BYTES + 1))
    except OSError as error:
        return FoundFile(name, b"", (error.strerror or str(error)).lower())
