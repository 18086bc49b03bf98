"""On which line of `ivr.toml` a setting stands, for whoever has to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.regular_file import read_regular_text

_HEADER = re.compile(r"\s*\[\[?\s*(?P<section>[\w.\"'-]+)\s*\]\]?")
_KEY = re.compile(r"\s*(?P<key>[\w.\"'-]+)\s*=\s*(?P<value>.*)")
_TEXT = re.compile(r"[\"'](?P<text>[^\"']*)[\"']")


@dataclass(slots=True)
class _WrittenSection:
    """A section, or one of several with this name: its line, and those of its keys."""

    section: str
    line: int
    lines: dict[str, int]
    name: str = ""


def at_line(refused: ConfigRefused, file: Path | None) -> ConfigRefused:
    """The refusal, with the file and the line that it speaks of, where the setting stands in one. Blocks."""
    if file is None or refused.place is not None:
        return refused
    try:
        line = line_of(read_regular_text(file, "utf-8-sig"), refused.key)
    except (OSError, UnicodeDecodeError):
        return refused
    if line is None:
        return refused
    return ConfigRefused(refused.key, refused.value, refused.expected, f"{file}:{line}")


def line_of(text: str, key: str) -> int | None:
    """The line of `sip.address`, of `trunk.telia.account`, or of the third trunk's `trunk.3.name`.

    That of its section where the key itself is missing; None where the section is, too.
    """
    parts = list(_parts(text))
    section, _, rest = key.partition(".")
    if section == "trunk":
        trunks = [part for part in parts if part.section == "trunk"]
        name, _, rest = rest.partition(".")
        # The last of two with one name is the one that is one too many.
        named = [part for part in trunks if name and part.name == name]
        numbered = trunks[int(name) - 1 : int(name)] if name.isdecimal() else []
        found = named[-1:] or (numbered if name else trunks[:1])
    else:
        return _line_in_table(parts, key)
    lines = [part.lines[rest] for part in found if rest in part.lines]
    return next(iter([*lines, *(part.line for part in reversed(found))]), None)


def _line_in_table(parts: list[_WrittenSection], key: str) -> int | None:
    """However it is written: `[emergency.numbers]` with `bergen`, `[emergency]` with `numbers.bergen`, or all at once.

    That of the nearest which is there: `numbers = {bergen = …}`, then a section.
    """
    for wanted in _up_from(key):
        for part in parts:
            begin = f"{part.section}." if part.section else ""
            if (line := part.lines.get(wanted.removeprefix(begin))) and wanted.startswith(begin):
                return line
        if headed := [part.line for part in parts if part.section == wanted]:
            return headed[-1]
    return None


def _up_from(key: str) -> Iterator[str]:
    """`emergency.numbers.bergen`, `emergency.numbers`, `emergency`."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def _parts(text: str) -> Iterator[_WrittenSection]:
    part = _WrittenSection("", 0, {})  # what stands above all sections
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            yield part
            part = _WrittenSection(re.sub(r"[\"']", "", header["section"]), number, {})
        elif key := _KEY.match(line):
            part.lines.setdefault(re.sub(r"[\"']", "", key["key"]), number)
            if key["key"] == "name" and (value := _TEXT.match(key["value"])):
                part.name = value["text"]
    yield part
