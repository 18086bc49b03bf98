"""What agents dial on their phones, before and after a change: codes, colleagues, and each kind of number outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.proving.own_calls import DialledOutcome, dialled_outcome
from ivr.rules.decide.dialling import CostOf
from ivr.rules.model import RuleSet

SAMPLES: Mapping[str, str] = {
    "fixed": "22334455",
    "mobile": "90000005",
    "short": "02222",
    "special": "82000000",
}
"""A number of each kind, which the rules treat as all others of it that they do not name."""


@dataclass(frozen=True, slots=True)
class DialledChange:
    """Something else comes of what these `agents` dial: a code, a colleague, a country's code, a kind of number."""

    agents: tuple[str, ...]
    what: str
    before: DialledOutcome
    after: DialledOutcome


def dialled_otherwise(before: RuleSet, after: RuleSet, cost: CostOf) -> tuple[DialledChange, ...]:
    """Every change for agents whom both have, those alike in one. `cost` tells the kind of a number."""
    found: dict[tuple[str, DialledOutcome, DialledOutcome], list[str]] = {}
    for name in sorted(before.agents.keys() & after.agents.keys()):
        for what, text in _dialled(before, after):
            if text in {name, before.agents[name].number, after.agents[name].number}:
                continue  # their own
            was = dialled_outcome(before, before.agents[name], text, cost)
            will_be = dialled_outcome(after, after.agents[name], text, cost)
            if was != will_be:
                found.setdefault((what, was, will_be), []).append(name)
    return tuple(DialledChange(tuple(names), *key) for key, names in sorted(found.items()))


def _dialled(before: RuleSet, after: RuleSet) -> Iterator[tuple[str, str]]:
    """All that can make a difference: what it is called, and what is dialled."""
    codes, colleagues, countries = set[str](), set[str](), set[str]()
    for rules in (before, after):
        codes |= rules.duty.codes.keys()
        for agent in rules.agents.values():
            colleagues |= {agent.name, *([agent.number] if agent.number else [])}
            countries |= {one for one in agent.may_call if one.startswith("+")}
    yield from ((one, one) for one in sorted(codes | colleagues))
    yield from ((one, f"{one}23456789") for one in sorted(countries))
    yield from SAMPLES.items()
