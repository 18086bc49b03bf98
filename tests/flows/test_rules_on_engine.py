"""The tests beside rules, played as calls on the whole switchboard: engine and simulator agree."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ivr.menus.digits import PAUSE, take_option
from ivr.proving.reading import read_tests
from ivr.proving.rule_tests import RuleTest
from ivr.proving.running import run_test
from ivr.records.events import Routed, Said
from ivr.rules.decision import Facts
from ivr.rules.lint.prompts import spoken_prompts
from ivr.rules.load import load_rules
from ivr.rules.model import Account, Agent, RuleSet
from ivr.rules.walk import walk
from tests.flows.conftest import Switchboard, prompts

ROOT = Path(__file__).parents[2]
FILES = (
    ROOT / "routing_tests.yaml",
    ROOT / "tests" / "data" / "rules" / "words_of_time_tests.yaml",
)

SETTLES_SECONDS = 14.0
"""After the last key: long enough for a menu's patience and some prompts, too short for any step of a queue."""

ENGINES_OWN = {"beep", "message_saved"}
"""Said around a message, whatever the rules say; the simulator ends with the greeting."""


@dataclass(frozen=True, slots=True)
class Played:
    """A test, and the rules that it stands beside."""

    rules: RuleSet
    test: RuleTest


def played() -> Iterator[Played]:
    for file in FILES:
        tests, faults = read_tests(file.read_bytes(), str(file))
        assert tests is not None
        assert faults == ()
        rules, _ = load_rules((file.parent / tests.rules).read_bytes(), tests.rules)
        yield from (Played(rules, test) for test in tests.tests)


@dataclass(frozen=True, slots=True)
class MenuVisit:
    """One try of a menu: the prompt that is said last in it, and what the caller keys when that begins."""

    last_prompt: str
    keys: str


def menu_visits(rules: RuleSet, test: RuleTest) -> list[MenuVisit]:
    """What the caller does in menus, one try after the other."""
    visits: list[MenuVisit] = []

    def noted(keys: Collection[str], row: str) -> tuple[str | None, str]:
        menu = next(one for one in rules.menus.values() if one.options.keys() == keys)
        found, rest = take_option(keys, row)
        visits.append(MenuVisit(menu.say[-1], row[: len(row) - len(rest)].rstrip(PAUSE)))
        return found, rest

    walk(rules, facts(rules, test), test.call.press, noted, test.call.say)
    return visits


def facts(rules: RuleSet, test: RuleTest) -> Facts:
    at = test.call.at.replace(tzinfo=rules.timezone)
    return Facts(
        at=at,
        dialled=test.call.dialled,
        caller=test.call.caller,
        language=rules.languages[0],
        signed_in=test.given.agents,
        waiting=test.given.waiting,
    )


def at_work(rules: RuleSet, test: RuleTest) -> list[Agent]:
    """The agents who sign in so that just the queues named in `given` are empty."""
    empty = {name for name, agents in test.given.agents.items() if agents == 0}
    return [agent for agent in rules.agents.values() if not empty & set(agent.queues)]


async def plays(
    switchboard: Switchboard, rules: RuleSet, test: RuleTest
) -> tuple[str, tuple[str, ...]]:
    """Make the call of a test; where it ended and what was said, as the journal has it."""
    for agent in at_work(rules, test):
        assert isinstance(agent.phone, Account)
        await switchboard.signs_in(agent.phone.name, answers_after=None)
    dialled, caller_number = test.call.dialled, test.call.caller
    assert dialled is not None
    # Signing in took moments; the test's time is that of the call.
    switchboard.clock.at = test.call.at.replace(tzinfo=rules.timezone)
    caller = switchboard.asterisk.ring(
        caller_number.digits if caller_number else "+4790000001", dialled=dialled.digits
    )
    for visit in menu_visits(rules, test):
        await caller.hears(visit.last_prompt)
        if visit.keys:
            caller.keys(visit.keys)
    await asyncio.sleep(SETTLES_SECONDS + test.call.waits_seconds)
    caller.hangs_up()
    await asyncio.sleep(60)
    said = [prompt for event in switchboard.events(Said) for prompt in event.prompts]
    routed: list[Any] = switchboard.events(Routed)
    ends = [event.to for event in routed if event.to != "hangup"] or ["hangup"]
    # After a message the story is finished, and the rules hang up: that is no end of its own.
    is_hung_up = routed[-1].to == "hangup" and not ends[-1].startswith("voicemail")
    return (
        "hangup" if is_hung_up else ends[-1],
        tuple(prompt for prompt in said if prompt not in ENGINES_OWN),
    )


@pytest.mark.parametrize("one", list(played()), ids=lambda one: one.test.name)
async def test_engine_does_what_the_simulator_says(one: Played) -> None:
    rules, test = one.rules, one.test
    simulated = run_test(rules, test)

    async with Switchboard(rules, prompts(spoken_prompts(rules))).running() as switchboard:
        ends, said = await plays(switchboard, rules, test)

    assert simulated.mismatches == ()
    assert (ends, said) == (simulated.walked.ends, simulated.walked.said)
