"""Secrets that operations keep in files of their own, and name in the settings."""

from __future__ import annotations

from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.regular_file import read_regular_text


def secret_in(file: Path | None, key: str, wanted: str) -> str:
    """The first line of the file that setting `key` names. Blocks. Raises ConfigRefused with what is `wanted`."""
    if file is None:
        raise ConfigRefused(key, None, wanted)
    try:
        secret = read_regular_text(file, "utf-8-sig").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigRefused(key, str(file), wanted) from error
    if not secret:
        raise ConfigRefused(key, str(file), wanted)
    return secret
