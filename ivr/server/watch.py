"""Watching files for an edit that is complete."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

LOOK_SECONDS = 1.0
"""How often the files are looked at. Asking the system for five names a second costs nothing; no library is needed."""

SETTLE_SECONDS = 0.3
"""A file that has not changed for so long is taken as written to its end."""

Look = tuple[tuple[str, int, int, int] | None, ...]


async def edits(files: Callable[[], Iterable[Path]]) -> AsyncIterator[None]:
    """Yield at the beginning, and each time that these files have changed, appeared or gone, and have come to rest.

    `files` is asked anew at each look: rules may include others.
    """
    seen = look(files())
    yield
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = look(files())
        if now == seen:
            continue
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            before, now = now, look(files())
            if now == before:
                break
        seen = now
        yield


def look(files: Iterable[Path]) -> Look:
    """What tells one version of the files from the next; None for one that is not there."""
    return tuple(_look_at(file) for file in files)


def _look_at(file: Path) -> tuple[str, int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return (str(file), found.st_ino, found.st_size, found.st_mtime_ns)
