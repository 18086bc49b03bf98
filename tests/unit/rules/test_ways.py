from __future__ import annotations

from collections.abc import Callable

from ivr.rules.model import RuleSet
from ivr.rules.ways import all_ways, leading_to, reached, rings

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


def test_a_ring_is_told_place_by_place(rules_of: Callable[[str], RuleSet]) -> None:
    graph = all_ways(rules_of(TEXT))

    by_keys = rings(graph, lambda way: way.how == "by key" and way.start != way.end)
    silent = rings(graph, lambda way: way.how != "by key")

    assert [str(ring) for ring in by_keys] == ["menu main → menu sub → menu main"]
    assert silent == []


def test_a_chain_of_thousands_needs_no_deep_stack(rules_of: Callable[[str], RuleSet]) -> None:
    many = 3000
    queues = "\n".join(
        f"  q{n}: {{answer: 80% within 20s, nobody_logged_in: queue q{(n + 1) % many}}}"
        for n in range(many - 1)
    )
    text = "version: 1\nnumbers: {anything else: queue q0}\nqueues:\n" + queues
    last = f"\n  q{many - 1}: {{answer: 80% within 20s}}\n"

    assert rings(all_ways(rules_of(text + last)), lambda _: True) == []
