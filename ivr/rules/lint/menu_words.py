"""What a menu's prompts say of its keys, beside the keys that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.rules.decide.speech import DIGITS
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Menu, RuleSet

_WORD = re.compile(r"[^\W_]+")
_BEFORE_A_KEY = {
    "nb": frozenset({"trykk", "trykke", "tast", "taste", "tasten", "nummer", "velg"}),
    "en": frozenset({"press", "key", "dial", "push", "number", "choose", "option"}),
}
"""A word of a digit is a key after these, and after another key: `en` is also Norwegian for “a”."""

_BETWEEN_KEYS = frozenset({"eller", "og", "or", "and"})


def keys_spoken(text: str, language: str) -> frozenset[str]:
    """The keys of one digit that a text speaks of: as a figure anywhere, as a word where a key is meant."""
    spoken: set[str] = set()
    verbs, digits = _BEFORE_A_KEY.get(language, ()), DIGITS.get(language, {})
    is_due = False
    for word in _WORD.findall(text.casefold()):
        is_figure = len(word) == 1 and word in "0123456789"
        key = word if is_figure else digits.get(word) if is_due else None
        if key is not None:
            spoken.add(key)
        is_due = key is not None or word in verbs or (is_due and word in _BETWEEN_KEYS)
    return frozenset(spoken)


@dataclass(frozen=True, slots=True)
class KeyAstray:
    """A key that a prompt of a menu speaks of in this language, and that the menu lacks."""

    menu: Menu
    key: str
    prompt: str
    language: str

    def __str__(self) -> str:
        return f"speaks of key {self.key} in {self.language}, and menu {self.menu.name} has none"


def keys_astray(rules: RuleSet, words: Mapping[str, Mapping[str, str]]) -> Iterator[KeyAstray]:
    """Keys that prompts speak of and their menus lack. `words` has, by language, what each prompt says."""
    for menu in rules.menus.values():
        keys = {digit for key in menu.options for digit in key}
        for language in rules.languages:
            for prompt in (*menu.greeting, *menu.say):
                spoken = keys_spoken(words.get(language, {}).get(prompt, ""), language)
                for digit in sorted(spoken - keys):
                    yield KeyAstray(menu, digit, prompt, language)


def check_spoken_keys(rules: RuleSet, words: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """The same as findings about the rules."""
    for one in keys_astray(rules, words):
        hint = f"write {one.key}: and where it leads, or record the prompt anew"
        message = f"the prompt {one.prompt!r} {one}"
        yield fault(FaultKind.KEY_SPOKEN, one.menu.at, message, hint)


@dataclass(frozen=True, slots=True)
class KeyUnspoken:
    """A key that a menu has and that none of its prompts speaks of in this language; `prompt` is the last of them."""

    menu: str
    key: str
    prompt: str
    language: str

    def __str__(self) -> str:
        return f"leaves out key {self.key} of menu {self.menu}"


def keys_unspoken(rules: RuleSet, words: Mapping[str, Mapping[str, str]]) -> Iterator[KeyUnspoken]:
    """Keys of one digit that callers are not told of. `words` has, by language, what each prompt says.

    A menu whose prompts speak of no key at all, or whose words are not known, says nothing here; nor does a key that
    only changes to the language which is spoken already.
    """
    for menu in rules.menus.values():
        for language in rules.languages:
            said = words.get(language, {})
            prompts = [*menu.greeting, *menu.say]
            if not prompts or any(one not in said for one in prompts):
                continue
            spoken = {key for one in prompts for key in keys_spoken(said[one], language)}
            if spoken:
                for key in _told(menu, language):
                    if key not in spoken:
                        yield KeyUnspoken(menu.name, key, prompts[-1], language)


def _told(menu: Menu, language: str) -> Iterator[str]:
    for key, option in menu.options.items():
        is_own = option.target.language == language
        if len(key) == 1 and key.isdecimal() and not option.in_all_menus and not is_own:
            yield key
