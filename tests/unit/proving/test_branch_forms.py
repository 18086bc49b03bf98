"""What a branch is and how it is reached, in both languages."""

from __future__ import annotations

from string import Formatter

import pytest

from ivr.proving.branch_forms import BRANCH_FORMS
from ivr.proving.branches import branches
from tests.unit.proving.conftest import RULES, WHOLE_LANGUAGE, load
from tests.unit.showing.left_in_english import left_in_english

FORMS = sorted(BRANCH_FORMS["en"])
OF_TESTS = [
    "agents",
    "call:",
    "from:",
    "given:",
    "press:",
    "queue {queue}",
    "rates:",
    "to:",
    "wait:",
    "waiting:",
    "waits:",
]
"""Words that stand in a file of tests, in either language."""


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_told_in_both_languages_of_the_same_facts(form: str) -> None:
    english, norwegian = (BRANCH_FORMS[it][form] for it in ("en", "nb"))
    names = [*(f"{{{name}}}" for name in fields(english.words + english.advice)), *OF_TESTS]

    assert fields(norwegian.words.replace("{named}", "{key}")) == fields(english.words)
    assert fields(norwegian.advice) == fields(english.advice)
    assert left_in_english(english.words, norwegian.words, names) == set()
    assert left_in_english(english.advice, norwegian.advice, names) == set()


def test_no_form_is_in_one_language_alone() -> None:
    assert set(BRANCH_FORMS["en"]) == set(BRANCH_FORMS["nb"])


@pytest.mark.parametrize("text", [RULES, WHOLE_LANGUAGE])
def test_the_branches_are_the_same_in_both_languages(text: str) -> None:
    rules = load(text)
    english, norwegian = branches(rules), branches(rules, "nb")

    assert [(one.at, one.marks) for one in english] == [(one.at, one.marks) for one in norwegian]
    assert not any(" to " in one.words or " mon" in one.words for one in norwegian)
