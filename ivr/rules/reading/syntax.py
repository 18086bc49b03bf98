"""Bytes that are no text, and text that is no YAML, in plain words."""

from __future__ import annotations

import re
import unicodedata

import yaml

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "a UTF-8 byte order mark"),
    (b"\xff\xfe", "a UTF-16 byte order mark"),
    (b"\xfe\xff", "a UTF-16 byte order mark"),
)
_SAVE_AS = "save the file as UTF-8 without byte order mark"
# What a line copied from a letter or a web page is indented with: it looks as a space does, and is none for YAML.
_HARD_SPACE = re.compile("^[ \t]*(?P<space>\xa0)", re.MULTILINE)
_NO_SPACE_AFTER_DASH = re.compile(r"\s*-[^\s-]")
_EQUALS = re.compile(r"\s*[\w-]+\s*=")
_TWO_COLONS = re.compile(r": +(?P<kind>[a-z]+): +(?P<name>[\w-]+)")
_SECOND_ON_A_LINE = re.compile(r"[^{\[]*: [^{\[]*, *[\w+-]+: ")
_NO_SPACE_AFTER_COLON = re.compile(r"\s*(- )?[\w-]+:[^\s]")


def decode(text: bytes, file: str) -> tuple[str | None, list[Fault]]:
    """The bytes as UTF-8, or None and why not.

    Letters are composed (NFC): a Mac may write å as an a and a ring, which looks the same and is not equal.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if text.startswith(mark):
            message = f"the file begins with {name} (byte offset 0)"
            return None, [fault(FaultKind.ENCODING, Location(file, 1, 1, ""), message, _SAVE_AS)]
    zero = text.find(b"\0")
    if zero >= 0:
        message = f"a NUL byte stands at byte offset {zero}"
        return None, [
            fault(FaultKind.ENCODING, _location_of_byte(text, zero, file), message, _SAVE_AS)
        ]
    try:
        decoded = unicodedata.normalize("NFC", text.decode("utf-8"))
    except UnicodeDecodeError as error:
        message = f"byte 0x{text[error.start]:02x} at byte offset {error.start} is not UTF-8"
        return None, [
            fault(FaultKind.ENCODING, _location_of_byte(text, error.start, file), message, _SAVE_AS)
        ]
    strange = _UNPRINTABLE.search(decoded)
    if strange:
        before = decoded[: strange.start()].encode()
        message = (
            f"the control character U+{ord(strange[0]):04X} stands at byte offset {len(before)}"
        )
        location = _location_of_byte(text, len(before), file)
        return None, [fault(FaultKind.ENCODING, location, message, "take it out")]
    hard = _HARD_SPACE.search(decoded)
    if hard:
        line = decoded.count("\n", 0, hard.start()) + 1
        location = Location(file, line, hard.start("space") - hard.start() + 1, "")
        message = "a hard space (U+00A0) indents this line"
        return None, [fault(FaultKind.SYNTAX, location, message, "use ordinary spaces")]
    return decoded, []


def _location_of_byte(text: bytes, offset: int, file: str) -> Location:
    before = text[:offset].decode("utf-8", "replace")
    line_start = before.rfind("\n") + 1
    return Location(file, before.count("\n") + 1, len(before) - line_start + 1, "")


_Spot = tuple[int, int]
"""A line and a column, from 0, as the YAML reader counts."""

_Found = tuple[_Spot, str, str]
"""Where the slip is, what it is, and what to write instead."""


def syntax_fault(
    error: yaml.MarkedYAMLError, text: str, file: str, before: yaml.Event | None = None
) -> Fault:
    """What the YAML reader stumbled over; `before` is the last event that it had read."""
    problem, context = error.problem or "", error.context or ""
    stumbled = _spot(error.problem_mark or error.context_mark)
    opened = _spot(error.context_mark) if error.context_mark else stumbled
    lines = text.splitlines()
    found = _of_a_quote(before, context, opened, stumbled)
    found = found or _of_a_colon(lines, problem, context, opened, stumbled)
    if found is None:
        line = lines[stumbled[0]] if stumbled[0] < len(lines) else ""
        rest = line[stumbled[1] :]
        found = (stumbled, *_in_plain_words(problem, context, line, rest, opened[0] + 1))
    (row, column), message, hint = found
    return fault(FaultKind.SYNTAX, Location(file, row + 1, column + 1, ""), message, hint)


def _spot(mark: yaml.error.Mark | yaml._yaml.Mark | None) -> _Spot:
    return (mark.line, mark.column) if mark else (0, 0)


def _of_a_quote(
    before: yaml.Event | None, context: str, opened: _Spot, stumbled: _Spot
) -> _Found | None:
    """A quote that is not closed, or in the wrong place: what the reader says of it is far away."""
    if "quoted" in context:
        return opened, "the quote that opens here is not closed", "close it"
    if not isinstance(before, yaml.ScalarEvent) or before.style not in {"'", '"'}:
        return None
    begins, ends = _spot(before.start_mark), _spot(before.end_mark)
    if begins[0] < ends[0] == stumbled[0]:
        message = f"the quote that opens here closes only on line {ends[0] + 1}"
        return begins, message, "close it where the value ends"
    if ends == stumbled:
        hint = "use \" around a value that holds a ', and ' around one that holds a \""
        return ends, "the value goes on behind its closing quote", hint
    return None


def _of_a_colon(
    lines: list[str], problem: str, context: str, opened: _Spot, stumbled: _Spot
) -> _Found | None:
    """A word without a ': ', which the reader notices on the line below."""
    row = opened[0] if "simple key" in context else stumbled[0] - 1
    is_here = "simple key" in context and row < len(lines)
    if not is_here and not ("mapping values" in problem and _lacks_colon(lines, row)):
        return None
    line = lines[row]
    spot = (row, len(line) - len(line.lstrip()))
    if _NO_SPACE_AFTER_COLON.match(line):
        return spot, "no space follows the ':'", _SPACE_AFTER_COLON
    if found := _of_a_row(line):
        return spot, *found
    hint = "write one, or indent the line as those that it belongs to"
    if _EQUALS.match(line):
        hint = "write ':' instead of '='"
    return spot, "no ':' stands behind this word", hint


def _of_a_row(line: str) -> tuple[str, str] | None:
    """A row of a spreadsheet: its cells, and no word of the rules between them."""
    cells = [cell.strip() for cell in re.split(r"[;\t]", line.strip()) if cell.strip()]
    if len(cells) < 2:
        return None
    what = "tabs" if "\t" in line.strip() else "';'"
    message = f"this is a row of a spreadsheet, its cells parted by {what}"
    hint = (
        "write a ': ' behind the first cell and the others within {}, each behind its word, parted by commas; "
        "a list of numbers may lie in a file: {file: lists/vip.csv}"
    )
    return message, hint


def _lacks_colon(lines: list[str], row: int) -> bool:
    """Whether this line has no ': ' and should, since the next one stands beside it or below it."""
    if not 0 <= row < len(lines) - 1:
        return False
    line, following = (found.split(" #")[0].rstrip() for found in lines[row : row + 2])
    words = line.lstrip()
    fits = len(line) - len(words) <= len(following) - len(following.lstrip())
    is_a_word = bool(words) and words[0] not in "-#" and not words.endswith(":")
    return fits and is_a_word and ": " not in words


_NO_BEGINNING = "start any token"
_STAR = "'*' begins an alias here, and aliases are not allowed"
_COLON = "a ':' too many"
_ASKEW = "this line does not fit those above it"
_SPACE_AFTER_COLON = "write a space behind it"


def _in_plain_words(
    problem: str, context: str, line: str, rest: str, opened: int
) -> tuple[str, str]:
    two = _TWO_COLONS.search(line)
    known = (
        (
            "tab character" in problem or (_NO_BEGINNING in problem and rest.startswith("\t")),
            "a tab indents this line",
            "use spaces",
        ),
        (
            _NO_BEGINNING in problem,
            f"a value cannot begin with {rest[:1]!r}",
            "put the value in quotes",
        ),
        ("alias" in context, _STAR, "a menu's star key is called star"),
        (
            "flow" in context,
            f"the bracket that opens on line {opened} is not closed before this",
            "close it, or add a comma; a value that holds ': ' or ', ' stands in quotes",
        ),
        (
            "mapping values" in problem and _NO_SPACE_AFTER_DASH.match(line) is not None,
            "no space follows the '-'",
            "write one",
        ),
        (
            "mapping values" in problem and _NO_SPACE_AFTER_COLON.match(line) is not None,
            "no space follows the first ':'",
            _SPACE_AFTER_COLON,
        ),
        (
            "mapping values" in problem and _SECOND_ON_A_LINE.match(line) is not None,
            _COLON,
            "begin a new line instead of the comma, indented as this one",
        ),
        (
            "mapping values" in problem and two is not None,
            _COLON,
            f"write {two['kind']} {two['name']} without it, or put the value in quotes"
            if two
            else "",
        ),
        (
            "mapping values" in problem,
            _COLON,
            "put the value in quotes, or indent this line as its neighbours are",
        ),
        (
            "block" in context,
            _ASKEW,
            "indent it as its neighbours are, and end each word with ': '",
        ),
    )
    for applies, message, hint in known:
        if applies:
            return message, hint
    return f"this is not YAML: {problem or 'not understood'}", "compare with the lines above"
