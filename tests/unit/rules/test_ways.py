from __future__ import annotations

from collections.abc import Callable

from ivr.rules.model import RuleSet
from ivr.rules.ways import all_ways, leading_to, reached

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
