"""How a number is written for a carrier."""

from __future__ import annotations

from ivr.numbers import PhoneNumber
from ivr.settings.trunk import NumberForm

_NORWAY = "+47"


def written(number: PhoneNumber, form: NumberForm) -> str:
    """The number in this form. Short ones are as they are dialled; `national` is of Norwegian numbers only."""
    digits = number.digits
    if not digits.startswith("+"):
        return digits
    match form:
        case "+47":
            return digits
        case "47":
            return digits[1:]
        case "national" if digits.startswith(_NORWAY):
            return digits.removeprefix(_NORWAY)
        case "0047" | "national":
            return f"00{digits[1:]}"
