"""One run: a fresh side, a warm-up, so many calls, and what they cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import msgspec

from bench.agent import measured_phone
from bench.probing import Probed, Probes
from bench.scenario import (
    AGENT,
    CALL_SECONDS,
    CALLER,
    agent_names,
    measured_names,
    write_prompts,
)
from bench.side import Room, Side
from bench.usage import Memory, Usage, others_cores, watched_memory
from ivr.sipp import AgentPhone, LoadReport, PortRange, Sipp

Build: TypeAlias = Callable[[Room], AbstractAsyncContextManager[Side]]

SIP = PortRange(17_000, 17_099)
CALLERS_SIP, AGENTS_SIP = PortRange(17_100, 17_199), PortRange(17_200, 17_299)
RTP_FIRST, RTP_LAST = 26_000, 27_899
CALLERS_RTP, AGENTS_RTP = PortRange(27_900, 29_899), PortRange(29_900, 29_999)

WARM_UP_CALLS = 10
SETTLE_SECONDS = 1.5
WRITTEN_SECONDS = 5.0
QUIET_CORES = 0.15
_QUIET_LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Task:
    """How to run: `seconds` of new calls at `rate` a second, and so many probes a second beside them."""

    rate: float
    seconds: float
    probes: float

    @property
    def calls(self) -> int:
        return round(self.rate * self.seconds)


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one run. Times in seconds, memory in bytes; `others_cores` is what else the machine did."""

    side: str
    rate: float
    seconds: float
    calls: int
    failed: int
    faults: Sequence[str]
    asterisk_ms: float
    server_ms: float
    set_up: Sequence[float]
    key_to_sound: Sequence[float]
    answer_to_bridged: Sequence[float]
    at_once: float
    server_rest_bytes: int
    server_most_bytes: int
    asterisk_rest_bytes: int
    asterisk_most_bytes: int
    others_cores: float
    generator_cores: float


class Bench:
    """Runs one side after another. All that is written lies below `folder`, a folder of its own for each run."""

    def __init__(self, folder: Path, sipp_argv: Sequence[str]) -> None:
        self._folder = folder
        self._sipp_argv = tuple(sipp_argv)
        self._prompts = write_prompts(folder / "prompts")
        self._runs = 0

    async def run(
        self, build: Build, task: Task, during: Callable[[Side], AbstractAsyncContextManager[None]]
    ) -> Measured:
        """Start the side, measure, stop it. `during` is open while the calls that count are placed."""
        self._runs += 1
        folder = self._folder / f"{self._runs:02}"
        callers = Sipp(
            self._sipp_argv, folder / "callers", sip_ports=CALLERS_SIP, media_ports=CALLERS_RTP
        )
        phones = Sipp(
            self._sipp_argv, folder / "agents", sip_ports=AGENTS_SIP, media_ports=AGENTS_RTP
        )
        async with phones.agent(AGENT) as phone, measured_phone() as measured:
            names = agent_names(task.rate)
            agents = {
                "sales": {name: phone.uri(name) for name in names},
                "measured": measured.uris(measured_names()),
            }
            with SIP.lend() as port:
                room = Room(folder, self._prompts, agents, port, RTP_FIRST, RTP_LAST)
                async with build(room) as side:
                    probes = Probes(side.sip, measured)
                    await _warm_up(callers, probes, side)
                    async with during(side):
                        return await _measure(side, task, callers, phone, probes)


async def _warm_up(callers: Sipp, probes: Probes, side: Side) -> None:
    """The first calls load files, fill caches and learn the way."""
    async with asyncio.TaskGroup() as group:
        load = callers.load(CALLER, side.sip, calls=WARM_UP_CALLS, rate_per_second=5)
        group.create_task(load, name="warm-up")
        group.create_task(probes.keep_calling(1.5, 1), name="warm-up probes")
    await asyncio.sleep(SETTLE_SECONDS)


async def _measure(
    side: Side, task: Task, callers: Sipp, phone: AgentPhone, probes: Probes
) -> Measured:
    answered = len(await phone.answered_calls())
    before = Usage.now(side)
    async with watched_memory(side) as memory, asyncio.TaskGroup() as group:
        loading = group.create_task(
            callers.load(
                CALLER,
                side.sip,
                calls=task.calls,
                rate_per_second=task.rate,
                at_once=min(task.calls, round(task.rate * (CALL_SECONDS + 10))),
            ),
            name="load",
        )
        probing = group.create_task(probes.keep_calling(task.seconds, task.probes), name="probes")
    placed_for = monotonic() - before.at
    await asyncio.sleep(SETTLE_SECONDS)
    after = Usage.now(side)
    report, probed = loading.result(), probing.result()
    unanswered = await _unanswered(phone, answered + report.successful)
    return _measured(
        side, task, _Came(before, after, memory, report, probed, unanswered, placed_for)
    )


@dataclass(frozen=True, slots=True)
class _Came:
    before: Usage
    after: Usage
    memory: Memory
    report: LoadReport
    probed: Probed
    unanswered: int
    placed_for: float


def _measured(side: Side, task: Task, came: _Came) -> Measured:
    before, after, memory, probed = came.before, came.after, came.memory, came.probed
    calls = task.calls + probed.placed
    lost = task.calls - came.report.successful
    asterisk, server = after.asterisk - before.asterisk, after.server - before.server
    elapsed = after.at - before.at
    others = after.machine - before.machine - (after.own - before.own)
    return Measured(
        side=side.name,
        rate=task.rate,
        seconds=task.seconds,
        calls=calls,
        failed=lost + came.unanswered + probed.failed,
        faults=(*came.report.failures[:5], *probed.faults[:5]),
        asterisk_ms=1000 * asterisk / calls,
        server_ms=1000 * server / calls,
        set_up=probed.set_up,
        key_to_sound=probed.key_to_sound,
        answer_to_bridged=probed.answer_to_bridged,
        at_once=(task.calls * CALL_SECONDS + probed.placed * 2.0) / task.seconds,
        server_rest_bytes=memory.server_rest,
        server_most_bytes=memory.server_most,
        asterisk_rest_bytes=memory.asterisk_rest,
        asterisk_most_bytes=memory.asterisk_most,
        others_cores=max(others, 0.0) / elapsed,
        generator_cores=(after.own - before.own - asterisk - server) / elapsed,
    )


async def _unanswered(phone: AgentPhone, wanted: int) -> int:
    """Calls that went as scripted for SIPp, but that no agent answered. SIPp writes its log a little late."""
    ends_at = monotonic() + WRITTEN_SECONDS
    # Another process writes it: there is nothing to wait on but time.
    while (found := len(await phone.answered_calls())) < wanted and monotonic() < ends_at:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    return max(wanted - found, 0)


async def wait_for_quiet(seconds: float) -> float:
    """Wait until others use less than QUIET_CORES, at most so long; return what they use."""
    ends_at = monotonic() + seconds
    while (others := await others_cores(_QUIET_LOOK_SECONDS)) > QUIET_CORES:
        if monotonic() > ends_at:
            break
    return others
