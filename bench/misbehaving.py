"""Load with agents who misbehave: a third of them refuse, do not answer, answer and hang up, or vanish.

Every call must end in exactly one outcome, no agent may be stuck, and nothing may be left in Asterisk. At full size:
`python -m bench.misbehaving` (60 agents, 5 calls a second into three queues, 60 s).
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import click

from bench.run import AGENTS_RTP, AGENTS_SIP, CALLERS_RTP, CALLERS_SIP, RTP_FIRST, RTP_LAST, SIP
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_sipp
from ivr.asterisk.ports import free_port
from ivr.records.record import CallRecord
from ivr.sipp import (
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    LoadReport,
    Pause,
    PortRange,
    PutDown,
    Sipp,
)
from tests.acceptance.serving import Addresses, Server, started, tone_prompts

QUEUES: Mapping[str, str] = {
    "+4721000001": "sales",
    "+4721000002": "support",
    "+4721000003": "billing",
}
"""What is dialled, and the queue that it leads to. Callers of the last one give up soon."""

TALK_SECONDS, LONG_SECONDS = 2.0, 600.0
PATIENCE = (Pause(0.4), PutDown())
KINDS: Mapping[str, AgentScript] = {
    "good": AgentScript(answers_after=0.3, hangs_up_after=TALK_SECONDS),
    "declines": AgentScript(behaviour=Behaviour.DECLINES),
    "silent": AgentScript(behaviour=Behaviour.NEVER_ANSWERS),
    "hasty": AgentScript(answers_after=0.5, hangs_up_after=0.1),
    "vanishes": AgentScript(answers_after=0.3, hangs_up_after=TALK_SECONDS),
}
RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
{numbers}
queues:
{queues}
agents:
{agents}
"""
_QUEUE = "{{answer: 80% within 20s, ring_time: 3s, while_waiting: [{{after: 90s, to: hangup}}]}}"
SETTLE_SECONDS = 45.0
"""How long after the last call a phone that is gone may be waited for."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much load, and how many agents take it. `in_talks`: phones vanish in the middle of talks, too.

    Asterisk asks every two minutes whether a phone is still there: callers of those wait that long.
    """

    agents: int
    rate: float
    seconds: float
    in_talks: bool = False

    @property
    def calls(self) -> int:
        """Calls to each queue."""
        return round(self.rate * self.seconds / len(QUEUES))


@dataclass(frozen=True, slots=True)
class Ports:
    """What is played where."""

    callers: tuple[PortRange, PortRange]
    agents: tuple[PortRange, PortRange]


@dataclass(slots=True)
class Found:
    """What came of it: faults in words, none where all is well."""

    outcomes: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    settled_seconds: float = 0.0


