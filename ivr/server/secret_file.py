"""Secrets that operations keep in files of their own, and name in the settings."""

from __future__ import annotations

from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.regular_file import first_line


def secret_in(file: Path | None, key: str, wanted: str) -> str:
    """The first line of the file that setting `key` names. Blocks. Raises ConfigRefused with what is `wanted`."""
    if file is None:
        raise ConfigRefused(key, None, wanted)
    try:
        secret = first_line(file).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigRefused(key, str(file), wanted) from error
    if not secret:
        raise ConfigRefused(key, str(file), wanted)
    return secret
