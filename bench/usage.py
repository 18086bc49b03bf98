"""What processes use, from /proc: processor seconds, resident memory; and what everything else on the machine does."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psutil

from bench.side import Side

_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024


def processor_seconds(pid: int) -> float:
    """User and system time of the process, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_bytes(pid: int) -> int:
    """The process's memory that is in RAM, shared pages included."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * _KIB for line in lines if line.startswith("VmRSS"))


def machine_busy_seconds() -> float:
    """Processor time that was not idle, of all processors, since the machine started."""
    fields = [int(part) for part in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / _TICKS


def own_seconds() -> float:
    """Processor time of this process and all that it started, ended or not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    me = psutil.Process()
    for process in (me, *me.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


@dataclass(frozen=True, slots=True)
class Usage:
    """At one moment: processor seconds since each process's start, and the clock."""

    at: float
    asterisk: float
    server: float
    machine: float
    own: float

    @classmethod
    def now(cls, side: Side) -> Usage:
        server = processor_seconds(side.server_pid) if side.server_pid else 0.0
        asterisk = processor_seconds(side.asterisk_pid)
        return cls(monotonic(), asterisk, server, machine_busy_seconds(), own_seconds())


@dataclass(slots=True)
class Memory:
    """Resident bytes: at rest, and the most that were seen."""

    server_rest: int = 0
    server_most: int = 0
    asterisk_rest: int = 0
    asterisk_most: int = 0


@asynccontextmanager
async def watched_memory(side: Side) -> AsyncIterator[Memory]:
    """Look twice a second while the body runs."""
    rest = resident_bytes(side.server_pid) if side.server_pid else 0
    memory = Memory(rest, rest, *[resident_bytes(side.asterisk_pid)] * 2)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch(side, memory), name="memory")
        yield memory
        watching.cancel()


async def _watch(side: Side, memory: Memory) -> None:
    while True:
        memory.asterisk_most = max(memory.asterisk_most, resident_bytes(side.asterisk_pid))
        if side.server_pid:
            memory.server_most = max(memory.server_most, resident_bytes(side.server_pid))
        await asyncio.sleep(0.5)


async def others_cores(seconds: float) -> float:
    """How many processors everything but us keeps busy, over the next `seconds`."""
    machine, own, began = machine_busy_seconds(), own_seconds(), monotonic()
    await asyncio.sleep(seconds)
    used = machine_busy_seconds() - machine - (own_seconds() - own)
    return max(used / (monotonic() - began), 0.0)
