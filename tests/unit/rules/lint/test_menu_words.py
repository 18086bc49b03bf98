"""Which keys of a menu its prompts leave out."""

from __future__ import annotations

import pytest

from ivr.rules.lint.menu_words import keys_spoken, keys_unspoken
from ivr.rules.load import load_rules

RULES = load_rules(
    b"""
version: 1
languages: [nb, en]
numbers: {anything else: {to: menu main}}
menus:
  main:
    greeting: welcome
    say: choices
    keys: {1: queue main, 2: queue main, 9: {language: en, to: menu main}, star: repeat}
    nothing_chosen: queue main
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
""",
    "rules.yaml",
)[0]


def left_out(nb: str, en: str) -> list[tuple[str, str]]:
    words = {
        "nb": {"welcome": "Hei.", "choices": nb},
        "en": {"welcome": "Hello.", "choices": en},
    }
    return [(one.language, one.key) for one in keys_unspoken(RULES, words)]


def test_a_key_that_no_prompt_speaks_of_is_told() -> None:
    assert left_out("Tast 1. Press 9.", "Press 1, or 2.") == [("nb", "2")]


def test_a_key_for_the_language_that_is_spoken_already_need_not_be_named() -> None:
    assert left_out("Tast 1 eller 2. Press 9.", "Press 1, or 2.") == []


def test_words_without_any_key_say_nothing_of_keys() -> None:
    assert left_out("Si hva du vil.", "Press 1.") == [("en", "2")]


def test_a_menu_whose_words_are_not_known_is_let_be() -> None:
    assert list(keys_unspoken(RULES, {"nb": {"choices": "Tast 1."}})) == []


def test_it_is_a_sentence() -> None:
    words = {"nb": {"welcome": "Hei.", "choices": "Tast 1. Press 9."}}

    (one,) = keys_unspoken(RULES, words)

    assert str(one) == "leaves out key 2 of menu main"


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("For faktura, tast 3.", "nb", "3"),
        ("trykk en for salg og trykk to for support", "nb", "12"),
        ("Trykk én eller to.", "nb", "12"),
        ("En kollega svarer om tre minutter.", "nb", ""),
        ("Press one for sales, press nine for Norwegian.", "en", "19"),
        ("No one is here.", "en", ""),
        ("Ring 55 30 10 00 eller vent.", "nb", ""),
        ("삼번 3", "ko", "3"),
    ],
)
def test_keys_are_spoken_as_figures_or_as_words_where_a_key_is_meant(
    text: str, language: str, keys: str
) -> None:
    assert keys_spoken(text, language) == set(keys)
