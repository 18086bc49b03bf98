"""Letters that look equal and are not, and letters that a terminal cannot show."""

from __future__ import annotations

import codecs
import io
import unicodedata
from typing import TextIO

_PLAIN = str.maketrans({
    "→": "->", "←": "<-", "…": "...", "–": "-", "—": "-", "•": "*", "×": "x", "≥": ">=", "≤": "<=", "✓": "ok", "✗": "x",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": '"', "»": '"',
    "─": "-", "│": "|", "├": "|", "└": "`", "┌": ".", "┐": ".", "┘": "'", "┤": "|", "┬": "+", "┴": "+", "┼": "+",
})  # fmt: skip
"""What stands for a sign where the terminal's encoding has none."""


def show_what_it_can(*streams: TextIO) -> None:
    """Have streams write something like what their encoding lacks, where they would raise UnicodeEncodeError."""
    codecs.register_error("plain", _plainly)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")


def read_what_it_can(stream: TextIO) -> None:
    """Have a stream read a replacement sign where bytes are no letters of its encoding: no answer of any kind."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_like(letter, error.encoding) for letter in lacking), error.end


def _like(letter: str, encoding: str) -> str:
    """Signs have a stand-in; accents go before letters do: a name from elsewhere stays readable."""
    plain = unicodedata.normalize("NFKD", letter.translate(_PLAIN))
    return plain.encode(encoding, "ignore").decode(encoding) or "?"