def kinds_of(agents: int) -> dict[str, str]:
    """Which agent does what: two thirds behave, the others misbehave in turn."""
    bad = [kind for kind in KINDS if kind != "good"]
    return {
        f"a{number}": bad[number // 3 % len(bad)] if number % 3 == 0 else "good"
        for number in range(1, agents + 1)
    }


def rules_text(uris: Mapping[str, str]) -> str:
    """The rules: three numbers, three queues, and agents who serve two of them each."""
    names = [*QUEUES.values()]
    people = (
        f"  {agent}: {{name: {agent}, phone: '{uri}', queues: [{names[turn % 3]}, {names[(turn + 1) % 3]}]}}"
        for turn, (agent, uri) in enumerate(uris.items())
    )
    return RULES.format(
        numbers="\n".join(
            f"  '{number}': {{to: queue {queue}}}" for number, queue in QUEUES.items()
        ),
        queues="\n".join(f"  {queue}: {_QUEUE.format()}" for queue in names),
        agents="\n".join(people),
    )


@asynccontextmanager
async def phones_of(
    phones: Sipp, kinds: Mapping[str, str], gone: asyncio.Event, *, in_talks: bool
) -> AsyncIterator[dict[str, str]]:
    """The agents' phones, a process for each kind; those that vanish do so when `gone` is set."""
    async with asyncio.TaskGroup() as group:
        ports: dict[str, asyncio.Future[str]] = {
            kind: asyncio.get_running_loop().create_future() for kind in KINDS
        }
        over = asyncio.Event()

        async def stand(kind: str) -> None:
            longer = in_talks and kind == "vanishes"
            script = replace(KINDS[kind], hangs_up_after=LONG_SECONDS) if longer else KINDS[kind]
            async with phones.agent(script) as phone:
                ports[kind].set_result(phone.uri("NAME"))
                await (gone if kind == "vanishes" else over).wait()

        for kind in KINDS:
            group.create_task(stand(kind), name=f"phones/{kind}")
        uris = {kind: await port for kind, port in ports.items()}
        try:
            yield {agent: uris[kind].replace("NAME", agent) for agent, kind in kinds.items()}
        finally:
            gone.set()
            over.set()


async def misbehave(
    sipp: Sequence[str], folder: Path, size: Size, at: Addresses, ports: Ports
) -> Found:
    """Serve, load, and look at what is left."""
    callers = Sipp(
        sipp, folder / "callers", sip_ports=ports.callers[0], media_ports=ports.callers[1]
    )
    phones = Sipp(sipp, folder / "agents", sip_ports=ports.agents[0], media_ports=ports.agents[1])
    prompts, gone, found = tone_prompts(folder / "prompts"), asyncio.Event(), Found()
    async with phones_of(phones, kinds_of(size.agents), gone, in_talks=size.in_talks) as uris:
        rules = rules_text(uris)
        async with started(folder, rules, prompts, at) as server:
            reports = await _load(callers, server, size, gone)
            began = monotonic()
            health = await _settled(server)
            found.settled_seconds = monotonic() - began
            await _look(server, health, size, reports, found)
    return found


async def _load(callers: Sipp, server: Server, size: Size, gone: asyncio.Event) -> list[LoadReport]:
    async with asyncio.TaskGroup() as group:
        loads = []
        for dialled, queue in QUEUES.items():
            steps = PATIENCE if queue == "billing" else (AwaitHangUp(),)
            script = CallerScript(dialled, "+4790000001", steps)
            load = callers.load(
                script,
                server.sip,
                calls=size.calls,
                rate_per_second=size.rate / len(QUEUES),
                within_seconds=size.seconds + (LONG_SECONDS / 2 if size.in_talks else 60.0),
            )
            loads.append(group.create_task(load, name=f"load/{queue}"))
        await asyncio.wait(loads, timeout=size.seconds / 2)
        gone.set()
    return [load.result() for load in loads]


async def _settled(server: Server) -> Mapping[str, Any]:
    """What `/health` says once nothing is left, or there was time enough for it."""
    ends_at = monotonic() + SETTLE_SECONDS
    while True:
        health = await server.health()
        busy = [one for one in health["agents"].values() if one["state"] in {"offered", "talking"}]
        left = health["calls"], len(await server.ari("channels")), len(await server.ari("bridges"))
        if (left == (0, 0, 0) and not busy) or monotonic() > ends_at:
            return health
        await asyncio.sleep(0.25)


async def _look(
    server: Server,
    health: Mapping[str, Any],
    size: Size,
    reports: Sequence[LoadReport],
    found: Found,
) -> None:
    calls = size.calls * len(QUEUES)
    placed = [call_id for report in reports for call_id in report.call_ids]
    records: tuple[CallRecord, ...] = await server.records(calls)
    found.states.update(one["state"] for one in health["agents"].values())
    found.outcomes.update(visit.outcome or "none" for one in records for visit in one.visits)
    for noun in ("channels", "bridges"):
        if left := await server.ari(noun):
            found.faults.append(f"{len(left)} {noun} are left in Asterisk")
    if health["calls"]:
        found.faults.append(f"{health['calls']} calls are under way still")
    for state in ("offered", "talking"):
        if found.states[state]:
            found.faults.append(f"{found.states[state]} agents are stuck: {state}")
    for report in reports:
        found.faults += [f"SIPp: {one}" for one in report.failures[:5]]
    known = Counter(one.sip_call_id for one in records)
    if known != Counter(placed) or len(placed) != calls:
        found.faults.append(
            f"{calls} calls were to be placed, {len(placed)} went as scripted, {len(records)} are recorded, "
            f"{len(known.keys() - set(placed))} of them of no caller"
        )
    for one in records:
        ended = [visit.outcome for visit in one.visits if visit.outcome is not None]
        if one.ended_at is None or one.disposition is None or len(ended) != len(one.visits):
            found.faults.append(f"{one.call_id} ended as {one.disposition}, its waits as {ended}")


@click.command()
@click.option("--agents", default=60, show_default=True)
@click.option("--rate", default=5.0, show_default=True, help="New calls a second.")
@click.option("--seconds", default=60.0, show_default=True, help="How long calls are placed.")
@click.option(
    "--in-talks", is_flag=True, help="Phones vanish in the middle of talks, too: 3 minutes more."
)
def main(agents: int, rate: float, seconds: float, *, in_talks: bool) -> None:
    """Play it at full size; exit 1 where something is wrong."""
    ports = Ports((CALLERS_SIP, CALLERS_RTP), (AGENTS_SIP, AGENTS_RTP))
    with tempfile.TemporaryDirectory(prefix="ivr-bench-") as folder, SIP.lend() as port:
        at = Addresses(f"127.0.0.1:{port}", f"{RTP_FIRST}-{RTP_LAST}", f"127.0.0.1:{free_port()}")
        sipp = find_sipp(cache_folder(), click.echo)
        found = asyncio.run(
            misbehave(sipp, Path(folder), Size(agents, rate, seconds, in_talks), at, ports)
        )
    click.echo(f"outcomes: {dict(found.outcomes)}")
    click.echo(
        f"agents: {dict(found.states)}; all was free {found.settled_seconds:.1f} s after the last call"
    )
    for fault in found.faults:
        click.echo(fault)
    if found.faults:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
