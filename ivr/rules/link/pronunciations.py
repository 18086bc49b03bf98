"""Pronunciations: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.rules.link.references import References
from ivr.rules.model import Pronounced
from ivr.rules.parsed import RulesFile


def link_pronunciations(
    parsed: RulesFile, references: References
) -> dict[str, Mapping[str, Pronounced]]:
    """By language and phrase, which is written in small letters."""
    linked: dict[str, Mapping[str, Pronounced]] = {}
    for language, phrases in parsed.pronunciations.items():
        path = ("pronunciations", language)
        references.language(language, path, of_key=True)
        for phrase, sounds in phrases.items():
            references.not_empty(sounds, (*path, phrase), f"{phrase}: [fakˈtʉːra]")
        linked[language] = {
            phrase.casefold(): Pronounced(tuple(sounds), references.source.key((*path, phrase)))
            for phrase, sounds in phrases.items()
        }
    return linked
