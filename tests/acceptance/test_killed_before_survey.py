"""A caller whose talk outlived its server is asked how it was, by the next one: on a real Asterisk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.records.events import Connected, SurveyAsked, SurveyTry, TalkEnded
from tests.acceptance import probe
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.probe import offer
from tests.acceptance.serving import (
    Addresses,
    Server,
    addresses,
    started,
    tone_prompts,
    write_tone,
)
from tests.acceptance.test_server_killed import killed, written
from tests.acceptance.test_sites import speaks
from tests.faults.oracles import nothing_is_left, still_hears

pytestmark = pytest.mark.real

CALLER, KARI = "+4790000001", "127.0.0.85"
RATE_HZ, GOODBYE_HZ, MOMENT_HZ = 900.0, 1300.0, 1800.0
RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: queue vent}}
queues: {{vent: {{answer: 80% within 20s, survey: short, wrap_up: 0s, while_waiting: [{{after: 5m, to: hangup}}]}}}}
surveys: {{short: {{by: voice, say: rate, scale: 1-10, tries: 2, wait: 10s, not_again_within: 30d}}}}
agents: {{kari: {{phone: 'sip:kari@{kari}', queues: [vent]}}}}
"""


async def talks(server: Server, kari: Carrier, caller: probe.ProbeCall) -> None:
    """Both are heard, and it is on disk that they talk."""
    await kari.until(1, of=kari.invites)
    assert kari.media is not None
    caller.sound = probe.SPEECH
    kari.answer(kari.invites[-1], "200 OK", body=offer(kari.media.port, kari.host))
    await server.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
    await written(server, CALLER, Connected)


async def is_alone(server: Server) -> None:
    """The caller's is the only channel that Asterisk has."""
    async with asyncio.timeout(5):
        while len(await server.ari("channels")) > 1:  # noqa: ASYNC110 - another's state
            await asyncio.sleep(0.05)


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    prompts = tone_prompts(tmp_path / "prompts", rate=RATE_HZ)
    write_tone(prompts / "nb/goodbye.wav", GOODBYE_HZ, seconds=0.5)
    write_tone(prompts / "nb/one_moment.wav", MOMENT_HZ, seconds=0.5)
    return prompts


@pytest.fixture
async def kari() -> AsyncIterator[tuple[Addresses, Carrier]]:
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, KARI) as phone, asyncio.TaskGroup() as group:
            speaking = group.create_task(speaks(phone, probe.SPEECH), name="kari")
            yield at, phone
            speaking.cancel()


@pytest.mark.fault("F-05")
@pytest.mark.parametrize("agent_leaves", ["before the server", "without a server", "with the next"])
async def test_a_caller_is_asked_how_it_was_whenever_the_agent_leaves_a_talk_whose_server_is_killed(
    tmp_path: Path, prompts: Path, kari: tuple[Addresses, Carrier], agent_leaves: str
) -> None:
    at, phone = kari
    rules = RULES.format(kari=f"{phone.host}:{phone.inbox.port}")
    async with AsyncExitStack() as calls, started(tmp_path, rules, prompts, at) as first:
        caller = await calls.enter_async_context(probe.call(first.sip, "100", CALLER))
        await talks(first, phone, caller)
        if agent_leaves == "before the server":
            phone.hangs_up()
            await caller.hears(RATE_HZ)
            await written(first, CALLER, SurveyAsked)
        await killed(first)
        if agent_leaves == "without a server":
            phone.hangs_up()
            await is_alone(first)

        async with started(tmp_path, rules, prompts, at) as second, asyncio.timeout(20):
            if agent_leaves == "with the next":
                await second.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
                phone.hangs_up()
            if agent_leaves == "before the server":
                await caller.hears(MOMENT_HZ)  # what Asterisk played to its end was the first one's
            await still_hears(caller, RATE_HZ)
            await second.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
            await caller.key_to_tone("9", GOODBYE_HZ)
            record = await second.record(caller.call_id)
            events = await second.events(record.call_id)
            await nothing_is_left(second)

    (reply,) = record.surveys
    assert (reply.survey, reply.queue, reply.agent, reply.score) == ("short", "vent", "kari", 9)
    assert (record.disposition, record.agent, record.ended_by) == ("answered", "kari", "agent")
    told = [one for one in events if isinstance(one, TalkEnded | SurveyAsked | SurveyTry)]
    times_asked = 2 if agent_leaves == "before the server" else 1  # and it counts as once
    assert [type(one) for one in told] == [TalkEnded, *[SurveyAsked] * times_asked, SurveyTry]
    assert len(phone.invites) == 1
