"""Phone numbers as values: parsed once, compared in one form, masked when shown.

The one parser of the house: `parse_number` for what people write, which is refused when it is wrong, and
`number_from_sip` for what trunks and phones send, which is taken as it came. Whatever reaches a dial string has passed
one of them, so nothing but `+` and digits does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers

from ivr.errors import NumberRefused

EMERGENCY_NUMBERS = ("110", "112", "113", "1412")
"""Fire, police, ambulance; and the text telephone for emergencies."""

_SPOKEN = re.compile(r"[+]?[0-9][0-9 ()./-]{0,30}\Z", re.ASCII)
_EXAMPLE = "write it as +47 55 30 10 00"

# A number copied from a letter, a web page or an address book: its hyphens may be wider than ours.
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))

_NORWAY = "+47"
# `02222` and `112` are dialled without a country code, but trunks and phones that write every number in one form put
# Norway's before them. `4702222` can be nothing else: Norway has no number of seven digits.
_SHORT = re.compile(
    r"(?:(?:\+|00)47(?P<coded>0[0-9]{4}|1[0-9]{2,3}|116[0-9]{3})|47(?P<bare>0[0-9]{4}))\Z", re.ASCII
)
# Alarm boxes, lifts and meters: 58 or 59 and ten more digits, which the numbering plan in `phonenumbers` lacks.
_MACHINE = re.compile(r"(?:(?:\+|00)47)?(5[89][0-9]{10})\Z", re.ASCII)

# Nearly all numbers on long lists are these; the world's numbering plan takes thirty times as long for each.
_NORWEGIAN = re.compile(r"(?:\+|00)47(?P<number>[2-9][0-9]{7})\Z", re.ASCII)

WITHHELD: Literal["withheld"] = "withheld"
"""A caller who hides the number, in rules, tests and commands."""

DEAR: frozenset[str | None] = frozenset({"special", "premium"})
"""Kinds of numbers whose calls cost more than others of their country: Norway's that begin with 8, and premium ones."""

_COUNTRIES = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.keys()

SAYS_WITHHELD = frozenset(
    {WITHHELD, "anonymous", "private", "restricted", "unavailable", "unknown", "hidden",
     "anonym", "hemmelig", "skjult", "ukjent", "skjult nummer", "hemmelig nummer", "hidden number"}
)  # fmt: skip
"""What exports and people write for one, in small letters."""

_SHORTENED = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+\Z", re.ASCII | re.IGNORECASE)
_SEPARATORS = re.compile(r"[ ()./-]")
_SENT = re.compile(r"\+?[0-9]{1,20}\Z", re.ASCII)
_CONTEXT = re.compile(r"phone-context=(\+[0-9]{1,15})\Z", re.ASCII | re.IGNORECASE)
_NO_TEXT_OF_A_URI = re.compile(r"[^0-9A-Za-z+*#._-]")


@dataclass(frozen=True, slots=True, order=True)
class PhoneNumber:
    """`digits` is E.164 with its plus (`+4755301000`), or a short number as dialled (`02222`, `112`)."""

    digits: str

    def __str__(self) -> str:
        """Masked, so that a number which slips into a log tells no one's name."""
        return self.masked

    @property
    def masked(self) -> str:
        if len(self.digits) <= 6:
            return self.digits
        return f"{self.digits[:3]}…{self.digits[-3:]}"

    @property
    def spaced(self) -> str:
        """As a person writes it. For what is not personal: the numbers that callers dial."""
        try:
            parsed = phonenumbers.parse(self.digits)
        except phonenumbers.NumberParseException:  # a short number, or one taken as it came
            return self.digits
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def parse_number(text: str, region: str = "NO") -> PhoneNumber:
    """Read a number as people write it.

    `region` is the ISO 3166 code that a number without country code belongs to. Raises NumberRefused.
    """
    text = _as_seen(text).strip()
    if not _SPOKEN.match(text):
        raise NumberRefused(text[:40], _advice(text))
    number = _national_form(_SEPARATORS.sub("", text))
    if number is not None:
        return number
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise NumberRefused(text[:40], _advice(text)) from error
    if not phonenumbers.is_possible_number(parsed):
        raise NumberRefused(text[:40], _advice(text))
    return PhoneNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def caller_told(text: str) -> str:
    """A caller as a person names one, as records have it: E.164, or a number that no plan knows, as it came.

    Raises NumberRefused.
    """
    try:
        return parse_number(text).digits
    except NumberRefused:
        as_it_came = number_from_sip(text)
        if as_it_came is None:
            raise
        return as_it_came.digits


