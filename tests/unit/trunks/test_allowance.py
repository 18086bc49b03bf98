"""Which numbers outside may be called."""

from __future__ import annotations

import pytest

from ivr.numbers import parse_number
from ivr.settings import Outgoing
from ivr.trunks import Allowance, kind_of

NEVER = Outgoing().never
BY_RULES = Allowance(never=NEVER)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("55 30 10 00", "fixed"),
        ("21 00 00 00", "fixed"),
        ("90 00 00 01", "mobile"),
        ("40 00 00 01", "mobile"),
        ("800 33 033", "special"),
        ("815 00 000", "special"),
        ("02222", "short"),
        ("1881", "short"),
        ("116117", "short"),
        ("58 00 00 00 00 00", None),
        ("+46 8 123 456 00", None),
        ("+46 900 123 45 67", "premium"),
    ],
)
def test_norwegian_numbers_have_a_kind_and_of_others_those_that_are_dear(
    number: str, kind: str | None
) -> None:
    assert kind_of(parse_number(number)) == kind


@pytest.mark.parametrize(
    "number", ["829 00 000", "+47 820 00 000", "+881 6 12345678", "+882 1612345", "+979 123456789"]
)
@pytest.mark.parametrize("allow", [(), ("special", "fixed", "+8", "+9")])
def test_what_costs_most_is_never_called_whatever_names_it(
    number: str, allow: tuple[str, ...]
) -> None:
    assert Allowance(allow, NEVER).forbids(parse_number(number), is_named=True) == "never"


@pytest.mark.parametrize("number", ["110", "112", "113", "1412"])
def test_an_emergency_number_is_no_outgoing_number(number: str) -> None:
    assert Allowance(("short",)).forbids(parse_number(number), is_named=True) == "never"


def test_without_a_list_what_the_rules_name_is_called_and_nothing_else() -> None:
    number = parse_number("+47 90 00 00 01")

    assert BY_RULES.forbids(number, is_named=True) is None
    assert BY_RULES.forbids(number, is_named=False) == "not_allowed"


@pytest.mark.parametrize(
    ("number", "is_allowed"),
    [
        ("+47 55 30 10 00", True),
        ("+46 8 123 456 00", True),
        ("+45 33 12 34 56", False),
        ("+47 90 00 00 01", False),
        ("815 00 000", False),
        ("116117", True),
        ("02800", True),
        ("02222", False),
    ],
)
def test_with_a_list_its_kinds_and_countries_are_called_and_those_that_always_may(
    number: str, is_allowed: bool
) -> None:
    forbidden = Allowance(("fixed", "+46"), NEVER).forbids(parse_number(number), is_named=True)

    assert (forbidden is None) == is_allowed


@pytest.mark.parametrize(
    ("allow", "number", "is_allowed"),
    [
        ("+47", "55 30 10 00", True),
        ("+47", "90 00 00 01", True),
        ("+47", "58 00 00 00 00 00", True),
        ("+47", "815 00 000", False),
        ("+47", "829 00 000", False),
        ("special", "815 00 000", True),
        ("+4781", "815 00 000", True),
        ("+4781", "829 00 000", False),
        ("+46", "+46 8 123 456 00", True),
        ("+46", "+46 900 123 45 67", False),
        ("+46900", "+46 900 123 45 67", True),
        ("+1", "+1 212 555 01 00", True),
        ("+1", "+1 900 555 12 34", False),
        ("+4", "+46 900 123 45 67", False),
    ],
)
def test_a_countrys_code_opens_what_costs_more_there_only_with_more_digits(
    allow: str, number: str, is_allowed: bool
) -> None:
    forbidden = Allowance((allow,)).forbids(parse_number(number), is_named=True)

    assert (forbidden is None) == is_allowed


def test_a_list_of_numbers_that_are_never_called_may_be_empty() -> None:
    assert Allowance(never=()).forbids(parse_number("829 00 000"), is_named=True) is None


@pytest.mark.parametrize(
    "spelled",
    ["829 00 000", "+47 829 00 000", "0047 829 00 000", "+4782900000",
     "00 881 6 12345678", "+8816 1234 5678", "00979 123456789"],
)  # fmt: skip
def test_no_spelling_of_a_number_gets_past_the_list(spelled: str) -> None:
    assert BY_RULES.forbids(parse_number(spelled), is_named=True) == "never"
