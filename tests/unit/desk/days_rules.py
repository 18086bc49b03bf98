"""Rules of the days of `test_whole_days`, and the naive centre that is as they say: three files, changed to and fro."""

from __future__ import annotations

from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from tests.unit.desk.naive import Line, NaiveCentre, Person, Step

_RULES = """
version: 1
languages: [nb, en]
numbers: {anything else: {to: queue a}}
sites: SITES
phones: {partner: {phone: partner}}
queues:
  a:
    answer: 80% within 20s
    ring: RING_A
    skills: {freight: 3, ferry: 1}
    widen_after: 15s
    wrap_up: 20s
    keep_place: 60s
    at_most: 2 waiting
    when_full: queue c
    nobody_logged_in: queue b
    while_waiting: [{after: 20s, also_ring: queue b}, {after: 4m, to: queue e}]
  b:
    answer: 80% within 20s
    ring: RING_B
    widen_after: 30s
    keep_place: 5m
    nobody_logged_in: hangup
    while_waiting: [{after: 3m, to: hangup}]
  c:
    answer: 80% within 20s
    ring: all at once
    widen_after: never
    wrap_up: 5s
    while_waiting: [{after: 3m, to: hangup}]
  d:
    answer: 80% within 20s
    ring: RING_D
    widen_after: 10s
    wrap_up: 10s
    nobody_logged_in: queue a
    while_waiting: [{after: 15s, also_ring: queue c}, {after: 50s, also_ring: queue b}, {after: 6m, to: hangup}]
  e:
    answer: 80% within 20s
    ring: RING_E
    last_agent: within 7d
    wrap_up: 10s
    while_waiting: [{after: 4m, to: hangup}]
  s:
    answer: 80% within 20s
    wrap_up: 5s
    split: {oslo: 40%, bergen: 25%, partner: 35%}
    catch_up: 3 calls
    while_waiting: [{after: 27s, also_ring: queue d}, {after: 5m, to: hangup}]
agents:
AGENTS
duty: {pause_reasons: [lunch, training], missed: MISSED}
"""

_AGENTS = """
  kari: {phone: kari, queues: [a, e], skills: {freight: 3}, languages: [nb], site: oslo}
  ola: {phone: ola, queues: [a, b], languages: [nb, en], site: oslo}
  per: {phone: per, queues: [b, c], skills: {freight: 1}, languages: [en]}
  siri: {phone: siri, queues: [c, d, e], skills: {ferry: 1}, languages: [nb], site: oslo}
  tor: {phone: tor, queues: [c, d], skills: {freight: 5, ferry: 2}, languages: [nb, en], site: oslo}
  una: {phone: una, queues: [s, d], languages: [nb, en], site: oslo}
  vera: {phone: vera, queues: [s, a], skills: {freight: 2}, languages: [nb], site: bergen}
  yngve: {phone: yngve, queues: [s, b, e], languages: [en], site: bergen}
  nils: {phone: nils, queues: [b, d, e], languages: [nb, en], site: bergen}
  odd: {phone: odd, queues: [b, d, e], languages: [nb, en]}
"""
"""Of each day, unless the rules change."""

_FEWER = """
  ola: {phone: ola, queues: [b, a], languages: [nb, en], site: oslo}
  siri: {phone: siri, queues: [c, d, e], skills: {ferry: 1}, languages: [nb]}
  vera: {phone: vera, queues: [s, a], skills: {freight: 2}, languages: [nb], site: bergen}
  odd: {phone: odd, queues: [b, d, e], languages: [nb, en]}
  una: {phone: una, queues: [s, d], languages: [nb, en], site: oslo}
  nils: {phone: nils, queues: [d, b, e, s], languages: [nb, en], site: bergen}
"""
"""Some of them; and the order of the file is another."""

