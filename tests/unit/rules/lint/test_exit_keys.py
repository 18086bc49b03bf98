"""Keys of a queue that its callers are not told of."""

from __future__ import annotations

import pytest

from ivr.rules.lint.exit_keys import check_exit_keys, lint_exit_keys
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet


def rules(say: str = "") -> RuleSet:
    text = f"""
version: 1
languages: [nb, en]
numbers: {{anything else: {{to: queue main}}}}
queues:
  main:
    answer: 80% within 20s
    keys: {{1: voicemail main, star: hangup}}
    while_waiting: [{{after: 5m, to: hangup}}]
    {say}
"""
    return load_rules(text.encode(), "rules.yaml")[0]


def test_a_queue_that_says_nothing_tells_of_no_key() -> None:
    (one,) = lint_exit_keys(rules())

    assert one.message == "no caller who waits in queue main is told of its keys 1, star"
    assert one.hint == "write say: [wait.main], and record in it what each key does"


@pytest.mark.parametrize(
    ("norwegian", "english", "left_out"),
    [
        ("Tast 1 for svarer, stjerne for å legge på.", "Press one, or press star.", []),
        ("Tast én, eller tast stjernetasten.", "Thank you for waiting.", ["keys 1, star in en"]),
        ("Takk for at du venter.", "Press 1 or star.", ["keys 1, star in nb"]),
        ("Trykk 1 for svarer.", "Press 1 for voicemail.", ["key star in nb", "key star in en"]),
    ],
)
def test_a_message_that_leaves_a_key_out_is_told(
    norwegian: str, english: str, left_out: list[str]
) -> None:
    words = {
        "nb": {"wait.web": "Se på nettet.", "wait.keys": norwegian},
        "en": {"wait.web": "See the web.", "wait.keys": english},
    }
    told = rules("say: [wait.web, wait.keys]")

    found = [*check_exit_keys(told, words)]

    assert [one.message.split("leaves out its ")[1] for one in found] == left_out
    assert list(lint_exit_keys(told)) == []
    assert all(one.hint and one.hint.startswith("record wait.keys anew") for one in found)


def test_words_that_are_not_known_may_name_the_key() -> None:
    known = {"nb": {"wait.web": "Se på nettet."}, "en": {}}

    assert list(check_exit_keys(rules("say: [wait.web, wait.keys]"), known)) == []
