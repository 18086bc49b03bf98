"""Values that are right but for how they are written: look-alike signs, and several where no comma parts them."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import ValidationError, ValidatorFunctionWrapHandler

from ivr.rules.fault import FaultKind, shown, shown_masked
from ivr.rules.values.plain import ValueRefused

_CURLY = " \t\"'“”„‟‘’‚‛«»"
_PLAIN_SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u202f\t", " ")
)


def with_plain_signs(
    value: str, convert: Callable[[str], object], refusal: ValueRefused
) -> ValueRefused:
    """What to write, where only signs are wrong that look like others: a word processor's quotes, spaces, dashes."""
    plain = value.translate(_PLAIN_SIGNS).strip(_CURLY)
    if plain == value:
        return refusal
    try:
        convert(plain)
    except ValueRefused:
        return refusal
    what = "straight quotes or none" if value[:1] in _CURLY or value[-1:] in _CURLY else None
    what = what or ("an ordinary space" if "\u00a0" in value else "plain signs")
    return ValueRefused(refusal.kind, refusal.message, f"write {plain}, with {what}")


_LONGEST_LIST = 1000


def are_several(
    one: str, several: list[str], all_of_them: list[str], *, is_list: bool
) -> ValueRefused:
    """The refusal of `one` of the items as written, which holds `several`; `all_of_them` are the items of its list."""
    if any(sum(sign.isdigit() for sign in item) > 6 for item in several):
        # Numbers of callers: findings are logged.
        how = "write a comma between them, or each on a line of its own behind a '- '"
        message = f"{shown_masked(one)} are {len(several)} numbers"
        return ValueRefused(FaultKind.SHAPE, message, how)
    items = [item for text in all_of_them for item in (several if text is one else [text])]
    missing = "between them no comma" if is_list else "without brackets they are one piece of text"
    message = f"{shown(one)} are several, and {missing}"
    return ValueRefused(FaultKind.SHAPE, message, f"write [{', '.join(items)}]")


def several_in(written: str, validate: ValidatorFunctionWrapHandler) -> list[str] | None:
    """The items that a text holds, where it holds more than one and all of them are right."""
    if not written or len(written) > _LONGEST_LIST:
        return None
    for between in (r"[,;\t]\s*|\s+(?:og|and)\s+|\s+(?=\+)", r"[,;\s]\s*"):
        # A hyphen begins an item; between two numbers it is a range: `5000 - 5999`.
        bare = re.sub(r"[\[\]{}]|(?:^|(?<![0-9])\s)-(?=\s|[a-z])", " ", written).strip()
        items = [item for item in re.split(between, bare) if item]
        if len(items) < 2:
            continue
        try:
            validate(items)
        except ValidationError:
            continue
        return items
    return None
