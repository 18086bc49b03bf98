"""`python -m bench.soak`: a load that lasts, with PostgreSQL gone in the middle of it. What was lost, and what grew?

Calls as in the bench. PostgreSQL is stopped after a third and started after two thirds. When it has everything again,
each event of the journal is looked for there.
"""

from __future__ import annotations

import asyncio
import math
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic

import aiohttp
import click

from bench import conditions, on_uvloop
from bench.ours import SETTINGS, serving_side
from bench.run import Bench, Measured, Task, wait_for_quiet
from bench.side import Room, Side
from bench.usage import resident_bytes
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_sipp
from ivr.errors import DemoFailed
from tests.acceptance.serving import Server
from tests.postgres import PASSWORD, PostgresCluster, database_of, postgres_cluster

LOOK_SECONDS = 5.0
CATCH_UP_SECONDS = 300.0
MIB = 2**20
P99 = re.compile(r"^sentralbord_journal_commit_p99_seconds (\S+)$", re.MULTILINE)
LEVEL_MIB = 24
"""More growth than this from the first quarter to the last is no level."""

LEVEL_FILES = 8


@dataclass(frozen=True, slots=True)
class Look:
    """The server at one moment."""

    memory_mib: float
    files: int


@dataclass(slots=True)
class Soaked:
    """What was seen while the load lasted, and afterwards."""

    looks: list[Look] = field(default_factory=list)
    commit_p99: float = math.nan
    bare_commit_p99: float = math.nan
    caught_up_seconds: float = math.nan
    events: int = 0
    missing: int = 0
    doubled: int = 0
    open_calls: int = 0


def verdicts(measured: Measured, soaked: Soaked) -> dict[str, bool]:
    """Each thing that must hold, and whether it did."""
    first, last = _quarters(soaked.looks)
    return {
        f"{measured.calls} calls, {measured.failed} failed": measured.failed == 0,
        f"{soaked.events} events, {soaked.missing} missing on PostgreSQL": soaked.missing == 0,
        f"{soaked.doubled} doubled": soaked.doubled == 0,
        f"{soaked.open_calls} calls without an end": soaked.open_calls == 0,
        f"journal commit p99 {1000 * soaked.commit_p99:.1f} ms (< 5 ms; SQLite alone, in a process of its own on "
        f"the same disk meanwhile: {1000 * soaked.bare_commit_p99:.1f})": soaked.commit_p99 < 0.005,
        f"memory {first.memory_mib:.0f} → {last.memory_mib:.0f} MiB": (
            last.memory_mib - first.memory_mib < LEVEL_MIB
        ),
        f"open files {first.files} → {last.files}": last.files - first.files < LEVEL_FILES,
    }


