"""Bytes that are no text, and text that is no YAML, in plain words."""

from __future__ import annotations

import re

import yaml

from ivr.rules.fault import Fault, Kind, fault
from ivr.rules.model import Place

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "a UTF-8 byte order mark"),
    (b"\xff\xfe", "a UTF-16 byte order mark"),
    (b"\xfe\xff", "a UTF-16 byte order mark"),
)
_SAVE_AS = "save the file as UTF-8 without byte order mark"


def decode(text: bytes, file: str) -> tuple[str | None, list[Fault]]:
    """The bytes as UTF-8, or None and why not."""
    for mark, name in _BYTE_ORDER_MARKS:
        if text.startswith(mark):
            message = f"the file begins with {name} (byte offset 0)"
            return None, [fault(Kind.ENCODING, Place(file, 1, 1, ""), message, _SAVE_AS)]
    zero = text.find(b"\0")
    if zero >= 0:
        message = f"a NUL byte stands at byte offset {zero}"
        return None, [fault(Kind.ENCODING, _place_of_byte(text, zero, file), message, _SAVE_AS)]
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte 0x{text[error.start]:02x} at byte offset {error.start} is not UTF-8"
        return None, [
            fault(Kind.ENCODING, _place_of_byte(text, error.start, file), message, _SAVE_AS)
        ]
    strange = _UNPRINTABLE.search(decoded)
    if strange:
        before = decoded[: strange.start()].encode()
        message = (
            f"the control character U+{ord(strange[0]):04X} stands at byte offset {len(before)}"
        )
        place = _place_of_byte(text, len(before), file)
        return None, [fault(Kind.ENCODING, place, message, "take it out")]
    return decoded, []


def _place_of_byte(text: bytes, offset: int, file: str) -> Place:
    before = text[:offset].decode("utf-8", "replace")
    line_start = before.rfind("\n") + 1
    return Place(file, before.count("\n") + 1, len(before) - line_start + 1, "")


def syntax_fault(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    """What the YAML reader stumbled over."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    opened = error.context_mark.line + 1 if error.context_mark else line
    message, hint = _in_plain_words(error.problem or "", error.context or "", rest, opened)
    return fault(Kind.SYNTAX, Place(file, line, column, ""), message, hint)


_NO_BEGINNING = "start any token"
_STAR = "'*' begins an alias here, and aliases are not allowed"
_COLON = "a ':' too many"
_ASKEW = "this line does not fit those above it"


def _in_plain_words(problem: str, context: str, rest: str, opened: int) -> tuple[str, str]:
    known = (
        (
            _NO_BEGINNING in problem and rest.startswith("\t"),
            "a tab indents this line",
            "use spaces",
        ),
        (
            _NO_BEGINNING in problem,
            f"a value cannot begin with {rest[:1]!r}",
            "put the value in quotes",
        ),
        ("alias" in context, _STAR, "a menu's star key is called star"),
        ("quoted" in context, f"the quote that opens on line {opened} is not closed", "close it"),
        (
            "flow" in context,
            f"the bracket that opens on line {opened} is not closed before this",
            "close it, or add a comma",
        ),
        (
            "mapping values" in problem,
            _COLON,
            "put the value in quotes, or indent this line as its neighbours are",
        ),
        (
            "block" in context or "simple key" in context,
            _ASKEW,
            "indent it as its neighbours are, and end each word with ': '",
        ),
    )
    for applies, message, hint in known:
        if applies:
            return message, hint
    return f"this is not YAML: {problem or 'not understood'}", "compare with the lines above"
