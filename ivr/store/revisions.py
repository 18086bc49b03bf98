"""The texts of rules in a folder, one folder for each revision, for this user's eyes only."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ivr.disk import cause_by
from ivr.errors import ChangeRefused, StoreFailed
from ivr.private_file import new_private_folder, write_private
from ivr.records.changes import SHORTEST, RulesChange
from ivr.store.door import KeptText

_BEGINNING = re.compile(r"[0-9a-f]{4,64}")


FOLDER = "rules"
"""Below the home folder."""


def has_revisions(home: Path) -> bool:
    """Whether a server has kept rules in this home folder."""
    return any(_BEGINNING.fullmatch(path.name) for path in (home / FOLDER).glob("[0-9a-f]*"))


def texts_in(home: Path, revision: str) -> Mapping[str, str]:
    """What is kept of a revision, by the names of its files from its folder; empty where it is gone."""
    folder = home / FOLDER / revision
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


class TextFolder:
    """See Texts. In `folder` lies `REVISION/routing_rules.yaml`, and beside it what that includes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, revision: str, text: KeptText) -> None:
        folder = self._folder / revision
        files = {PurePosixPath(text.file).name: text.text, **text.included}
        try:
            new_private_folder(self._folder)
            for name, content in files.items():
                path = folder / name
                new_private_folder(path.parent)
                write_private(path, content.decode("utf-8"))
        except OSError as error:
            cause = cause_by(error)
            message = f"{folder} cannot be written: {cause.says} ({error.strerror}); {cause.mend}"
            raise StoreFailed(message) from error

    def read(self, change: RulesChange) -> KeptText:
        path = self._path(change)
        folder = path.parent
        try:
            text = path.read_bytes()
            beside = [
                found
                for found in sorted(folder.rglob("*"))
                if found != path and found.is_file() and not found.is_symlink()
            ]
            included = {
                found.relative_to(folder).as_posix(): found.read_bytes() for found in beside
            }
        except OSError as error:
            message = f"the text of revision {change.revision[:12]} is gone: {path} cannot be read"
            raise ChangeRefused(message) from error
        return KeptText(str(path), text, included)

    def named(self, beginning: str) -> str:
        found = (
            [path.name for path in self._folder.glob(f"{beginning}*")]
            if _BEGINNING.fullmatch(beginning)
            else []
        )
        return the_one_named(beginning, found)

    def where(self, change: RulesChange) -> str | None:
        path = self._path(change)
        # Not `Path.is_file`, which raises where this user may not look.
        return str(path) if os.path.isfile(path) else None

    def _path(self, change: RulesChange) -> Path:
        return self._folder / change.revision / PurePosixPath(change.file).name


def the_one_named(beginning: str, found: list[str]) -> str:
    """The one revision found. Raises ChangeRefused for none, or several."""
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
