"""A file of numbers, as spreadsheets and people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.numbers import parse_number
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.reading.include import FoundFile
from ivr.rules.reading.number_list import MOST_TOLD, read_numbers

HOSPITAL = parse_number("+47 55 97 00 00")
NBSP = "\u00a0"


@pytest.mark.parametrize(
    "line",
    [
        "+47 55 97 00 00",
        "55970000",
        "0047 55 97 00 00",
        "4755970000",
        f"+47{NBSP}55{NBSP}97{NBSP}00{NBSP}00",
        f"{NBSP}55 97 00 00{NBSP}",
        '"+47 55 97 00 00"',
        "“55 97 00 00”",
        "'+4755970000",
        '="+4755970000"',
        "Sykehuset\t55 97 00 00",
        "Sykehuset;55 97 00 00;5021;Bergen",
        '"Sykehuset, akutt","55 97 00 00"',
        "55 97 00 00;23.11.2026",
        "2026-11-23;55-97-00-00",
        "55 97 00 00;;;",
        "12;55 97 00 00;55970000",
    ],
)
def test_a_number_is_found_in_every_spelling_and_beside_whatever_else(line: str) -> None:
    numbers, faults = read_numbers(line.encode(), "vip.csv")

    assert faults == []
    assert [parse_number(one.text) for one in numbers] == [HOSPITAL]


@pytest.mark.parametrize(
    "text",
    [
        "Navn;Telefon\nSykehuset;55 97 00 00",
        "Telefon\tKunde\n55 97 00 00\t98 76 54 32",
        "sep=;\nkunde;nummer\n98765432;55 97 00 00",
        "# the hospitals\n\n55 97 00 00\n",
        "\ufeffnumber\r\n55 97 00 00\r\n",
        "Hvem har ringt\n55 97 00 00",
    ],
)
def test_a_heading_notes_and_empty_lines_are_no_numbers(text: str) -> None:
    numbers, faults = read_numbers(text.encode(), "vip.csv")

    assert faults == []
    assert [parse_number(one.text) for one in numbers] == [HOSPITAL]


@pytest.mark.parametrize("word", ["withheld", "Anonymous", "Skjult", "hemmelig nummer", "ukjent"])
def test_whoever_hides_the_number_may_stand_on_a_list(word: str) -> None:
    numbers, faults = read_numbers(f"{word}\n55 97 00 00".encode(), "list.csv")

    assert faults == []
    assert [one.text for one in numbers] == ["withheld", "55 97 00 00"]


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("4,79E+09", 1, "the spreadsheet has shortened this number"),
        ("Kari;4.79876E+09", 6, "the spreadsheet has shortened this number"),
        ("Kari;+47 9876543", 6, "'+47…43' is not a phone number"),
        ("Kari;23.11.2026", 6, "'23…26' looks like a date"),
        ("55 97 00 00;98 76 54 32", 1, "there are 2 numbers on this line"),
        ("ring 1", 1, "'ring 1' is not a phone number"),
    ],
)
def test_a_line_without_a_number_is_told_with_its_place(line: str, column: int, says: str) -> None:
    numbers, faults = read_numbers(f"55970000\n{line}\n".encode(), "lists/vip.csv")

    (fault,) = faults
    assert len(numbers) == 1
    assert (fault.location.file, fault.location.line) == ("lists/vip.csv", 2)
    assert fault.location.column == column
    assert says in fault.message
    assert fault.hint


def test_a_persons_number_is_masked_in_a_finding() -> None:
    _, faults = read_numbers(b"55970000\n+47 987 65 43\n", "vip.csv")

    assert "98765" not in str(faults[0]).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (b"PK\x03\x04xl/workbook", "IVR114", "save it from the spreadsheet as CSV UTF-8"),
        ("Sjøbris;55970000".encode("latin-1"), "IVR102", "CSV UTF-8"),
        ("55970000".encode("utf-16"), "IVR102", "CSV UTF-8"),
        (b"55970000\n" * 300_000, "IVR108", "two files"),
    ],
)
def test_a_file_that_is_no_text_is_told_how_to_be_saved(text: bytes, code: str, says: str) -> None:
    numbers, (fault,) = read_numbers(text, "vip.csv")

    assert numbers == []
    assert fault.code == code
    assert says in (fault.hint or "")


def test_of_many_broken_lines_the_first_are_told_and_the_others_counted() -> None:
    _, faults = read_numbers(b"Kari 1\n" * 500, "vip.csv")

    assert len(faults) == MOST_TOLD + 1
    assert faults[-1].message.startswith(f"{500 - MOST_TOLD} more lines")


def is_a_spreadsheet(text: bytes) -> bool:
    return text.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


@given(st.one_of(st.binary(max_size=200), st.text("+47 ;,\t\"'=.-E0123456789\n\0#æ", max_size=80)))
def test_no_file_can_break_the_reader_and_no_line_of_digits_is_passed_over(
    written: bytes | str,
) -> None:
    text = written.encode() if isinstance(written, str) else written

    numbers, faults = read_numbers(text, "list.csv")

    told = {one.location.line for one in faults}
    was_refused = any(fault.code in {"IVR102", "IVR108"} for fault in faults)
    was_read = not (was_refused or is_a_spreadsheet(text))
    if was_read and len(faults) <= MOST_TOLD:
        lines = text.decode("utf-8-sig").splitlines()
        silent = set(range(1, len(lines) + 1)) - {one.line for one in numbers} - told
        for line in (lines[row - 1].strip("\t;, \u00a0") for row in silent):
            assert line.startswith(("#", "sep=")) or not any("0" <= sign <= "9" for sign in line)


def rules_with(
    callers: str, files: dict[str, bytes]
) -> tuple[RuleSet | None, list[tuple[str, str]]]:
    text = f"""version: 1
