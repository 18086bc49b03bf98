"""The home folder: all that a server writes lies below it, for this user's eyes only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.private_file import new_private_folder


@dataclass(frozen=True, slots=True)
class Home:
    """The folder and where things lie in it."""

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Home:
        """Make the folder if need be. Raises ConfigRefused where that is not allowed."""
        try:
            new_private_folder(folder)
        except OSError as error:
            wanted = f"a folder that this user may write to ({error.strerror})"
            raise ConfigRefused("--home", str(folder), wanted) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ConfigRefused("--home", str(folder), "a folder that this user may write to")
        return cls(folder.resolve())

    @property
    def whereabouts(self) -> Path:
        """Where the running server can be asked; there while it runs."""
        return self.folder / "server.json"

    @property
    def recordings(self) -> str:
        """Where messages lie, relative to the folder: that is how the journal names them."""
        return "asterisk/spool/recording"
