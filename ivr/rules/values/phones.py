"""Text → phones: the numbers that people call and call from, and the phones that the rules ring."""

from __future__ import annotations

import re
from typing import Literal

from ivr.endpoints import RESERVED
from ivr.errors import NumberRefused
from ivr.numbers import (
    EMERGENCY_NUMBERS,
    SAYS_WITHHELD,
    WITHHELD,
    PhoneNumber,
    is_shortened,
    parse_number,
)
from ivr.rules.fault import FaultKind, shown, shown_masked
from ivr.rules.model import Account, SipAddress
from ivr.rules.values.plain import ValueRefused

ANYTHING_ELSE = "anything else"

_BETWEEN_CELLS = re.compile(r"[;|\t]|,\s|\s{2,}|\s(?=[^\W\d_])")

_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_SIP = re.compile(
    r"sip:[A-Za-z0-9_.+-]{1,64}@([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])(:([0-9]{1,5}))?\Z"
)


def phone_number(text: str) -> PhoneNumber:
    """A number as people write it."""
    try:
        return parse_number(text)
    except NumberRefused as refused:
        raise ValueRefused(
            FaultKind.NUMBER, f"{shown(text)} is not a phone number", refused.wanted
        ) from refused


def dialled_number(text: str) -> PhoneNumber | None:
    """What a caller dials; None for `anything else`."""
    return None if text == ANYTHING_ELSE else routed_number(text)


def routed_number(text: str) -> PhoneNumber:
    """A number that rules are asked about. Emergency calls are never ours to route."""
    number = phone_number(text)
    if number.digits in EMERGENCY_NUMBERS:
        hint = "take it out: emergency calls pass before any rule is read"
        raise ValueRefused(
            FaultKind.EMERGENCY, f"{text} is an emergency number; rules must not route it", hint
        )
    return number


def listed_caller(text: str) -> PhoneNumber | None:
    """A caller on a list; None for `withheld`, whoever hides the number."""
    if text == WITHHELD:
        return None
    if text.lower() in SAYS_WITHHELD:
        message = f"{shown(text)} is not a phone number"
        hint = f"for callers who hide their number, write {WITHHELD}"
        raise ValueRefused(FaultKind.NUMBER, message, hint)
    return caller_number(text)


def calling(text: str) -> PhoneNumber | Literal["withheld"]:
    """Who calls in a test: a number, or `withheld`."""
    return WITHHELD if text.lower() in SAYS_WITHHELD else phone_number(text)


def caller_number(text: str) -> PhoneNumber:
    """A number that calls, or that we call: never an emergency number."""
    try:
        number = parse_number(text)
    except NumberRefused as refused:
        message = f"{shown_masked(text)} is not a phone number"
        raise ValueRefused(FaultKind.NUMBER, message, _hint(text) or refused.wanted) from refused
    if number.digits in EMERGENCY_NUMBERS:
        hint = "take it out: emergency calls pass before any rule is read"
        raise ValueRefused(FaultKind.EMERGENCY, f"{text} is an emergency number", hint)
    return number


def _hint(text: str) -> str | None:
    """What to write instead of what came from a spreadsheet, or is one."""
    if text.endswith((".csv", ".txt")):
        return f"write {{file: {text}}}"
    if is_shortened(text):
        return (
            "a spreadsheet has shortened it: give the column the format Text, and put it in again"
        )
    cells = [cell for cell in _BETWEEN_CELLS.split(text) if cell.strip()]
    if len(cells) > 1 and any(_is_number(cell.strip()) for cell in cells):
        beside = "leave out what stands beside the number"
        return f"{beside}, or keep the list in a file, which may have more columns: {{file: lists/vip.csv}}"
    return None


def _is_number(text: str) -> bool:
    try:
        return bool(parse_number(text))
    except NumberRefused:
        return False


def agent_phone(text: str) -> Account | SipAddress:
    """An account that registers, or the SIP URI of a phone that does not."""
    if _ACCOUNT.match(text) and text not in RESERVED:
        return Account(text)
    found = _SIP.match(text)
    if found and (found[3] is None or 1 <= int(found[3]) <= 65535):
        return SipAddress(text)
    hint = "write an account name such as kari (not local or direct), or a URI such as sip:kari@127.0.0.1:5091"
    raise ValueRefused(FaultKind.PHONE, f"{shown(text)} is not an agent's phone", hint)


def phone(text: str) -> Account | SipAddress | PhoneNumber:
    """What `phone vakt` rings: a number, an account that registers, or a SIP URI."""
    if text[:1] in "+0123456789":
        return caller_number(text)
    return agent_phone(text)
