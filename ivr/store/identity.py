"""Which home folder this is: a word that lies in it and goes where it goes, also with a backup."""

from __future__ import annotations

import secrets
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.private_file import write_private

IDENTITY = "store-id"
"""The file's name in the home folder."""


def identity_of(home: Path) -> str:
    """Made where there is none. Raises StoreFailed."""
    file = home / IDENTITY
    try:
        if file.exists():
            return file.read_text("ascii").strip()
        word = secrets.token_hex(8)
        write_private(file, word + "\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be used: {error}"
        raise StoreFailed(message) from error
    return word