def _quarters(looks: Sequence[Look]) -> tuple[Look, Look]:
    """Medians of the first and the last quarter."""
    size = max(len(looks) // 4, 1)
    return _median(looks[:size]), _median(looks[-size:])


def _median(looks: Sequence[Look]) -> Look:
    return Look(
        median(look.memory_mib for look in looks), round(median(look.files for look in looks))
    )


class Soak:
    """The server under load, and PostgreSQL beside it."""

    def __init__(self, postgres: PostgresCluster, seconds: float) -> None:
        self._postgres = postgres
        self._seconds = seconds
        self._url = postgres.new_database()
        self._server: Server | None = None
        self.soaked = Soaked()

    @asynccontextmanager
    async def side(self, room: Room) -> AsyncIterator[Side]:
        """Ours, with the store on PostgreSQL."""
        settings = {
            **SETTINGS,
            "IVR_STORE__URL": self._url,
            "IVR_STORE_PASSWORD": PASSWORD,
        }
        async with serving_side(room, settings) as (side, server):
            self._server = server
            yield side

    @asynccontextmanager
    async def during(self, _side: Side) -> AsyncIterator[None]:
        """While the calls are placed: look, and take PostgreSQL away for the middle third; then compare."""
        async with self._bare_commits(), asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._look()), group.create_task(self._without_postgres())]
            yield
            for task in tasks:
                task.cancel()
        self.soaked.commit_p99 = await self._commit_p99()
        await self._compare()

    @asynccontextmanager
    async def _bare_commits(self) -> AsyncIterator[None]:
        """What SQLite alone takes here, in the same minutes."""
        file = self._here().home.parent / "bare.sqlite"
        committing = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.bare_commits", file), stdout=asyncio.subprocess.PIPE
        )
        try:
            yield
        finally:
            committing.terminate()
            told, _ = await committing.communicate()
        self.soaked.bare_commit_p99 = float(told)

    async def _look(self) -> None:
        while True:
            server = self._here()
            self.soaked.looks.append(
                Look(resident_bytes(server.pid) / MIB, await asyncio.to_thread(server.open_files))
            )
            await asyncio.sleep(LOOK_SECONDS)

    async def _without_postgres(self) -> None:
        await asyncio.sleep(self._seconds / 3)
        await asyncio.to_thread(self._postgres.stop)
        click.echo("PostgreSQL is stopped")
        await asyncio.sleep(self._seconds / 3)
        await asyncio.to_thread(self._postgres.start)
        click.echo("PostgreSQL is started")

    async def _compare(self) -> None:
        began = monotonic()
        here = await self._kept()
        while (there := await asyncio.to_thread(self._sent)) != here:
            if monotonic() - began > CATCH_UP_SECONDS:
                break
            await asyncio.sleep(0.5)
            here = await self._kept()
        self.soaked.caught_up_seconds = monotonic() - began
        self.soaked.events = len(here)
        self.soaked.missing = len(set(here) - set(there))
        self.soaked.doubled = len(there) - len(set(there))
        self.soaked.open_calls = int((await self._here().health())["calls"])

    async def _kept(self) -> list[tuple[object, ...]]:
        def read() -> list[tuple[object, ...]]:
            file = f"file:{self._here().home / 'journal.sqlite'}?mode=ro"
            with closing(sqlite3.connect(file, uri=True)) as journal:
                return sorted(journal.execute("SELECT call_id, seq FROM call_event"))

        return await asyncio.to_thread(read)

    def _sent(self) -> list[tuple[object, ...]]:
        query = 'SELECT call_id, seq FROM call_event ORDER BY call_id COLLATE "C", seq'
        return self._postgres.rows(query, database_of(self._url))

    async def _commit_p99(self) -> float:
        address = self._here().health_url.removesuffix("/health") + "/metrics"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            found = P99.search(await answer.text())
        return float(found[1]) if found else math.nan

    def _here(self) -> Server:
        if self._server is None:
            raise DemoFailed("the soak looks at a server that was not started", self._url)
        return self._server


@click.command()
@click.option("--rate", default=20.0, show_default=True, help="New calls a second.")
@click.option("--seconds", default=600.0, show_default=True, help="How long calls are placed.")
@click.option("--patience", default=60.0, show_default=True, help="Seconds to wait for quiet.")
def main(rate: float, seconds: float, patience: float) -> None:
    """Soak the server, with PostgreSQL stopped for the middle third; exit 1 where something does not hold."""
    click.echo(conditions.text(conditions.look(cache_folder())))
    with TemporaryDirectory(prefix="ivr-soak-") as folder, postgres_cluster() as postgres:
        soak = Soak(postgres, seconds)
        bench = Bench(Path(folder), find_sipp(cache_folder(), click.echo))
        measured = on_uvloop.run(_run(bench, soak, Task(rate, seconds, probes=1.0), patience))
    click.echo(f"PostgreSQL had everything {soak.soaked.caught_up_seconds:.1f} s after the load")
    for fault in measured.faults:
        click.echo(f"    {fault}")
    told = verdicts(measured, soak.soaked)
    for says, holds in told.items():
        click.echo(f"{'✓' if holds else '✗'} {says}")
    raise SystemExit(0 if all(told.values()) else 1)


async def _run(bench: Bench, soak: Soak, task: Task, patience: float) -> Measured:
    await wait_for_quiet(patience)
    return await bench.run(soak.side, task, soak.during)


if __name__ == "__main__":
    main()
