"""Pronunciations of the rules come to the phrases that they are of."""

from __future__ import annotations

from ivr.rules.decide.speech import phrases_of
from ivr.rules.load import read_rules

RULES = """
version: 1
languages: [nb]
pronunciations:
  nb: {Regning: "ˈrɛŋnɪŋ", faktura: [fakˈtʉːra, fakˈtʊra]}
numbers: {anything else: {to: menu main}}
menus: {main: {say: x, keys: {1: department faktura}, speech: true, minimum: 90%, nothing_chosen: hangup}}
hours: {always: {daily: 00:00-24:00}}
departments:
  faktura: {words: {nb: [faktura, regning, gebyr]}, hours: always, national: queue q, closed: {say: x, to: hangup}}
queues: {q: {answer: 80% within 20s, while_waiting: [{after: 3m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [q]}}
"""


def test_a_phrase_carries_the_ways_to_say_it_whatever_its_capitals() -> None:
    rules, _ = read_rules(RULES.encode(), "rules.yaml")
    assert rules is not None

    said = {one.text: one.sounds for one in phrases_of(rules, rules.menus["main"], "nb")}

    assert said["regning"] == ("ˈrɛŋnɪŋ",)
    assert said["faktura"] == ("fakˈtʉːra", "fakˈtʊra")
    assert said["gebyr"] == ()
    assert (rules.menus["main"].minimum, rules.menus["main"].keeps_words) == (0.9, False)
