"""Names on a disk: å is one letter or two (an a and a ring) there, by who wrote it, and they are not equal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path


def composed(name: str) -> str:
    """The name with each letter in one piece (NFC), as all names of ours are."""
    return unicodedata.normalize("NFC", name)


def as_on_disk(path: Path) -> Path:
    """The path as the disk writes it, where one of its names lies there with its letters in other pieces."""
    if path.exists() or path.name == "..":
        return path
    folder = as_on_disk(path.parent) if path.parent != path else path
    same = (one for one in inside(folder) if composed(one.name) == composed(path.name))
    return next(same, path)


def inside(folder: Path) -> Iterator[Path]:
    """What lies in a folder; nothing in a file, or in a folder that this user may not see into."""
    try:
        yield from [*folder.iterdir()]
    except OSError:
        return
