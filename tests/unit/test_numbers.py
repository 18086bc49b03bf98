"""Numbers as they are written by people, and as they come from trunks and phones."""

from __future__ import annotations

import string

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import NumberRefused
from ivr.numbers import PhoneNumber, number_from_sip, parse_number, text_from_sip

PARAMETERS = (
    "",
    ";npdi",
    ";npdi;rn=+4759900123",
    ";rn=+4759900123;npdi",
    ";phone-context=+47",
    ";phone-context=example.com",
    ";isub=12",
    ";ext=7",
    ";tgrp=a;trunk-context=b.example",
    ";user=phone",
    ";",
)
LONG = (
    "+4755301000",
    "004755301000",
    "4755301000",
    "55301000",
    "+47 55 30 10 00",
    "(47)55301000",
    "55-30-10-00",
)
SHORT = ("02222", "+4702222", "004702222", "4702222", "0 22 22", "+47-02222")
ALPHABET = string.ascii_letters + string.digits + "+*#._-;=()@ %,\r\n\xe6"


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("user", LONG)
def test_a_number_is_the_same_however_a_trunk_writes_it(user: str, parameters: str) -> None:
    assert number_from_sip(user + parameters) == PhoneNumber("+4755301000")


@pytest.mark.parametrize(
    "text",
    [
        "+47\u00a055\u00a030\u00a010\u00a000",
        "+47\u202f55\u200930\u200710\u200300",
        "\u202a+4755301000\u202c",
        "\u200e+47 55 30 10 00",
        "+47\u200b55\u00ad301000\ufeff",
        "\u2068+47\u206955301000",
        "55\u201030\u201110\u201300",
        "55\u221230\u201210-00",
        "\uff0b\uff14\uff17\uff15\uff15\uff13\uff10\uff11\uff10\uff10\uff10",
    ],
    ids=ascii,
)
def test_a_pasted_number_is_what_the_eye_reads(text: str) -> None:
    assert parse_number(text) == PhoneNumber("+4755301000")


@pytest.mark.parametrize("text", ["+47\u0661\u06625530100", "+47 \u00bd 553010", "\u200b\u2060"])
def test_letters_and_other_digits_do_not_become_a_number(text: str) -> None:
    with pytest.raises(NumberRefused):
        parse_number(text)


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("user", SHORT)
def test_a_five_digit_number_has_no_country_code(user: str, parameters: str) -> None:
    assert number_from_sip(user + parameters) == PhoneNumber("02222")


@pytest.mark.parametrize("short", ["100", "1881", "112", "116117", "09999"])
@pytest.mark.parametrize("code", ["", "+47", "0047", "+47 "])
def test_people_may_write_a_short_number_with_the_country_code(code: str, short: str) -> None:
    assert parse_number(code + short) == PhoneNumber(short)


@pytest.mark.parametrize(
    ("user", "digits"),
    [
        ("+47581234567890", "+47581234567890"),
        ("581234567890", "+47581234567890"),
        ("0047590000000001", "+47590000000001"),
        ("+46812345678", "+46812345678"),
        ("0046812345678", "+46812345678"),
        ("8812345;phone-context=+46", "+468812345"),
        ("1000;phone-context=+475530", "+4755301000"),
        ("+44121", "+44121"),
        ("0044121", "+44121"),
        ("+99912345678", "+99912345678"),
        ("441212345678", "441212345678"),
        ("5530101", "5530101"),
        ("12", "12"),
        ("55301000#", "+4755301000"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_a_number_that_no_plan_knows_is_kept_as_it_came(user: str, digits: str) -> None:
    assert number_from_sip(user) == PhoneNumber(digits)
    assert PhoneNumber(digits).spaced


@pytest.mark.parametrize(
    "user", ["", "s", "kari", "anonymous", "x112", "+", "++47", "*21*5#", "1" * 21, "55301000,1"]
)
def test_what_is_no_number_is_none(user: str) -> None:
    assert number_from_sip(user) is None


@pytest.mark.parametrize(
    "text", ["5530101", "+475530101", "+44121", "55301000;npdi", "441212345678"]
)
def test_people_are_held_to_the_numbering_plan(text: str) -> None:
    with pytest.raises(NumberRefused):
        parse_number(text)


@given(st.text(ALPHABET, max_size=60))
def test_whatever_is_sent_leaves_nothing_but_plus_and_digits(user: str) -> None:
    number = number_from_sip(user)

    if number is not None:
        assert set(number.digits) <= set("+0123456789")
        assert number_from_sip(number.digits) == number
        assert number.spaced
        assert number.masked


@given(st.text(max_size=200))
def test_text_for_logs_and_records_is_short_and_plain(user: str) -> None:
    assert set(text_from_sip(user)) <= set(string.ascii_letters + string.digits + "+*#._-")
    assert len(text_from_sip(user)) <= 40


@pytest.mark.parametrize(
    "sent",
    [
        "+4755301000",
        "02222",
        "+4702222",
        "580012345678",
        "+358401234567",
        "123456789012",
        "0046812345678",
    ],
)
def test_a_number_that_was_stored_is_read_as_the_number_that_came(sent: str) -> None:
    came = number_from_sip(sent)

    assert came is not None
    assert number_from_sip(came.digits) == came


@given(
    st.sampled_from(["+47", "0047", "+47 ", "0047-"]),
    st.integers(20_000_000, 99_999_999).map(str),
    st.sampled_from(["NO", "SE", "GB"]),
)
def test_the_short_way_to_a_norwegian_number_comes_out_where_the_long_one_does(
    code: str, number: str, region: str
) -> None:
    found = parse_number(code + number, region)

    theirs = phonenumbers.parse(code + number, region)
    assert phonenumbers.is_possible_number(theirs)
    plan = phonenumbers.PhoneNumberFormat.E164
    assert found.digits == phonenumbers.format_number(theirs, plan)
