"""The texts of all rules that were ever taken or planned, a folder for each revision, for this user's eyes only."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from ivr.asterisk.private_file import write_private
from ivr.errors import ChangeRefused, StoreFailed
from ivr.records.changes import RulesChange
from ivr.server.rules import RulesInForce

SHORTEST = 4
"""A revision may be named by its beginning, if it is at least so long."""

_BEGINNING = re.compile(r"[0-9a-f]{4,64}")


class Revisions:
    """The folder `rules/` in the home folder; below it `REVISION/routing_rules.yaml`, and what that includes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, read: RulesInForce) -> None:
        """Store the text; of a revision that is there already, in its newest layout. Raises StoreFailed."""
        folder = self._folder / read.rules.revision
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for path, text in read.written.write_below(folder):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_private(path, text.decode("utf-8"))
        except OSError as error:
            message = (
                f"{folder} cannot be written ({error.strerror}); make room, or mend its permissions"
            )
            raise StoreFailed(message) from error

    def where(self, change: RulesChange) -> Path:
        """Where the text of a change's rules lies."""
        return self._folder / change.revision / PurePosixPath(change.file).name

    def named(self, beginning: str) -> str:
        """The whole name of the revision that begins so. Raises ChangeRefused for none, or several."""
        found = (
            sorted(path.name for path in self._folder.glob(f"{beginning}*"))
            if _BEGINNING.fullmatch(beginning)
            else []
        )
        if len(found) == 1:
            return found[0]
        if found:
            message = f"{len(found)} revisions begin with {beginning!r}; write more of it"
        else:
            message = (
                f"there is no revision {beginning!r} here; `ivr history` lists them, and {SHORTEST} characters "
                "or more of one will do"
            )
        raise ChangeRefused(message)
