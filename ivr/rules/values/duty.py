"""Text → phone codes and what they do, the short numbers of agents, and the kinds of numbers that they may call."""

from __future__ import annotations

import re
from typing import get_args

from ivr.rules.fault import FaultKind, did_you_mean, shown
from ivr.rules.model.duty import CodeAct, CodeMeaning
from ivr.rules.values import plain
from ivr.rules.values.plain import ValueRefused

MAY_CALL = {"national": "fixed", "mobile": "mobile", "short": "short", "special": "special"}
"""The words for kinds of Norwegian numbers, and what `[outgoing]` calls them."""

_CODE = re.compile(r"(star|hash|[*#]) ?([0-9]{1,6})\Z", re.ASCII)
_EXTENSION = re.compile(r"[2-9][0-9]{1,5}\Z", re.ASCII)
_COUNTRY = re.compile(r"\+[1-9][0-9]{0,6}\Z", re.ASCII)
_OR_COUNTRY = 'or a country\'s code in quotes, such as "+46"'
_ACTS: tuple[CodeAct, ...] = get_args(CodeAct)


def is_phone_code(text: str) -> bool:
    """Whether it is `star 11` or the like."""
    return _CODE.match(text) is not None


def phone_code(text: str) -> str:
    """`star 11` as a phone dials it: `*11`."""
    found = _CODE.match(text)
    if found:
        return {"star": "*", "hash": "#"}.get(found[1], found[1]) + found[2]
    digits = re.sub(r"[^0-9]", "", text)[:6]
    hint = f"write star {digits or 11}: a star or a hash, and 1 to 6 digits"
    raise ValueRefused(FaultKind.MENU_KEY, f"{shown(text)} is not a code", hint)


def code_meaning(text: str) -> CodeMeaning:
    """`sign in`, `pause lunch`, `take bergen`."""
    for act in _ACTS:
        if text == act and act not in {"take", "leave"}:
            return CodeMeaning(act)
    verb, _, what = text.partition(" ")
    if what and verb in {"pause", "take", "leave"}:
        act = next(one for one in _ACTS if one == verb)
        return CodeMeaning(act, plain.name(what))
    hint = did_you_mean(
        text, [*(one for one in _ACTS if one not in {"take", "leave"}), "take bergen"]
    )
    raise ValueRefused(FaultKind.SETTING, f"{shown(text)} is nothing that a code can do", hint)


def extension(text: str) -> str:
    """The short number of an agent; those that begin with 0 or 1 are the network's."""
    if _EXTENSION.match(text):
        return text
    hint = "write 2 to 6 digits, the first of them 2 to 9, such as 21"
    raise ValueRefused(FaultKind.NUMBER, f"{shown(text)} is not an agent's number", hint)


def may_call(text: str) -> str:
    """A kind of number, or a country's code, as `[outgoing]` writes it."""
    if text in MAY_CALL:
        return MAY_CALL[text]
    if _COUNTRY.match(text):
        return text
    meant = did_you_mean(text, MAY_CALL) or ""
    hint = f"{meant or 'write national or mobile'}; {_OR_COUNTRY}"
    raise ValueRefused(FaultKind.SETTING, f"{shown(text)} is no kind of number", hint)
