"""Many calls at once: 300 at 10 new ones a second, each through menu, key, queue and talk; and nothing is left behind.

While they are up, a probe measures how soon after a key the next prompt begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import monotonic

import pytest

from ivr.records.record import CallRecord
from ivr.sipp import (
    AgentScript,
    CallerScript,
    LoadReport,
    Pause,
    Press,
    PutDown,
    Sipp,
)
from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.alone]

CALLS = 300
NEW_CALLS_PER_SECOND = 10
AGENTS = 48
FEWEST_PROBES = 20
BETWEEN_PROBES_SECONDS = 0.8
RTP_PORTS = 600
MENU_HZ, CHOSEN_HZ = 440, 1000
SLOWEST_MEDIAN_SECONDS = 0.100

SETTLE_SECONDS = 10.0
"""How long after the last hang-up everything may take to be free again."""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {{to: menu main}}
menus:
  main:
    say: menu
    keys:
      1: queue sales
      2: menu chosen
    wait: 6s
    tries: 3
    nothing_chosen: hangup
  chosen:
    say: chosen
    keys: {{1: hangup}}
    wait: 6s
    tries: 1
    nothing_chosen: hangup
queues:
  sales:
    answer: 80% within 20s
    ring: longest idle
    ring_time: 20s
    while_waiting: [{{after: 10m, to: hangup}}]
    nobody_logged_in: hangup
    wrap_up: 0s
agents:
{agents}
"""

CALLER = CallerScript("+4721000000", "+4790000001", (Pause(0.8), Press("1"), Pause(2.5), PutDown()))


@pytest.fixture
def played(sipp_argv: tuple[str, ...], tmp_path: Path) -> Callable[[str], Sipp]:
    """Phones of a kind."""

    def make(kind: str) -> Sipp:
        return Sipp(sipp_argv, tmp_path / kind, sip_ports=SIP, media_ports=MEDIA)

    return make


async def test_300_calls_all_reach_an_agent_and_leave_nothing_behind(
    played: Callable[[str], Sipp], tmp_path: Path
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", menu=MENU_HZ, chosen=CHOSEN_HZ)
    callers, phones = played("callers"), played("agents")

    async with phones.agent(AgentScript(answers_after=0.2)) as phone:
        names = [f"a{number}" for number in range(1, AGENTS + 1)]
        agents = "\n".join(
            f"  {name}: {{name: {name}, phone: '{phone.uri(name)}', queues: [sales]}}"
            for name in names
        )
        rules = RULES.format(agents=agents)
        async with serving(tmp_path, rules, prompts, rtp_ports=RTP_PORTS) as server:
            warm_up = await callers.call(CALLER, server.sip)
            assert warm_up.ok, warm_up.failures
            before = await _settled(server, is_so=_is_quiet)

            report, waits = await _load_with_probes(callers, server)

            assert (report.successful, report.failed, report.failures) == (CALLS, 0, ())
            assert await _settled(server, is_so=before.__eq__) == before
            records = await server.records(CALLS + 1 + len(waits))
            health = await server.health()

    _agree(records, {*report.call_ids, warm_up.call_id})
    assert (health["status"], health["problems"]) == ("ok", [])
    assert len(waits) >= FEWEST_PROBES
    assert median(waits) < SLOWEST_MEDIAN_SECONDS, sorted(waits)


async def _load_with_probes(callers: Sipp, server: Server) -> tuple[LoadReport, list[float]]:
    async with asyncio.TaskGroup() as group:
        loading = group.create_task(
            callers.load(CALLER, server.sip, calls=CALLS, rate_per_second=NEW_CALLS_PER_SECOND),
            name="load",
        )
        waits: list[float] = []
        while not loading.done():
            waits.append(await _key_to_next_prompt(server))
            await asyncio.wait((loading,), timeout=BETWEEN_PROBES_SECONDS)
    return loading.result(), waits


async def _key_to_next_prompt(server: Server) -> float:
    """Seconds from the end of a key in the menu to the next prompt's first packet."""
    async with probe.call(server.sip, "+4721000000", "+4790000002") as placed:
        async with asyncio.timeout(5):
            await placed.hears(MENU_HZ)
        return await placed.key_to_tone("2", CHOSEN_HZ)


async def _left_behind(server: Server) -> dict[str, int]:
    """What grows with every call that is not cleared away."""
    health = await server.health()
    return {
        "channels": len(await server.ari("channels")),
        "bridges": len(await server.ari("bridges")),
        "calls": health["calls"],
        "tasks": health["tasks"],
        "open files": server.open_files(),
    }


def _is_quiet(left: dict[str, int]) -> bool:
    return (left["channels"], left["bridges"], left["calls"]) == (0, 0, 0)


async def _settled(server: Server, is_so: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    """What is left behind once `is_so`, or when there has been time enough for it."""
    ends_at = monotonic() + SETTLE_SECONDS
    # Other processes' state: there is nothing to wait on but time.
    while not is_so(left := await _left_behind(server)) and monotonic() < ends_at:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return left


def _agree(records: Sequence[CallRecord], call_ids: set[str]) -> None:
    """One closed record for each call that SIPp placed, and it says that an agent answered."""
    placed = [record for record in records if record.caller == CALLER.caller_number]

    assert len(placed) == len(call_ids) == CALLS + 1
    assert {record.sip_call_id for record in placed} == call_ids
    assert {record.disposition for record in placed} == {"answered"}
    assert all(record.ended_at is not None for record in placed)
