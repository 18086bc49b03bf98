"""Which numbers outside may be called at all: one list for every call that goes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ivr.numbers import EMERGENCY_NUMBERS, PhoneNumber, is_premium, opened_by

CostClass: TypeAlias = Literal["fixed", "mobile", "short", "special", "premium"]
"""Of a Norwegian number, by what a call to it costs; of a foreign one only that it is a premium number."""

Forbidden: TypeAlias = Literal["never", "not_allowed"]
"""Why a number is not called: it is on the list of those that never are, or on none."""

ALWAYS = frozenset({"116117", "02800"})
"""The doctor on call, and the police where it is no emergency."""

_NORWAY = "+47"
_KINDS: dict[CostClass, re.Pattern[str]] = {
    "fixed": re.compile(r"\+47(?:[2367][0-9]{7}|5[0-7][0-9]{6})", re.ASCII),
    "mobile": re.compile(r"\+47[49][0-9]{7}", re.ASCII),
    "special": re.compile(r"\+478[0-9]{7}", re.ASCII),
    "short": re.compile(r"0[0-9]{4}|1[0-9]{2,3}|116[0-9]{3}", re.ASCII),
}


def kind_of(number: PhoneNumber) -> CostClass | None:
    """The kind of a Norwegian number, or `premium` for a foreign one of those; None for others, and for machines."""
    for kind, form in _KINDS.items():
        if form.fullmatch(number.digits):
            return kind
    return "premium" if is_premium(number) else None


@dataclass(frozen=True, slots=True)
class Allowance:
    """`allow` has kinds and country codes, `never` how numbers begin; as in the section `[outgoing]`."""

    allow: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def forbids(self, number: PhoneNumber, *, is_named: bool) -> Forbidden | None:
        """Why this number is not called. `is_named`: the rules name it, which is enough where `allow` is empty.

        Emergency numbers are no rules' affair: they go out from phones, past all of this.
        """
        if number.digits in EMERGENCY_NUMBERS or self._is_never(number):
            return "never"
        if number.digits in ALWAYS:
            return None
        if not self.allow:
            return None if is_named else "not_allowed"
        return None if opened_by(self.allow, number, kind_of(number)) else "not_allowed"

    def _is_never(self, number: PhoneNumber) -> bool:
        """`82` is of Norwegian numbers, with or without their code."""
        begins = (one if one.startswith("+") else f"{_NORWAY}{one}" for one in self.never)
        short = (one for one in self.never if not number.digits.startswith("+"))
        return number.digits.startswith((*begins, *short))
