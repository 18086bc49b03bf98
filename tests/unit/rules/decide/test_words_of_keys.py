"""Words that a key of a menu has itself, beside those of a department."""

from __future__ import annotations

import pytest

from ivr.rules.decide.speech import option_said, phrases_of
from ivr.rules.lint.prompts import heard_prompts
from ivr.rules.load import load_rules

RULES = load_rules(
    b"""
version: 1
languages: [nb, en]
numbers: {anything else: {to: menu main}}
keys: {0: {to: queue main, words: {nb: sentralbord, en: operator}}}
hours: {always: {daily: 00:00-24:00}}
menus:
  main:
    say: welcome
    keys:
      1: {to: department faktura, words: {nb: penger}}
      2: {to: menu privat, words: {nb: [privat, hjemme], en: private}}
      9: {language: en, to: menu main, words: {nb: engelsk}}
      star: {to: repeat, words: {nb: omigjen}}
    nothing_chosen: queue main
    speech: true
  privat: {say: welcome, keys: {1: queue main}, nothing_chosen: queue main}
departments:
  faktura:
    hours: always
    national: queue main
    closed: {say: welcome, to: hangup}
    words: {nb: regning, en: bill}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
""",
    "rules.yaml",
)[0]


@pytest.mark.parametrize(
    ("said", "language", "key"),
    [
        ("privat", "nb", "2"),
        ("hjemme", "nb", "2"),
        ("private", "en", "2"),
        ("penger", "nb", "1"),
        ("regning", "nb", "1"),
        ("engelsk", "nb", "9"),
        ("sentralbord", "nb", "0"),
        ("operator", "en", "0"),
        ("omigjen", "nb", "*"),
        ("gjenta", "nb", "*"),
    ],
)
def test_a_key_is_said_by_its_words_and_by_those_of_its_department(
    said: str, language: str, key: str
) -> None:
    found = option_said(RULES, RULES.menus["main"], language, said)

    assert found is not None
    assert (found[0].key, found[1]) == (key, said)


def test_a_menu_that_does_not_listen_hears_no_words_of_its_keys() -> None:
    assert phrases_of(RULES, RULES.menus["privat"], "nb") == ()


@pytest.mark.parametrize(
    ("word", "prompt"),
    [
        ("regning", "meant.faktura"),
        ("penger", "meant.faktura"),
        ("privat", "meant.main.2"),
        ("engelsk", "meant.main.9"),
        ("sentralbord", "meant.key.0"),
        ("omigjen", "meant.main.star"),
        ("gjenta", "meant.main.star"),
    ],
)
def test_what_was_not_clear_is_asked_back_with_a_recording_of_the_key(
    word: str, prompt: str
) -> None:
    phrases = {one.text: one for one in phrases_of(RULES, RULES.menus["main"], "nb")}

    assert phrases[word].asked_back == prompt


def test_recordings_that_ask_back_are_among_those_that_callers_may_hear() -> None:
    assert {"meant.faktura", "meant.main.2", "meant.main.9", "meant.key.0"} <= set(
        heard_prompts(RULES)
    )
