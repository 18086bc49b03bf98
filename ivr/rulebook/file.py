"""The file that a server was started with: what it said last, whether that is settled, and an eye on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from ivr.aside import aside
from ivr.rulebook.in_force import RulesInForce, Runs

LOOK_SECONDS = 1.0
"""How often the files are looked at. Asking the system for five names a second costs nothing; no library is needed."""

SETTLE_SECONDS = 0.3
"""A file that has not changed for so long is taken as written to its end."""

Look = tuple[tuple[str, int, int, int] | None, ...]


class WatchedFile:
    """`text` is what was read last, and `revision` that of its rules; None where it has faults.

    A text is settled when it was taken, or when another change was made while the file said so. The file may be
    written, copied or touched with a settled text as often as one likes: that is no edit. Where the file `is_watched`,
    an edit of it is a change; `whose` says who last wrote a file.
    """

    def __init__(
        self,
        path: Path,
        present: RulesInForce,
        whose: Callable[[Path], str],
        *,
        is_watched: bool = True,
    ) -> None:
        self.path = path
        self.is_watched = is_watched
        self.text = present.written
        self.revision: str | None = present.rules.revision
        self._settled = present.written
        self._whose = whose

    @property
    def author(self) -> str:
        """Who last wrote it."""
        return self._whose(self.path)

    @property
    def is_settled(self) -> bool:
        return self.text == self._settled

    def settle(self) -> None:
        self._settled = self.text

    def warning(self, present: str) -> str | None:
        """Set while a restart would bring other rules than revision `present`, which is in force."""
        if self.revision == present:
            return None
        instead = f"has revision {self.revision[:12]}" if self.revision else "has faults"
        return (
            f"the rules in force are revision {present[:12]}, but {self.path} {instead}, and that file is what the "
            "next start takes: put the rules that you want there too"
        )


async def edits(files: Callable[[], Iterable[Path]], run: Runs = aside) -> AsyncIterator[None]:
    """Yield at the beginning, and each time that these files have changed, appeared or gone, and have come to rest.

    `files` is asked anew at each look: rules may include others. `run` does the asking away from
    the loop: a disk that hangs stops no call.
    """

    def look_at_all() -> Look:
        return look(files())

    seen = await run(look_at_all)
    yield
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = await run(look_at_all)
        if now == seen:
            continue
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            before, now = now, await run(look_at_all)
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