_OTHERS = """
  yngve: {phone: yngve, queues: [s, e, d], skills: {ferry: 2}, languages: [nb], site: oslo}
  tor: {phone: tor, queues: [a, d], skills: {freight: 2}, languages: [nb]}
  siri: {phone: siri, queues: [c, b], languages: [nb, en]}
  kari: {phone: kari, queues: [a, b, s], skills: {freight: 1}, languages: [en], site: bergen}
  per: {phone: per, queues: [c, e], skills: {freight: 4}, languages: [nb]}
  ola: {phone: ola, queues: [a, b], languages: [en], site: oslo}
  nils: {phone: nils, queues: [b, d, e], languages: [nb, en]}
  odd: {phone: odd, queues: [b, d, e], languages: [nb, en]}
"""
"""They have learned, forgotten, and moved."""

_SITES = "{oslo: {name: Oslo}, bergen: {name: Bergen}, partner: {name: Partner, phone: partner}}"
_FULL_SITES = """
  oslo: {name: Oslo, at_most: 1 calls}
  bergen: {name: Bergen}
  partner: {name: Partner, phone: partner, at_most: 1 calls}
"""


def _load(agents: str, sites: str, rings: tuple[str, str, str, str], missed: int) -> RuleSet:
    text = _RULES.replace("AGENTS", agents).replace("SITES", sites)
    for queue, ring in zip("ABDE", rings, strict=True):
        text = text.replace(f"RING_{queue}", ring)
    text = text.replace("MISSED", f"pause after {missed}")
    return load_rules(text.encode(), "rules.yaml")[0]


_USUAL = ("longest idle", "round robin", "fewest calls", "in order")

RULES = {
    "usual": _load(_AGENTS, _SITES, _USUAL, 2),
    "full": _load(_AGENTS, _FULL_SITES, _USUAL, 2),
    "fewer": _load(_FEWER, _SITES, ("round robin", "fewest calls", "in order", "longest idle"), 1),
    "others": _load(
        _OTHERS,
        _FULL_SITES.replace("1", "2"),
        ("in order", "round robin", "longest idle", "fewest calls"),
        3,
    ),
}


def people_of(rules: RuleSet) -> list[Person]:
    return [
        Person(one.name, number, [*one.queues], {*one.languages}, {**one.skills}, one.site)
        for number, one in enumerate(rules.agents.values())
    ]


def rings_of(rules: RuleSet) -> dict[str, str]:
    return {name: queue.ring for name, queue in rules.queues.items()}


def room_of(rules: RuleSet) -> dict[str, int]:
    return {one.name: one.at_most for one in rules.sites.values() if one.at_most is not None}


def missed_of(rules: RuleSet) -> int:
    assert rules.duty.missed is not None
    return rules.duty.missed


def naive_centre(now: float) -> NaiveCentre:
    shares, hour = {"oslo": 40, "bergen": 25, "partner": 35}, 3600.0
    of_a: tuple[Step, ...] = ((20, "also", "b"), (240, "to", "e"))
    of_d: tuple[Step, ...] = ((15, "also", "c"), (50, "also", "b"), (360, "to", "hangup"))
    of_s: tuple[Step, ...] = ((27, "also", "d"), (300, "to", "hangup"))
    lines = [
        Line(
            "a",
            "longest idle",
            20,
            {"freight": 3, "ferry": 1},
            15,
            2,
            "c",
            "b",
            of_a,
            keeps_place=60,
        ),
        Line(
            "b", "round robin", 0, nobody="hangup", steps=((180, "to", "hangup"),), keeps_place=300
        ),
        Line("c", "all at once", 5, widen=None, steps=((180, "to", "hangup"),)),
        Line("d", "fewest calls", 10, widen=10, nobody="a", steps=of_d),
        Line("e", "in order", 10, steps=((240, "to", "hangup"),), last_agent=7 * 24 * hour),
        Line("s", "longest idle", 5, steps=of_s, shares=shares),
    ]
    return NaiveCentre(lines, people_of(RULES["usual"]), {"partner"}, {}, now)
