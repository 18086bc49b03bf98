"""A slip of the hand that leaves no YAML: where it is, and what to write instead."""

from __future__ import annotations

import pytest

from ivr.rules.load import read_rules

TEXT = """\
version: 1
country: Norway
hours:
  office: {mon-fri: 08:00-16:00}
departments:
  sales:
    name: Sales
    hours: office
    national: queue sales   # an agent's choice
holidays:
  closed:
    - {from: 2027-07-12, to: 2027-07-30}
"""


@pytest.mark.parametrize(
    ("find", "write", "place", "told"),
    [
        ("Sales", '"Sales', "7:11", "the quote that opens here is not closed; close it"),
        ("Sales", "'Sales", "7:11", "the quote that opens here closes only on line 9; close it"),
        ("Sales", "'Kari's'", "7:17", "its closing quote; use \" around a value that holds a '"),
        ("  sales:", "  sales", "6:3", "no ':' stands behind this word; write one"),
        ("    name:", "    name", "7:5", "no ':' stands behind this word; write one"),
        ("name: ", "name:", "7:5", "no space follows the ':'; write a space behind it"),
        ("hours: office", "hours:office", "8:5", "no space follows the ':'; write a space"),
        ("- {", "-{", "12:27", "no space follows the '-'; write one"),
        ("    hours", "\thours", "8:1", "a tab indents this line; use spaces"),
        ("    hours", "    \u00a0hours", "8:5", "a hard space (U+00A0) indents this line; use"),
        ("    hours", "   hours", "8:4", "this line does not fit those above it; indent it as"),
        ("    hours", "     hours", "8:11", "a ':' too many; put the value in quotes, or indent"),
        ("16:00}", "16:00", "5:12", "the bracket that opens on line 4 is not closed before this"),
    ],
)
def test_a_slip_is_found_where_it_was_made(find: str, write: str, place: str, told: str) -> None:
    assert find in TEXT

    rules, (fault,) = read_rules(TEXT.replace(find, write, 1).encode(), "r.yaml")

    assert rules is None
    assert str(fault).startswith(f"r.yaml:{place}: error IVR101: ")
    assert told in str(fault)
