"""Which home folder this is: a word that lies in it and goes where it goes, also with a backup."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.private_file import write_private

IDENTITY = "store-id"
"""The file's name in the home folder."""

_WORD = re.compile(r"[0-9a-f]{16}")


def identity_of(home: Path) -> str:
    """Made where there is none. Raises StoreFailed."""
    known = known_identity(home)
    if known is not None:
        return known
    word = secrets.token_hex(8)
    file = home / IDENTITY
    try:
        write_private(file, word + "\n")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise StoreFailed(message) from error
    return word


def known_identity(home: Path) -> str | None:
    """None where none was made yet. Raises StoreFailed for a file that holds no such word, or may not be read."""
    file = home / IDENTITY
    try:
        word = file.read_text("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = (
            f"{file} cannot be read: {error.strerror}; ask as the user that the server runs as"
        )
        raise StoreFailed(message) from error
    if not _WORD.fullmatch(word):
        message = (
            f"{file} is damaged: `ivr store show` tells of which home folder the calls on PostgreSQL are; write that "
            "word into it, or remove it if PostgreSQL has none of this one's"
        )
        raise StoreFailed(message)
    return word
