"""What a server remembers of talks whose server was killed in them: real callers on a real Asterisk."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.records.events import Connected, PhoneNotTaken, PhoneTaken
from ivr.sipp import AgentScript, Sipp
from tests.acceptance import probe
from tests.acceptance.carrier import carrier
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import Server, addresses, started, tone_prompts
from tests.acceptance.test_server_killed import killed, written
from tests.acceptance.test_sites import speaks
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

KNOWN, OTHER, THIRD = "+4790000001", "+4790000002", "+4790000003"
RULES = """\
version: 1
languages: [nb]
numbers:
  100: {{to: queue known}}
  200: {{to: queue fair}}
  300: {{to: queue late}}
  anything else: {{to: hangup}}
queues:
  known: {{answer: 80% within 20s, last_agent: within 7d, while_waiting: [{{after: 5m, to: hangup}}]}}
  fair: {{answer: 80% within 20s, ring: fewest calls, while_waiting: [{{after: 5m, to: hangup}}]}}
  late: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
agents:
  kari: {{phone: '{kari}', queues: [known, fair]}}
  ola: {{phone: '{ola}', queues: [late, fair]}}
  lise: {{phone: '{lise}', queues: [known]}}
"""


async def talks_with(server: Server, agent: str) -> None:
    await server.becomes(lambda now: now["agents"][agent]["state"] == "talking")


async def agent_of(server: Server, dialled: str, number: str) -> str | None:
    """Who takes this call, in which they talk for a moment."""
    async with probe.call(server.sip, dialled, number) as caller:
        await server.becomes(
            lambda now: any(one["state"] == "talking" for one in now["agents"].values())
        )
        await asyncio.sleep(0.5)
    return (await server.record(caller.call_id)).agent


@pytest.mark.fault("F-05")
async def test_a_talk_whose_server_was_killed_in_it_is_remembered_by_the_next(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)
    with addresses() as at:
        async with phones.agent(AgentScript(answers_after=0.1)) as phone, AsyncExitStack() as call:
            rules = RULES.format(**{name: phone.uri(name) for name in ("kari", "ola", "lise")})
            async with started(tmp_path, rules, prompts, at) as first:
                assert await agent_of(first, "300", OTHER) == "ola"
                await call.enter_async_context(probe.call(first.sip, "100", KNOWN))
                await talks_with(first, "kari")
                await written(first, KNOWN, Connected)
                await killed(first)

            async with started(tmp_path, rules, prompts, at) as second:
                await talks_with(second, "kari")
                await asyncio.sleep(4.5)
                await call.aclose()
                await second.becomes(lambda now: now["calls"] == 0)

                # Ola, with as many talks today, has been free for longer.
                assert await agent_of(second, "200", THIRD) == "ola"
                # Lise has been free for longer than Kari, whom the caller knows.
                assert await agent_of(second, "100", KNOWN) == "kari"


SETTINGS = """\
[outgoing]
minutes_each_day = 1

[[trunk]]
name = "telia"
addresses = ["127.0.0.86:{port}"]
first_answer_seconds = 2
ping_seconds = 0
"""
OUTSIDE = """\
version: 1
country: Norway
languages: [nb]
numbers: {anything else: {to: phone vakt}}
phones: {vakt: {phone: +47 90 00 00 01, no_answer: hangup}}
"""


@pytest.mark.fault("F-05")
@pytest.mark.thorough
async def test_minutes_outside_before_and_after_the_kill_are_those_of_one_talk(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, "127.0.0.86") as telia, asyncio.TaskGroup() as group:
            speaking = group.create_task(speaks(telia, probe.SPEECH), name="telia")
            (tmp_path / "ivr.toml").write_text(SETTINGS.format(port=telia.inbox.port))
            async with AsyncExitStack() as call:
                async with started(tmp_path, OUTSIDE, prompts, at) as first:
                    talk = probe.call(first.sip, "100", KNOWN)
                    caller = await call.enter_async_context(talk)
                    caller.sound = probe.SPEECH
                    await written(first, KNOWN, PhoneTaken)
                    await asyncio.sleep(35)
                    await killed(first)

                async with started(tmp_path, OUTSIDE, prompts, at) as second:
                    await asyncio.sleep(30)
                    assert not caller.has_ended
                    barred = await why_barred(second)
                    await call.aclose()

            speaking.cancel()

    assert barred == "each_day"


async def why_barred(server: Server) -> str | None:
    """Why the phone outside is not called now."""
    async with plain_phone(server.sip, "x") as caller:
        dialog, _ = await caller.call("100")
        caller.patience_seconds = 10
        caller.answer(await caller.receives("BYE"), "200 OK")
    record = await server.record(dialog.call_id)
    told = await server.events(record.call_id)
    return next((one.barred for one in told if isinstance(one, PhoneNotTaken)), None)