@lru_cache(maxsize=4096)
def number_from_sip(user: str, region: str = "NO") -> PhoneNumber | None:
    """The number in the user part of a SIP or tel URI; None where that is a name, or nothing.

    Its parameters (RFC 3966, RFC 4694: `;npdi`, `;rn=`, `;isub=`) say how the call was carried, not who was called;
    only `phone-context` is part of a number that has no country code. A number that no numbering plan knows is kept
    as it came: refusing a caller for the length of a number helps nobody.
    """
    written, *parameters = user.strip().split(";")
    sent = _SEPARATORS.sub("", written).rstrip("#")
    if not _SENT.match(sent):
        return None
    forms = [sent]
    if not sent.startswith(("+", "00")):
        contexts = (_CONTEXT.match(one.strip()) for one in parameters)
        forms[:0] = [context[1] + sent for context in contexts if context]
    for form in forms:
        try:
            return parse_number(form, region)
        except NumberRefused:
            continue
    return PhoneNumber(re.sub(r"\A00(?=[1-9])", "+", sent))


def is_mobile(number: PhoneNumber) -> bool:
    """Whether a number with a country code is a mobile phone's."""
    if not number.digits.startswith("+"):
        return False
    kind = phonenumbers.number_type(phonenumbers.parse(number.digits))
    return kind == phonenumbers.PhoneNumberType.MOBILE


def opened_by(allowed: Iterable[str], number: PhoneNumber, kind: str | None) -> bool:
    """Whether kinds of numbers, and how numbers begin (`+46`), open this number of this kind.

    The code of a country alone opens none of those that cost more there: `DEAR` are opened by the name of their kind,
    or by more digits than the country's.
    """
    return any(
        one == kind
        if not one.startswith("+")
        else number.digits.startswith(one) and (kind not in DEAR or _is_more_than_a_country(one))
        for one in allowed
    )


def is_premium(number: PhoneNumber) -> bool:
    """Whether a number with a country code is a premium one, by that country's numbering plan."""
    try:
        parsed = phonenumbers.parse(number.digits)
    except phonenumbers.NumberParseException:  # a short number, or one taken as it came
        return False
    return phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PREMIUM_RATE


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has made `4,79E+09` of a number, whose last digits are lost."""
    return _SHORTENED.match(text) is not None


def text_from_sip(user: str) -> str:
    """What was dialled where it is no number, fit for logs and records: at most 40 letters, digits and `+*#._-`."""
    return _NO_TEXT_OF_A_URI.sub("", user.partition(";")[0])[:40]


def dialled_shown(text: str) -> str:
    """What somebody of ours dialled, as it may be shown: codes, names and short numbers, and of others the ends."""
    number = number_from_sip(text)
    return number.masked if number is not None else text


def _is_more_than_a_country(begins: str) -> bool:
    return any(
        begins[1:end].isdigit() and int(begins[1:end]) in _COUNTRIES
        for end in range(2, len(begins))
    )


def _as_seen(text: str) -> str:
    """What the eye reads: hard and narrow spaces are spaces, wide digits digits, and signs that show nothing are gone.

    Programs put such signs round a number so that it reads from left to right, or does not break at a line's end.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def _national_form(digits: str) -> PhoneNumber | None:
    """Norway's short numbers, with or without its country code, and the long ones of machines."""
    if short := _SHORT.match(digits):
        return PhoneNumber(short["coded"] or short["bare"])
    if norwegian := _NORWEGIAN.match(digits):
        return PhoneNumber(_NORWAY + norwegian["number"])
    if machine := _MACHINE.match(digits):
        return PhoneNumber(_NORWAY + machine[1])
    if not digits.startswith("+") and 3 <= len(digits) <= 6:
        return PhoneNumber(digits)
    return None


def _advice(text: str) -> str:
    """What to write instead, for this very text."""
    digits = re.sub(r"[^0-9]", "", text)
    if not _SPOKEN.match(text):
        return f"{_EXAMPLE}: digits, with spaces between them where you like"
    if text.startswith("+47") or (text.startswith("0047") and (digits := digits[2:])):
        return f"a Norwegian number has 8 digits behind +47, and this has {len(digits) - 2}; {_EXAMPLE}"
    if text.startswith(("+", "00")):
        return f"no number of that country has so many digits; {_EXAMPLE}"
    count = f"{len(digits)} digit{'' if len(digits) == 1 else 's'}"
    known = "a Norwegian number has 8 digits, a short one 3 to 6"
    return f"{known}, and this has {count}; begin a foreign one with + and its country code"
