"""What a server remembers of talks whose server was killed in them: real callers on a real Asterisk."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.records.events import Connected
from ivr.sipp import AgentScript, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import Server, addresses, started, tone_prompts
from tests.acceptance.test_server_killed import killed, written
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
