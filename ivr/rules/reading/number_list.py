"""A file of numbers, as a spreadsheet has it: a caller a line, and beside the number whatever else the sheet has.

What stands between the cells is a tab, `;` or `,`. A first line without digits is a heading, and may say which column
has the numbers. Lines that begin with `#` are notes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from ivr.errors import NumberRefused
from ivr.numbers import SAYS_WITHHELD, WITHHELD, PhoneNumber, is_shortened, parse_number
from ivr.rules.fault import Fault, FaultKind, fault, shown_masked
from ivr.rules.model import Location
from ivr.rules.reading.tree import Scalar

MAX_LIST_BYTES = 2 * 1024 * 1024
MOST_TOLD = 10
"""Of so many lines that are wrong in the same file, each is told; of more, only how many they are."""

_HEADINGS = frozenset(
    {"number", "numbers", "phone", "phone number", "telephone", "mobile", "caller", "from",
     "nummer", "telefon", "telefonnummer", "tlf", "tlf.", "mobil", "mobilnummer", "innringer"}
)  # fmt: skip
_SEPARATORS = ("\t", ";", ",")
_AS_TEXT = re.compile(r'="(.*)"\Z')
_QUOTES = " \t\"'“”„‟‘’‚‛«»"
_DATE = re.compile(r"(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})([ T].*)?\Z", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
_LONG = 8
"""So many digits has a number that is nobody's postcode or count."""

_SPREADSHEETS = {b"PK\x03\x04": "xlsx or ods", b"\xd0\xcf\x11\xe0": "xls"}
_AS_CSV = (
    "save it from the spreadsheet as CSV UTF-8, or copy the column of numbers into a text file"
)


def read_numbers(text: bytes, file: str) -> tuple[list[Scalar], list[Fault]]:
    """The numbers of a file as they are written, `withheld` among them, and what is wrong; each at its line."""
    decoded, refused = _decoded(text, file)
    if decoded is None:
        return [], refused
    sheet = _NumberRows(file)
    found = [one for row, line in _lines(decoded) if (one := sheet.caller(row, line))]
    return found, sheet.told()


def _decoded(text: bytes, file: str) -> tuple[str | None, list[Fault]]:
    top = Location(file, 1, 1, "")
    kind = next((kind for start, kind in _SPREADSHEETS.items() if text.startswith(start)), None)
    if kind is not None:
        message = f"this is a spreadsheet ({kind}), not a text"
        return None, [fault(FaultKind.LIST_FILE, top, message, _AS_CSV)]
    if len(text) > MAX_LIST_BYTES:
        message = f"the file is larger than {MAX_LIST_BYTES} bytes"
        hint = "write two files, and name them as lists/vip-*.csv"
        return None, [fault(FaultKind.TOO_LARGE, top, message, hint)]
    try:
        return text.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return None, [
            fault(FaultKind.ENCODING, Location(file, line, 1, ""), "the file is not UTF-8", _AS_CSV)
        ]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with something in them, and their numbers from 1."""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip("\t;, \u00a0")
        if bare and not bare.startswith("#") and not bare.lower().startswith("sep="):
            yield number, line


class _NumberRows:
    """`column` is the one that a heading names, from 0."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._column: int | None = None
        self._is_first = True
        self._faults: list[Fault] = []

    def caller(self, row: int, line: str) -> Scalar | None:
        """The number on the `row`-th line; None for a heading, and where there is none, which is told."""
        cells = _cells(line)
        is_first, self._is_first = self._is_first, False
        if is_first and not _DIGIT.search(line) and not _withheld(cells):
            named = [place for place, cell in enumerate(cells) if cell.lower() in _HEADINGS]
            self._column = named[0] if named else None
            return None
        cell = self._number_in(row, line, cells)
        if cell is None:
            return None
        written = WITHHELD if cell.lower() in SAYS_WITHHELD else cell
        return Scalar(written, False, row, line.find(cell) + 1, self._file)  # noqa: FBT003 - as a quoted one

    def told(self) -> list[Fault]:
        """What was wrong; of many lines, the first."""
        more = len(self._faults) - MOST_TOLD
        if more <= 0:
            return self._faults
        last = self._faults[MOST_TOLD]
        message = f"{more} more lines of this file from here on have no number that can be read"
        return [*self._faults[:MOST_TOLD], fault(FaultKind.NUMBER, last.location, message)]

    def _number_in(self, row: int, line: str, cells: Sequence[str]) -> str | None:
        if self._column is not None:
            cells = cells[self._column : self._column + 1]
        numbers = {number: cell for cell in cells if (number := _number(cell))}
        long = {one: cell for one, cell in numbers.items() if len(one.digits) >= _LONG}
        several = long or numbers
        if len(several) == 1:
            return next(iter(several.values()))
        if several:
            message = f"there are {len(several)} numbers on this line"
            hint = "write one a line, or a first line that names the columns: number;name"
            self._refuse(FaultKind.LIST_FILE, row, 1, message, hint)
        elif hidden := _withheld(cells):
            return hidden
        else:
            self._no_number(row, line, cells)
        return None

    def _no_number(self, row: int, line: str, cells: Sequence[str]) -> None:
        nearest = max(cells, key=lambda cell: len(_DIGIT.findall(cell)), default="")
        column = line.find(nearest) + 1
        if is_shortened(nearest) or is_shortened(line.strip(_QUOTES)):
            message = "the spreadsheet has shortened this number, and its last digits are lost"
            hint = "give the column the format Text, put the numbers in again, and save anew"
            self._refuse(FaultKind.NUMBER, row, column, message, hint)
            return
        try:
            parse_number(nearest)
        except NumberRefused as refused:
            message = f"{shown_masked(nearest)} is not a phone number"
            self._refuse(FaultKind.NUMBER, row, column, message, refused.wanted)
        else:
            message = f"{shown_masked(nearest)} looks like a date"
            self._refuse(FaultKind.NUMBER, row, column, message, "write +47 55 97 00 00")

    def _refuse(self, kind: FaultKind, line: int, column: int, message: str, hint: str) -> None:
        self._faults.append(fault(kind, Location(self._file, line, column, ""), message, hint))


def _cells(line: str) -> list[str]:
    separator = next((one for one in _SEPARATORS if one in line), ";")
    if is_shortened(line.strip(_QUOTES)):  # its comma parts nothing
        separator = ";"
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = line.split(separator)
    return [_bare(cell) for cell in cells]


def _bare(cell: str) -> str:
    """Without what spreadsheets and word processors put round a text."""
    cell = cell.strip()
    found = _AS_TEXT.match(cell)
    return (found[1] if found else cell).strip(_QUOTES).strip()


def _withheld(cells: Sequence[str]) -> str | None:
    return next((cell for cell in cells if cell.lower() in SAYS_WITHHELD), None)


def _number(cell: str) -> PhoneNumber | None:
    if _DATE.match(cell) or not _DIGIT.search(cell):
        return None
    try:
        return parse_number(cell)
    except NumberRefused:
        return None
