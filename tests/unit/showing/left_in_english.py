"""Which words of an English line stand in the Norwegian one too: a line that was told in Norwegian has none."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BOTH = frozenset({"asterisk", "for", "full", "ms", "over", "ring", "test", "under", "var"})
"""Words that are Norwegian as well, or nobody's."""


def left_in_english(english: str, norwegian: str, named: Iterable[str]) -> set[str]:
    """Without `named`, which are names, and stay as they are; so do words of the files, in backticks."""
    names = sorted(filter(None, named), key=len, reverse=True)
    told_in_english, told_in_norwegian = (_words(line, names) for line in (english, norwegian))
    return (told_in_english & told_in_norwegian) - _BOTH


def _words(line: str, names: Iterable[str]) -> set[str]:
    line = re.sub(r"`.*?`", " ", line)
    for name in names:
        line = line.replace(name, " ")
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", line)}
