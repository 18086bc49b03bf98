"""What stands in the way of callers who say it: no engine, no pronunciation, two phrases that sound alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Protocol

from ivr.menus.words import Phrase
from ivr.rules.decide.speech import phrases_of, words_of
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.lint.speech import place_of_words
from ivr.rules.model import Location, Menu, RuleSet
from ivr.settings import SpeechSettings
from ivr.speech.engines import chosen_engines
from ivr.speech.recogniser import SpokenPhrase, spoken

ALIKE = 0.7
"""So much of its own fit has a phrase with one that sounds like it: `lån` with `lønn`; `henting` not with `regning`."""


class PhraseSounds(Protocol):
    """Who knows how phrases sound, without hearing anything. Its calls block."""

    def speaks(self, language: str) -> bool:
        """Whether it knows the language."""

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        """Whether it knows how this is pronounced."""

    def alike(self, one: SpokenPhrase, other: SpokenPhrase, language: str) -> float:
        """How well one is heard as the other: 1 where nobody could tell them apart, 0 or less where anybody could."""


def speech_faults(
    settings: SpeechSettings, rules: RuleSet, sounds: PhraseSounds | None
) -> Iterator[Fault]:
    """What is found with these settings; `sounds` is None where nobody on this machine knows how phrases sound."""
    menus = [menu for menu in rules.menus.values() if menu.speech]
    asking = [question for question in rules.questions.values() if question.speech]
    listening = [*(menu.at for menu in menus), *(question.at for question in asking)]
    if not listening:
        return
    ready = [choice for choice in chosen_engines(settings) if choice.lacks is None]
    heard = [one for one in rules.languages if any(choice.may_hear(one) for choice in ready)]
    for language in rules.languages:
        if language not in heard:
            yield _unheard(settings, language, listening[0])
    for menu in menus:
        for language in heard:
            by_model = any(one.language == language for one in ready)
            if sounds is not None and sounds.speaks(language) and not by_model:
                yield from _of_phrases(rules, menu, language, sounds)


def _unheard(settings: SpeechSettings, language: str, at: Location) -> Fault:
    lacks = [one.lacks for one in chosen_engines(settings) if one.may_hear(language) and one.lacks]
    hint = lacks[0] if lacks else f"name a model for {language} in ivr.toml, `[speech.vosk]`"
    message = f"no engine hears {language}: callers who are spoken to in it have only keys"
    return fault(FaultKind.NO_ENGINE, at, message, hint)


def _of_phrases(rules: RuleSet, menu: Menu, language: str, sounds: PhraseSounds) -> Iterator[Fault]:
    """The admin's own words: those of digits and of `repeat` are ours, and there is no help for them."""
    phrases = phrases_of(rules, menu, language)
    own = [one for one in phrases if one.text in words_of(rules, menu.options[one.key], language)]
    for phrase in own:
        if not sounds.is_known(spoken(phrase), language):
            message = (
                f"nobody knows how {phrase.text!r} is pronounced in {language}: "
                f"it is never heard in menu {menu.name}"
            )
            hint = f"write pronunciations: {{{language}: {{{phrase.text}: [fakˈtʉːra]}}}}, in IPA"
            yield fault(FaultKind.NOT_PRONOUNCED, _place(rules, menu, phrase), message, hint)
    others = [one for one in phrases if one not in own]
    for one, other in (*combinations(own, 2), *product(own, others)):
        if one.key != other.key and sounds.alike(spoken(one), spoken(other), language) >= ALIKE:
            message = (
                f"{one.text!r} (key {one.key}) and {other.text!r} (key {other.key}) of menu {menu.name} sound alike "
                f"in {language}: who says either is asked back, or sent the wrong way"
            )
            hint = (
                "give one of them another word; `ivr speech rehearse` shows what recordings come to"
            )
            yield fault(FaultKind.SOUNDS_ALIKE, _place(rules, menu, one), message, hint)


def _place(rules: RuleSet, menu: Menu, phrase: Phrase) -> Location:
    return place_of_words(rules, menu.options[phrase.key])
