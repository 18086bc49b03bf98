"""A few of the tests beside the shipped rules as real calls: SIPp dials, Asterisk answers, and the simulator agrees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.proving.reading import read_tests
from ivr.proving.rule_tests import RuleTest
from ivr.proving.running import run_test
from ivr.records.events import Routed, Said
from ivr.rules.load import load_rules
from ivr.sipp import (
    AgentScript,
    Behaviour,
    CallerScript,
    Credentials,
    Pause,
    Press,
    PutDown,
    Sipp,
)
from ivr.sipp.script import ScriptStep
from ivr.store.open import open_store
from tests.acceptance.serving import Server, serving
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.long]

ROOT = Path(__file__).parents[2]
RULES_TEXT = (ROOT / "routing_rules.yaml").read_text("utf-8")
RULES, _ = load_rules(RULES_TEXT.encode(), "routing_rules.yaml")

PLAYED = (
    "Bergen customer service became national on 1 March 2025",
    "the drivers of Bergen stay in Bergen",
    "a caller who chooses English is spoken to in English",
    "customer service is closed at eight",
    "nobody at work in Bergen",
)
TEST_TIME: Mapping[str, str] = {"IVR_TEST__CALL_TIME_HEADER": "true"}
ENGINES_OWN = {"beep", "message_saved"}

SIGNED_IN_SECONDS = 30.0


def sample() -> list[RuleTest]:
    tests, faults = read_tests(
        (ROOT / "routing_tests.yaml").read_bytes(), str(ROOT / "routing_tests.yaml")
    )
    assert tests is not None
    assert faults == ()
    by_name = {test.name: test for test in tests.tests}
    return [by_name[name] for name in PLAYED]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, RULES_TEXT, ROOT / "prompts", TEST_TIME) as server:
        yield server


@pytest.fixture
def sipp(sipp_argv: tuple[str, ...], tmp_path: Path) -> Sipp:
    return Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)


def steps(test: RuleTest) -> tuple[ScriptStep, ...]:
    """A key three seconds into each menu, then long enough for whatever is said; barge-in makes it quick."""
    pressed = [step for key in test.call.press for step in (Pause(3), Press(key))]
    return (*pressed, Pause(12), PutDown())


async def sign_in(test: RuleTest, server: Server, sipp: Sipp, phones: AsyncExitStack) -> None:
    """All agents but those of the queues that are to be empty; their phones only ring."""
    empty = {name for name, agents in test.given.agents.items() if agents == 0}
    names = [agent.name for agent in RULES.agents.values() if not empty & set(agent.queues)]
    silent = AgentScript(behaviour=Behaviour.NEVER_ANSWERS)
    for name in names:
        password = keep_passwords(server.home, [name]).phones[name]
        account = Credentials(name, password, server.sip)
        await phones.enter_async_context(sipp.agent(silent, account=account))
    ends_at = monotonic() + SIGNED_IN_SECONDS
    while monotonic() < ends_at:
        agents = (await server.health())["agents"]
        if all(agents[name]["state"] == "available" for name in names):
            return
        await asyncio.sleep(0.05)


def journal_of(server: Server, call_id: str) -> tuple[str, tuple[str, ...]]:
    """Where the call ended and what it said."""
    with open_store(server.home).reading() as stored:
        events = [entry.event for entry in stored.calls.events(call_id)]
    routed = [event.to for event in events if isinstance(event, Routed)]
    said = [prompt for event in events if isinstance(event, Said) for prompt in event.prompts]
    places = [to for to in routed if to != "hangup"] or ["hangup"]
    is_hung_up = routed[-1] == "hangup" and not places[-1].startswith("voicemail")
    heard = tuple(prompt for prompt in said if prompt not in ENGINES_OWN)
    return ("hangup" if is_hung_up else places[-1]), heard


@pytest.mark.parametrize("test", sample(), ids=lambda test: test.name)
async def test_asterisk_does_what_the_simulator_says(
    test: RuleTest, server: Server, sipp: Sipp
) -> None:
    simulated = run_test(RULES, test)
    assert test.call.dialled is not None
    at = test.call.at.isoformat(timespec="minutes")
    caller = CallerScript(
        test.call.dialled.digits, "+4790000001", steps(test), headers={"X-Sim-Now": at}
    )

    async with AsyncExitStack() as phones:
        await sign_in(test, server, sipp, phones)
        report = await sipp.call(caller, server.sip, within_seconds=60)

    (record,) = await server.records(1)
    assert report.failures == ()
    assert journal_of(server, record.call_id) == (simulated.walked.ends, simulated.walked.said)
