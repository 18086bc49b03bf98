"""What a menu's prompts say of its keys, beside the keys that it has; in one language, for who checks recordings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.rules.model import Menu, RuleSet

_DIGIT = re.compile(r"(?<![0-9])[0-9](?![0-9])")


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
            spoken = set(_DIGIT.findall(" ".join(said[one] for one in prompts)))
            if spoken:
                for key in _told(menu, language):
                    if key not in spoken:
                        yield KeyUnspoken(menu.name, key, prompts[-1], language)


def _told(menu: Menu, language: str) -> Iterator[str]:
    for key, option in menu.options.items():
        is_own = option.target.language == language
        if len(key) == 1 and key.isdecimal() and not option.in_all_menus and not is_own:
            yield key
