"""Three ledgers of the same calls: our journal, Asterisk's of its channels, and SIPp's of its messages."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ivr.sipp import AgentScript, AwaitHangUp, CallerScript, Pause, PutDown, Sipp
from tests.acceptance.serving import BUILT_IN, Server, ivr, serving, write_tone
from tests.ports import MEDIA, SIP
from tests.sipp_ledger import FILE, TRACED, calls_in, oddities

pytestmark = pytest.mark.real

CALLS_OF_EACH = 5
COMPARED_SECONDS = 20.0
RULES = """\
version: 1
languages: [nb]
numbers: {{100: queue vent, 200: menu main, 300: queue alone}}
menus:
  main: {{say: menu, keys: {{1: queue vent}}, wait: 1s, tries: 1, nothing_chosen: hangup}}
queues:
  vent: {{answer: 80% within 20s, wrap_up: 0s, while_waiting: [{{after: 5m, to: hangup}}]}}
  alone: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
agents:
{agents}
  nobody: {{phone: nobody, queues: [alone]}}
"""
TALKS = CallerScript("100", "+4790000001", (Pause(1.5), PutDown()))
IS_HUNG_UP_ON = CallerScript("200", "+4790000002", (AwaitHangUp(),))
GIVES_UP = CallerScript("300", "+4790000003", (Pause(1.0), PutDown()))


def short_prompts(folder: Path) -> Path:
    for name in (*BUILT_IN, "menu"):
        write_tone(folder / "nb" / f"{name}.wav", 440, seconds=0.3)
    return folder


async def compared(server: Server, calls: int) -> tuple[int, list[object]]:
    """Exit code and oddities of `ivr records audit`, once so many calls are settled in both."""
    async with asyncio.timeout(COMPARED_SECONDS):
        while True:
            ran = await ivr("records", "audit", "--home", server.home, "--json")
            audit = json.loads(ran.out)["audit"]
            if audit["compared"] == calls:
                return ran.exit_code, audit["odd"]


async def test_journal_asterisk_and_sipp_tell_the_same_of_every_call(
    sipp_argv: tuple[str, ...], tmp_path: Path
) -> None:
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)
    scripts = [TALKS, IS_HUNG_UP_ON, GIVES_UP]
    async with phones.agent(AgentScript(answers_after=0.1)) as phone:
        names = [f"a{number}" for number in range(1, CALLS_OF_EACH + 1)]
        agents = "\n".join(
            f"  {name}: {{phone: '{phone.uri(name)}', queues: [vent]}}" for name in names
        )
        rules, prompts = RULES.format(agents=agents), short_prompts(tmp_path / "prompts")
        async with serving(tmp_path, rules, prompts) as server:
            callers = [
                Sipp(
                    (*sipp_argv, *TRACED), tmp_path / f"calls{n}", sip_ports=SIP, media_ports=MEDIA
                )
                for n in range(len(scripts))
            ]
            async with asyncio.TaskGroup() as group:
                for sipp, script in zip(callers, scripts, strict=True):
                    load = sipp.load(script, server.sip, calls=CALLS_OF_EACH, rate_per_second=4)
                    group.create_task(load)
            exit_code, odd = await compared(server, CALLS_OF_EACH * len(scripts))
            records = await server.records(CALLS_OF_EACH * len(scripts))

    messages = [
        line
        for n in range(len(scripts))
        for line in (tmp_path / f"calls{n}" / FILE).read_text().splitlines()
    ]
    ledger = calls_in(messages)
    assert len(ledger) == CALLS_OF_EACH * len(scripts)
    assert list(oddities(records, ledger)) == []
    assert (exit_code, odd) == (0, [])
