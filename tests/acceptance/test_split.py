"""A queue that is split between sites, on a real Asterisk: the shares are exact across a server that is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from ivr.records.events import GivenToSite
from ivr.records.record import CallRecord
from ivr.sipp import AgentScript, CallerScript, Pause, PutDown, Sipp
from tests.acceptance.serving import Server, addresses, ivr, started, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

AGREED = {"oslo": 5, "bergen": 3, "partner": 2}
RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: queue national}}
sites: {{oslo: {{name: Oslo}}, bergen: {{name: Bergen}}, partner: {{name: Partner}}}}
queues:
  national:
    answer: 80% within 20s
    split: {{oslo: 50%, bergen: 30%, partner: 20%}}
    while_waiting: [{{after: 5m, to: hangup}}]
agents:
  kari: {{name: Kari, phone: '{kari}', site: oslo, queues: [national]}}
  ola: {{name: Ola, phone: '{ola}', site: bergen, queues: [national]}}
  tommy: {{name: Tommy, phone: '{tommy}', site: partner, queues: [national]}}
"""
SITE_OF = {"kari": "oslo", "ola": "bergen", "tommy": "partner"}
CALLER = CallerScript("+4721000000", "+4790000001", (Pause(0.6), PutDown()))


async def shares(server: Server, *, answered: int) -> dict[str, int]:
    """What each site had, once so many calls have been answered and are over."""
    records: tuple[CallRecord, ...] = await server.records(answered)
    assert {record.disposition for record in records} == {"answered"}
    had = Counter(SITE_OF[str(visit.agent)] for record in records for visit in record.visits)
    given: Counter[str] = Counter()
    for record in records:
        events = await server.events(record.call_id)
        given.update(one.site for one in events if isinstance(one, GivenToSite))
    assert given == had
    now = await server.health()
    assert now["status"] == "ok", now
    return dict(had)


async def test_shares_are_exact_across_a_server_that_is_killed(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    played = Sipp(sipp_argv, tmp_path / "phones", sip_ports=SIP, media_ports=MEDIA)

    with addresses() as at:
        async with played.agent(AgentScript(answers_after=0.05)) as phone:
            rules = RULES.format(**{name: phone.uri(name) for name in SITE_OF})
            async with started(tmp_path, rules, prompts, at) as first:
                for _ in range(4):
                    await played.call(CALLER, first.sip)
                had = await shares(first, answered=4)
                assert all(abs(had.get(site, 0) - 0.4 * due) < 1 for site, due in AGREED.items())
                os.kill(first.pid, signal.SIGKILL)
                await first.program.wait()

                async with started(tmp_path, rules, prompts, at) as second:
                    async with asyncio.timeout(30):
                        for _ in range(6):
                            await played.call(CALLER, second.sip)
                    assert await shares(second, answered=10) == AGREED
                    told = await ivr("kpi", "--home", second.home, "--json")
                    by_site = {one["site"]: one for one in json.loads(told.out)["shares"]}
                    assert {name: one["given"] for name, one in by_site.items()} == AGREED
                    assert {one["difference"] for one in by_site.values()} == {0.0}
