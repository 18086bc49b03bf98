from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.rules.decide import decide
from ivr.rules.decision import NothingChosen, OptionChosen, Turn
from ivr.rules.model import RuleSet
from tests.unit.rules.decide.calls import facts, taken, why_not


def test_a_key_says_why_it_is_not_the_others(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), OptionChosen("main", "1"))

    assert why_not(decision) == [
        "not department henting: that is key 2",
        "not department faktura: that is key 3",
        "not department reklamasjon: that is key 4",
        "not menu main: that is key 9",
        "not repeat: that is key star",
        "not queue bergen: kundeservice in Bergen is national since 2025-03-01",
    ]
    assert decision.department == "kundeservice"
    assert not decision.closed


def test_another_language_is_spoken_from_then_on(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), OptionChosen("main", "9"))

    assert decision.to == "menu main"
    assert decision.facts.language == "en"
    assert "the language is now en" in taken(decision)


MENUS = """
version: 1
numbers: {anything else: {to: menu main}}
menus:
  main: {say: welcome, keys: {1: menu bills, 2: repeat, 3: back}, nothing_chosen: queue main}
  bills: {say: bills, keys: {1: menu old, 2: repeat, 3: back, 4: menu main}, nothing_chosen: back}
  old: {say: old, keys: {1: queue main, 3: back}, tries: 1, nothing_chosen: menu main}
queues: {main: {answer: 80% within 20s}}
"""


@pytest.mark.parametrize(
    ("visited", "turn", "expected", "left"),
    [
        (("main",), OptionChosen("main", "1"), "menu bills", ("main", "bills")),
        (("main", "bills"), OptionChosen("bills", "1"), "menu old", ("main", "bills", "old")),
        (("main", "bills", "old"), OptionChosen("old", "3"), "menu bills", ("main", "bills")),
        (("main", "bills"), OptionChosen("bills", "2"), "menu bills", ("main", "bills")),
        (("main", "bills"), OptionChosen("bills", "3"), "menu main", ("main",)),
        (("main", "bills"), OptionChosen("bills", "4"), "menu main", ("main",)),
        (("main",), OptionChosen("main", "3"), "menu main", ("main",)),
        (("main", "bills"), NothingChosen("bills"), "menu main", ("main",)),
        (("main", "bills", "old"), NothingChosen("old"), "menu main", ("main",)),
        ((), OptionChosen("bills", "3"), "menu bills", ("bills",)),
        (("main",), OptionChosen("main", "7"), "menu main", ("main",)),
    ],
)
def test_repeat_and_back_follow_the_menus_visited(
    rules_of: Callable[[str], RuleSet],
    visited: tuple[str, ...],
    turn: Turn,
    expected: str,
    left: tuple[str, ...],
) -> None:
    decision = decide(rules_of(MENUS), replace(facts(), menus=visited), turn)

    assert decision.to == expected
    assert decision.facts.menus == left


def test_who_chooses_nothing_still_reaches_a_person(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), NothingChosen("main"))

    assert decision.to == "queue kundeservice"
    assert taken(decision)[0] == (
        "nothing was chosen in menu main in 3 tries: department kundeservice"
    )
