"""What a caller said in a menu → a key of it: the words of a department that a key leads to, or a digit's own word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.rules.model import Menu, Option, RuleSet, ToDepartment

DIGITS = {
    "nb": {"null": "0", "en": "1", "én": "1", "ett": "1", "to": "2", "tre": "3", "fire": "4",
           "fem": "5", "seks": "6", "sju": "7", "syv": "7", "åtte": "8", "ni": "9"},
    "en": {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
           "six": "6", "seven": "7", "eight": "8", "nine": "9"},
}  # fmt: skip
"""Words of digits by language."""

_WORD = re.compile(r"[^\W_]+")


def option_said(rules: RuleSet, menu: Menu, language: str, said: str) -> tuple[Option, str] | None:
    """The one option that these words mean, and the word of the rules that says so; None for none or for several."""
    heard = f" {_plain(said)} "
    met: dict[str, tuple[Option, str]] = {}
    for word, option in _words(rules, menu, language):
        if f" {_plain(word)} " in heard:
            met.setdefault(option.key, (option, word))
    return next(iter(met.values())) if len(met) == 1 else None


def _words(rules: RuleSet, menu: Menu, language: str) -> Iterator[tuple[str, Option]]:
    for option in menu.options.values():
        yield option.key, option
        for word, digit in DIGITS.get(language, {}).items():
            if digit == option.key:
                yield word, option
        if isinstance(option.target.to, ToDepartment):
            department = rules.departments[option.target.to.name]
            for word in department.words.get(language, ()):
                yield word, option


def _plain(said: str) -> str:
    """Words in small letters with one space between."""
    return " ".join(_WORD.findall(said.casefold()))
