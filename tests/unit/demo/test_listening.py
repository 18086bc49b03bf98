"""The demonstration's rules, so that callers may say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.demo.listening import WORD, listening
from ivr.errors import DemoFailed
from ivr.rules.decide.speech import phrases_of
from ivr.rules.load import load_rules

SHIPPED = Path(__file__).parents[3] / "routing_rules.yaml"


def test_the_shipped_rules_listen_and_the_word_means_the_key_of_the_department() -> None:
    text = listening(SHIPPED.read_text("utf-8"))
    rules, _ = load_rules(text.encode(), "listening.yaml")

    keys = {one.text: one.key for one in phrases_of(rules, rules.menus["main"], "nb")}
    assert (keys[WORD], keys["kundeservice"], keys["levering"]) == ("3", "1", "2")


def test_other_rules_are_not_guessed_at() -> None:
    with pytest.raises(DemoFailed, match="others than it knows"):
        listening("version: 1\n")
