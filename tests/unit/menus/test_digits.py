from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.menus.digits import Complete, DigitMatch, NoOption, Partial, match_digits, take_option

KEYS = ("1", "2", "31", "32", "*", "#")


@pytest.mark.parametrize(
    ("keyed", "expected"),
    [
        ("1", Complete("1")),
        ("*", Complete("*")),
        ("3", Partial()),
        ("31", Complete("31")),
        ("33", NoOption()),
        ("4", NoOption()),
        ("", Partial()),
        ("11", NoOption()),
    ],
)
def test_digits_are_an_option_or_may_become_one_or_never_will(
    keyed: str, expected: DigitMatch
) -> None:
    assert match_digits(KEYS, keyed) == expected


def test_a_key_that_begins_another_waits_for_more() -> None:
    assert match_digits({"1", "12"}, "1") == Partial()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("", (None, "")),
        ("1", ("1", "")),
        ("12", ("1", "2")),
        ("312", ("31", "2")),
        ("3", (None, "")),
        ("3,1", (None, "1")),
        (",1", (None, "1")),
        ("7,1", (None, ",1")),
        ("341", (None, "1")),
    ],
)
def test_a_row_of_keys_is_taken_option_by_option(
    row: str, expected: tuple[str | None, str]
) -> None:
    assert take_option(KEYS, row) == expected


@given(st.text("0123456789*#,", min_size=1, max_size=10))
def test_a_row_always_gets_shorter(row: str) -> None:
    key, rest = take_option(KEYS, row)

    assert len(rest) < len(row)
    assert row.endswith(rest)
    assert key is None or row.startswith(key)
