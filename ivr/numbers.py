"""Phone numbers as values: parsed once, compared in one form, masked when shown.

The one parser of the house. Whatever reaches a dial string has passed it, so nothing but `+` and digits does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from ivr.errors import NumberRefused

_SPOKEN = re.compile(r"[+]?[0-9][0-9 ()./-]{0,30}\Z", re.ASCII)
_WANTED = "write it as +47 55 30 10 00, or as a Norwegian number of 3 to 8 digits"


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
        if not self.digits.startswith("+"):
            return self.digits
        return phonenumbers.format_number(
            phonenumbers.parse(self.digits), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )


@lru_cache(maxsize=4096)
def parse_number(text: str, region: str = "NO") -> PhoneNumber:
    """Read a number as people and trunks write it.

    `region` is the ISO 3166 code that a number without country code belongs to. Raises NumberRefused.
    """
    text = text.strip()
    if not _SPOKEN.match(text):
        raise NumberRefused(text[:40], _WANTED)
    bare = re.sub(r"[^0-9]", "", text)
    if not text.startswith("+") and 3 <= len(bare) <= 6:
        return PhoneNumber(bare)
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise NumberRefused(text[:40], _WANTED) from error
    if not phonenumbers.is_possible_number(parsed):
        raise NumberRefused(text[:40], _WANTED)
    return PhoneNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
