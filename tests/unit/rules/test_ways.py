from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet, ToBack, ToRepeat
from ivr.rules.ways import all_ways, leading_to, reached
from tests.unit.targets import targets_in

WHOLE_LANGUAGE = Path(__file__).parents[2] / "data" / "rules" / "whole_language.yaml"

TEXT = """
version: 1
numbers: {anything else: {to: menu main}}
menus:
  main: {say: welcome, keys: {1: menu sub, 2: repeat}, nothing_chosen: queue a}
  sub: {say: welcome, keys: {1: back, 2: voicemail a}, nothing_chosen: hangup}
  lonely: {say: welcome, keys: {1: hangup}, nothing_chosen: hangup}
queues:
  a: {answer: 80% within 20s, while_waiting: [{after: 1m, to: queue b}]}
  b: {answer: 80% within 20s, nobody_logged_in: voicemail a}
"""


def test_every_place_knows_where_it_leads_and_how(rules_of: Callable[[str], RuleSet]) -> None:
    graph = all_ways(rules_of(TEXT))

    assert {(way.end, way.how) for way in graph["menu main"]} == {
        ("menu sub", "by key"),
        ("menu main", "by key"),
        ("queue a", "by silence"),
    }
    assert ("menu main", "by key") in {(way.end, way.how) for way in graph["menu sub"]}
    assert [(way.end, way.how) for way in graph["queue a"]] == [("queue b", "by waiting")]


def test_what_is_reached_and_what_leads_to_people(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(TEXT)
    graph = all_ways(rules)

    assert "menu lonely" not in reached(rules, graph)
    assert {"menu sub", "queue b", "voicemail a"} <= reached(rules, graph)
    assert {"menu main", "menu sub"} <= leading_to({"queue b"}, graph)
    assert "menu lonely" not in leading_to({"queue b"}, graph)


def test_whatever_destination_the_rules_name_is_a_way_or_an_entry() -> None:
    """A word with a destination that the graph does not know would go unseen by every look for loops and dead ends."""
    rules, _ = load_rules(WHOLE_LANGUAGE.read_bytes(), WHOLE_LANGUAGE.name)
    entries = [*rules.numbers.values(), rules.anything_else, *rules.callers.values()]
    begun = {id(target) for target in targets_in(tuple(entries))}

    named = {
        (str(target.to), target.at.line)
        for target in targets_in(rules)
        if id(target) not in begun and not isinstance(target.to, ToBack | ToRepeat)
    }
    ways = {(way.end, way.at.line) for each in all_ways(rules).values() for way in each}

    assert len(named) > 10
    assert named <= ways
