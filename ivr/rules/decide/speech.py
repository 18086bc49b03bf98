"""What a caller may say in a menu: the words of a key and of its department, a key's number, repeat and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.menus.digits import key_word
from ivr.menus.words import Phrase, Thresholds, Understood, likelihoods_of_text, meaning_of
from ivr.rules.model import (
    Menu,
    Option,
    Pronounced,
    Question,
    RuleSet,
    ToBack,
    ToDepartment,
    ToRepeat,
)

DIGITS = {
    "nb": {"null": "0", "en": "1", "én": "1", "ett": "1", "to": "2", "tre": "3", "fire": "4",
           "fem": "5", "seks": "6", "sju": "7", "syv": "7", "åtte": "8", "ni": "9"},
    "en": {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
           "six": "6", "seven": "7", "eight": "8", "nine": "9"},
}  # fmt: skip
"""Words of digits by language."""

REPEAT = {"nb": ("gjenta", "en gang til"), "en": ("repeat", "say again")}
BACK = {"nb": ("tilbake",), "en": ("go back",)}
"""What the keys that repeat a menu, or lead back, are called."""

_IN_WRITING = Thresholds(sure=1.0, unsure=1.0, apart=1.0)


def rules_listen(rules: RuleSet) -> bool:
    """Whether callers may say anything, anywhere."""
    return any(menu.speech for menu in rules.menus.values()) or any(
        question.speech for question in rules.questions.values()
    )


def phrases_of(rules: RuleSet, menu: Menu, language: str) -> tuple[Phrase, ...]:
    """All that may be said in this menu, in this language; nothing in a menu without `speech`."""
    if not menu.speech:
        return ()
    sounds = rules.pronunciations.get(language, {})
    return tuple(
        Phrase(word, option.key, prompt_asking_for(menu, option), _sounds(sounds, word))
        for option in menu.options.values()
        for word in dict.fromkeys(_words(rules, option, language))
    )


def _sounds(known: Mapping[str, Pronounced], word: str) -> tuple[str, ...]:
    pronounced = known.get(word.casefold())
    return pronounced.sounds if pronounced else ()


def digits_of(question: Question, language: str) -> tuple[Phrase, ...]:
    """The words of digits that a question with `speech` hears; each one's key is its digit."""
    if not question.speech:
        return ()
    return tuple(Phrase(word, digit) for word, digit in DIGITS.get(language, {}).items())


def digits_said(language: str, said: str) -> str:
    """The digits that these words are, one after another; empty where one of them is none."""
    known = DIGITS.get(language, {})
    digits = [word if word.isdecimal() else known.get(word, "") for word in said.casefold().split()]
    return "".join(digits) if all(digits) else ""


def prompt_asking_for(menu: Menu, option: Option) -> str | None:
    """The prompt that asks whether it was meant: `meant.faktura` says “Mente du faktura? Trykk 1 eller si ja”.

    A key that leads elsewhere and has words has one by its menu and key, such as `meant.main.3`, and
    `meant.key.0` where it is a key of all menus. None for a key without words: there is nothing to call it by.
    """
    to = option.target.to
    if isinstance(to, ToDepartment):
        return f"meant.{to.name}"
    place = "key" if option.in_all_menus else menu.name
    return f"meant.{place}.{key_word(option.key)}" if option.words else None


def words_of(rules: RuleSet, option: Option, language: str) -> tuple[str, ...]:
    """The words of the rules for this option, those of its department first; none twice."""
    to = option.target.to
    of_department = rules.departments[to.name].words if isinstance(to, ToDepartment) else {}
    return tuple(dict.fromkeys((*of_department.get(language, ()), *option.words.get(language, ()))))


def option_said(rules: RuleSet, menu: Menu, language: str, said: str) -> tuple[Option, str] | None:
    """The one option that this text means, and the word of the rules that says so; None for none or for several."""
    phrases = phrases_of(rules, menu, language)
    meaning = meaning_of(phrases, likelihoods_of_text(phrases, said), _IN_WRITING)
    if isinstance(meaning, Understood) and meaning.is_sure:
        return menu.options[meaning.phrase.key], meaning.phrase.text
    return None


def _words(rules: RuleSet, option: Option, language: str) -> Iterator[str]:
    """The words of the rules first: they are learned in this order."""
    yield from words_of(rules, option, language)
    match option.target.to:
        case ToRepeat():
            yield from REPEAT.get(language, ())
        case ToBack():
            yield from BACK.get(language, ())
        case _:
            pass
    numerals = [word for word, digit in DIGITS.get(language, {}).items() if digit == option.key]
    yield from numerals or ([option.key] if option.key.isdecimal() else [])
