"""Calls that came once, to be tried again: from a replay file (CSV, one a line), or as a server stored them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from ivr.amount import counted
from ivr.errors import NumberRefused
from ivr.menus.digits import PAUSE
from ivr.numbers import (
    SAYS_WITHHELD,
    PhoneNumber,
    is_shortened,
    number_from_sip,
    parse_number,
)
from ivr.proving.outcomes import TrialCall
from ivr.proving.reading import MOST_KEYS
from ivr.proving.rule_tests import PlayedCall
from ivr.records.keyed_call import KeyedCall
from ivr.rules.fault import shown
from ivr.rules.values.times import time_meant

HEADER = ("at", "from", "to", "press")
HIDDEN = SAYS_WITHHELD | {""}
"""What exports write where a caller hides the number."""
OPTIONAL = "say"
WRONG_KEY = "D"
"""A key that no menu has: a stored call does not say which wrong key was pressed, for it may have been a secret."""

_KEYS = re.compile(r"[0-9*#A-D,]*\Z", re.ASCII)
_LONGEST_LINE = 4096
_SEPARATORS = (";", "\t")
"""What spreadsheets put between cells where a comma is the decimal sign, and what they copy."""

_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(.*))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line (from 1) that is no call, and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


class HeaderRefused(ValueError):
    """The first line is not the header that a replay file has."""


def read_replay(lines: Iterator[str]) -> Iterator[TrialCall | BrokenLine]:
    """The calls, and the broken lines among them, in their order. Raises HeaderRefused before the first.

    The header says what stands between the cells: a comma, or what a spreadsheet writes where that is the decimal sign.
    """
    header, number = next(lines, "").removeprefix("\ufeff"), 1
    if header.lower().startswith("sep="):  # a spreadsheet's own first line
        header, number = next(lines, "").removeprefix("\ufeff"), 2
    separator = next((one for one in _SEPARATORS if one in header), ",")
    names = _columns(header, separator)
    for place, line in enumerate(lines, start=number + 1):
        if line.strip().strip("".join(_SEPARATORS)):
            yield _call(line, separator, names, place)


def as_it_came(stored: KeyedCall) -> TrialCall:
    """A stored call, with the same keys at the same menus; numbers that are none are kept as such."""
    pressed = {"no_input": PAUSE, "no_match": WRONG_KEY}
    row = "".join(one.key or pressed.get(one.result, PAUSE) for one in stored.tries)
    at = datetime.fromisoformat(stored.call_time)
    caller = number_from_sip(stored.caller or "")
    call = PlayedCall(number_from_sip(stored.dialled), at, caller, press=row)
    return TrialCall(replace(call, withheld=caller is None))


def _columns(header: str, separator: str) -> list[str]:
    names = [name.strip().strip('"').lower() for name in header.strip().split(separator)]
    if names not in ([*HEADER], [*HEADER, OPTIONAL]):
        wanted = f"write {','.join(HEADER)} there, and {OPTIONAL} if need be"
        message = f"the first line is {shown(header.strip())}; {wanted}"
        raise HeaderRefused(message)
    return names


class _NoCall(ValueError):
    """A line is no call; the message says why."""


def _call(line: str, separator: str, names: list[str], number: int) -> TrialCall | BrokenLine:
    try:
        row = _cells(line, separator, names)
        at, press = _moment(row["at"]), _keys(row["press"])
        dialled = _dialled(row["to"])
        # A caller may hide the number.
        caller = None if row["from"].strip().lower() in HIDDEN else _dialled(row["from"])
    except (_NoCall, NumberRefused) as refused:
        return BrokenLine(number, str(refused))
    say = row.get(OPTIONAL, "")
    call = PlayedCall(dialled, at, caller, press=press, say=(say,) if say else ())
    return TrialCall(replace(call, withheld=caller is None))


def _cells(line: str, separator: str, names: list[str]) -> dict[str, str]:
    if len(line) > _LONGEST_LINE:
        message = f"it is longer than {_LONGEST_LINE} characters"
        raise _NoCall(message)
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        message = f"it is not CSV: {error}"
        raise _NoCall(message) from error
    if len(cells) != len(names):
        message = f"it has {counted(len(cells), 'field')}, not {len(names)}"
        raise _NoCall(message)
    return dict(zip(names, (cell.strip() for cell in cells), strict=True))


@lru_cache(maxsize=200_000)
def _number(text: str) -> PhoneNumber:
    """Reading a number costs more than all the rest of a line."""
    return parse_number(text)


def _dialled(text: str) -> PhoneNumber:
    if is_shortened(text):
        message = (
            f"{shown(text)} is a number that a spreadsheet has shortened; "
            "give the column the format Text, put the numbers in again, and save anew"
        )
        raise _NoCall(message)
    return _number(text)


def _moment(text: str) -> datetime:
    day_first = _DAY_FIRST.match(text)
    if day_first:
        day, month, year, clock = day_first.groups(default="00:00")
        hour, colon, minutes = clock.partition(":")
        text = f"{year}-{month:0>2}-{day:0>2} {hour:0>2}{colon}{minutes}"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 2200:
        message = f"{shown(text)} is no time; write it as {time_meant(text)}"
        raise _NoCall(message)
    return found


def _keys(text: str) -> str:
    if not _KEYS.match(text):
        message = f"{shown(text)} are no keys; write digits, * and #"
        raise _NoCall(message)
    if len(text) > MOST_KEYS:
        message = f"{len(text)} keys are too many; write {MOST_KEYS} at most, pauses included"
        raise _NoCall(message)
    return text
