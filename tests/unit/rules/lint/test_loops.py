from __future__ import annotations

from collections.abc import Callable

from ivr.rules.lint.loops import loops
from ivr.rules.model import RuleSet
from ivr.rules.ways import all_ways

TEXT = """
version: 1
numbers: {anything else: {to: menu main}}
menus:
  main: {say: welcome, keys: {1: menu sub, 2: repeat}, nothing_chosen: queue a}
  sub: {say: welcome, keys: {1: back, 2: voicemail a}, nothing_chosen: hangup}
queues:
  a: {answer: 80% within 20s}
"""


def test_a_ring_is_told_place_by_place(rules_of: Callable[[str], RuleSet]) -> None:
    graph = all_ways(rules_of(TEXT))

    by_keys = loops(graph, lambda way: way.how == "by key" and way.start != way.end)
    silent = loops(graph, lambda way: way.how != "by key")

    assert [str(loop) for loop in by_keys] == ["menu main → menu sub → menu main"]
    assert silent == []


def test_a_chain_of_thousands_needs_no_deep_stack(rules_of: Callable[[str], RuleSet]) -> None:
    many = 3000
    queues = "\n".join(
        f"  q{n}: {{answer: 80% within 20s, nobody_logged_in: queue q{(n + 1) % many}}}"
        for n in range(many - 1)
    )
    text = "version: 1\nnumbers: {anything else: queue q0}\nqueues:\n" + queues
    last = f"\n  q{many - 1}: {{answer: 80% within 20s}}\n"

    assert loops(all_ways(rules_of(text + last)), lambda _: True) == []
