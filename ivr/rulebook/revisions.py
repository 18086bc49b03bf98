"""The texts of all rules that were ever taken or planned, a folder for each revision, and how to go back to one."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from ivr.asterisk.private_file import write_private
from ivr.errors import ChangeRefused, ConfigRefused, StoreFailed
from ivr.records.changes import HOW_FAR_BACK, Ledger, RulesChange
from ivr.rulebook.in_force import Rulebook, RulesInForce

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


class Earlier:
    """Finds changes in the history, and reads what was kept of them."""

    def __init__(self, rulebook: Rulebook, ledger: Ledger, revisions: Revisions) -> None:
        self._rulebook = rulebook
        self._ledger = ledger
        self._revisions = revisions

    async def change(self, named: str | None, present: str) -> RulesChange:
        """The one that brought the revision named so; without a name, the last one with other rules than `present`.

        Raises ChangeRefused, StoreFailed.
        """
        changes = await self._ledger.changes(HOW_FAR_BACK)
        if named is not None:
            revision = self._revisions.named(named)
            found = [one for one in changes if one.revision == revision]
            message = f"the history does not know revision {revision[:12]}; `ivr history` lists those it does"
        else:
            found = [one for one in changes if one.state == "taken" and one.revision != present]
            message = "no other rules have been in force here, so there is nothing to go back to"
        if not found:
            raise ChangeRefused(message)
        return found[0]

    async def read(self, change: RulesChange) -> RulesInForce:
        """Its rules. Raises RulesRefused, and ChangeRefused where their text is gone or changed."""
        path = self._revisions.where(change)
        try:
            new = await self._rulebook.read(await self._rulebook.text(path))
        except ConfigRefused as error:
            message = f"the text of revision {change.revision[:12]} is gone: {path} cannot be read"
            raise ChangeRefused(message) from error
        if new.rules.revision != change.revision:
            message = f"{path} is no longer the text of its revision: somebody changed it"
            raise ChangeRefused(message)
        return new