numbers: {{anything else: queue main}}
callers: {callers}
queues: {{main: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}}}
"""
    found = [FoundFile(name, content) for name, content in sorted(files.items())]
    rules, faults = read_rules(text.encode(), "rules.yaml", files=lambda _: found)
    return rules, [(fault.code, f"{fault.location.file}:{fault.location.line}") for fault in faults]


def test_numbers_of_the_rules_and_of_several_files_are_one_list() -> None:
    files = {"lists/a.csv": b"55970000\n", "lists/b.csv": b"withheld\n98765432\n"}

    rules, faults = rules_with(
        "{vip: {numbers: 73868000, file: lists/*.csv, first_in_line: true}}", files
    )

    assert faults == []
    assert rules is not None
    vip = rules.callers["vip"]
    assert {one.digits for one in vip.numbers} == {"+4755970000", "+4798765432", "+4773868000"}
    assert vip.withheld
    assert rules.files == ("lists/a.csv", "lists/b.csv")


def test_another_list_is_another_revision() -> None:
    def revision(text: bytes) -> str:
        rules, _ = rules_with("{vip: {file: vip.csv, first_in_line: true}}", {"vip.csv": text})
        assert rules is not None
        return rules.revision

    assert revision(b"55970000\n") != revision(b"55970001\n")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (b"112\n", [("IVR303", "vip.csv:1")]),
        (b"55970000\n0047 55970000\n", [("IVR633", "vip.csv:2")]),
        (b"55970000\n5597\n", []),
        (b"", [("IVR625", "rules.yaml:3")]),
    ],
)
def test_what_is_wrong_with_a_number_is_told_at_its_line(
    text: bytes, faults: list[tuple[str, str]]
) -> None:
    _, found = rules_with("{vip: {file: vip.csv, first_in_line: true}}", {"vip.csv": text})

    assert found == faults


def test_fifty_thousand_numbers_are_no_trouble() -> None:
    lines = "".join(f"Kunde {n};+47 {90_000_000 + n}\n" for n in range(50_000)).encode()

    rules, faults = rules_with("{vip: {file: vip.csv, first_in_line: true}}", {"vip.csv": lines})

    assert faults == []
    assert rules is not None
    vip = rules.callers["vip"]
    assert len(vip.numbers) == 50_000
    assert vip.has(parse_number("90049999"), withheld=False)
    assert not vip.has(parse_number("90050000"), withheld=False)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("vip.csv", []),
        ("../vip.csv", []),
        ("../../vip.csv", ["IVR111"]),
        ("/etc/passwd", ["IVR111"]),
        ("[vip.csv]", ["IVR301"]),
    ],
)
def test_a_list_of_an_included_file_lies_beside_that_file_and_never_outside(
    name: str, codes: list[str]
) -> None:
    part = f"callers: {{vip: {{file: {name}, first_in_line: true}}}}\n".encode()
    files = {"sites/a.yaml": part, "sites/vip.csv": b"55970000\n", "vip.csv": b"55970000\n"}
    text = (
        b"version: 1\ninclude: sites/a.yaml\nnumbers: {anything else: queue main}\n"
        b"queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}\n"
    )

    rules, faults = read_rules(
        text, "rules.yaml", files=lambda wanted: [FoundFile(wanted, files[wanted])]
    )

    assert [fault.code for fault in faults] == codes
    assert (rules is None) == bool(codes)
