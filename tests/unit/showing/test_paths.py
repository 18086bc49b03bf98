from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.menus.digits import take_option
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from ivr.showing.paths import CallerPath, all_paths

MONDAY = Facts(at=datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Oslo")), dialled=None)


def from_number(rules: RuleSet, spelled: str) -> dict[str, CallerPath]:
    return {
        " ".join(path.keys): path
        for path in all_paths(rules, MONDAY)
        if (path.number.number.digits if path.number.number else "else") == spelled
    }


def test_each_key_of_each_menu_is_a_path_and_so_is_silence(all_words: RuleSet) -> None:
    found = from_number(all_words, "+4755301000")

    assert {keys: path.ends for keys, path in found.items() if not keys.startswith("2")} == {
        "1": "queue bergen",
        "3 1": "menu main",
        "3 2": "hangup",
        "3 nothing": "queue main",
        "star": "menu main",
        "nothing": "phone vakt",
    }
    assert [keys for keys in found if keys.startswith("2")] == [
        f"2 {keys}" for keys in ("1", "2", "3 1", "3 2", "3 nothing", "star", "nothing")
    ]


def test_a_path_that_comes_round_is_followed_no_further(all_words: RuleSet) -> None:
    found = from_number(all_words, "+4755301000")

    assert found["star"].goes_round
    assert found["3 1"].goes_round
    assert found["2 2"].goes_round
    assert found["2 1"].language == "en"
    assert not found["1"].goes_round


def test_a_question_is_answered_once_for_each_site_once_for_none_and_not_at_all(
    all_words: RuleSet,
) -> None:
    found = from_number(all_words, "else")

    assert {keys: (path.ends, path.site) for keys, path in found.items()} == {
        "0001": ("queue main", "oslo"),
        "5000": ("queue bergen", "bergen"),
        "0000": ("queue main", None),
        "nothing": ("queue main", None),
    }


def test_a_number_without_a_menu_is_one_path(all_words: RuleSet) -> None:
    assert list(from_number(all_words, "02222")) == [""]


def test_what_a_path_says_is_what_a_walk_says(shipped: RuleSet) -> None:
    for path in all_paths(shipped, MONDAY):
        facts = replace(MONDAY, dialled=path.number.number)
        walked = walk(shipped, facts, path.press, take_option)
        if not path.goes_round:
            assert (path.ends, path.said) == (walked.ends, walked.said)
            assert (path.language, path.site) == (walked.language, walked.site)


@pytest.mark.parametrize("menus", [30])
def test_menus_that_all_lead_to_one_another_end(
    written: Callable[[str], RuleSet], menus: int
) -> None:
    chain = "".join(
        f"  m{n}: {{say: welcome, keys: {{1: menu m{(n + 1) % menus}, 2: queue main}}, "
        f"nothing_chosen: queue main, tries: 1}}\n"
        for n in range(menus)
    )
    rules = written(
        f"version: 1\nnumbers: {{anything else: menu m0}}\nmenus:\n{chain}"
        "queues: {main: {answer: 80% within 20s, while_waiting: [{after: 1m, to: hangup}]}}\n"
    )

    found = list(all_paths(rules, MONDAY))

    assert len(found) == 2 * menus + 1
    assert sum(path.goes_round for path in found) == 1
