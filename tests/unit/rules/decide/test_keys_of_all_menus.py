"""Keys that every menu has besides its own: `keys: {0: queue main}`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.rules.decide import decide
from ivr.rules.decision import Facts, OptionChosen
from ivr.rules.model import RuleSet
from tests.unit.rules.decide.calls import facts

RULES = """
version: 1
languages: [nb, en]
numbers: {anything else: {to: menu main}}
keys: {0: queue main, star: back, 9: {language: en, to: repeat}}
menus:
  main: {say: x, keys: {1: menu under, 2: menu own}, nothing_chosen: queue main}
  under: {say: x, keys: {1: queue main}, nothing_chosen: queue main}
  own: {say: x, keys: {0: voicemail main, 1: queue main}, nothing_chosen: queue main}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""


def in_menu(name: str) -> Facts:
    return replace(facts(), menus=tuple(dict.fromkeys(("main", name))))


@pytest.mark.parametrize(
    ("menu", "key", "to"),
    [
        ("main", "0", "queue main"),
        ("under", "0", "queue main"),
        ("own", "0", "voicemail main"),
        ("under", "*", "menu main"),
        ("under", "9", "menu under"),
    ],
)
def test_a_key_of_all_menus_counts_in_each_that_has_none_of_its_own(
    rules_of: Callable[[str], RuleSet], menu: str, key: str, to: str
) -> None:
    decision = decide(rules_of(RULES), in_menu(menu), OptionChosen(menu, key))

    assert decision.to == to


def test_the_step_names_the_one_line_where_the_key_stands(
    rules_of: Callable[[str], RuleSet],
) -> None:
    decision = decide(rules_of(RULES), in_menu("under"), OptionChosen("under", "0"))

    assert decision.decided_by.at is not None
    assert decision.decided_by.at.path == "keys.0"
