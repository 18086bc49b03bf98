"""The file that the server was started with: what it said when it was read last, and whether that is settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ivr.server.rules import RulesInForce


class FileSeen:
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
