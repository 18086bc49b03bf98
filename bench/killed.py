"""A server that is killed while many are on the line: `python -m bench.killed`, on a machine with little else to do.

So many callers choose in a menu, as many wait with music and as many talk; the server is killed with -9, and whoever
watches starts the next. Nobody may be lost, and nobody may hear more than a pause. With `--open` so many callers wait,
and one figure is taken: how long until the next server has taken up all of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import click
import psutil

from bench import conditions, on_uvloop
from bench.figures import percentile
from bench.ours import SETTINGS
from bench.run import AGENTS_RTP, AGENTS_SIP, RTP_FIRST, RTP_LAST, SIP
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_sipp
from ivr.asterisk.ports import free_port
from ivr.records.events import TakenUp
from ivr.server.whereabouts import find_server
from ivr.sipp import AgentScript, Sipp
from ivr.store.open import open_store
from tests.acceptance import probe
from tests.acceptance.serving import Addresses, Server, tone_prompts, write_tone
from tests.acceptance.tones import dominates, speech
from tests.acceptance.watching import next_server, watched

MENU_HZ, MOMENT_HZ, MUSIC_HZ = 440.0, 800.0, 1000.0
MOMENT_SECONDS = 0.5
PATIENCE_SECONDS = 30.0
WATCH_ENDS_SECONDS = 2.0
"""Asterisk's own watch over callers ends so long after the last of them at the latest (docs/adr/0051)."""

NO_GAP_PACKETS = 3_000
"""A number so far ahead is that of a packet that was late."""

KINDS = {"100": "in a menu", "300": "waiting", "200": "talking"}
RULES = """\
version: 1
languages: [nb]
numbers: {{100: menu main, 200: queue talk, 300: queue wait}}
menus:
  main: {{say: menu, keys: {{1: queue wait}}, wait: 60s, tries: 9, nothing_chosen: hangup}}
queues:
  talk: {{answer: 80% within 20s, while_waiting: [{{after: 60m, to: hangup}}]}}
  wait: {{answer: 80% within 20s, while_waiting: [{{after: 60m, to: hangup}}]}}
agents:
{agents}
  nobody: {{phone: nobody, queues: [wait]}}
"""


@dataclass(slots=True)
class Listener:
    """Hears one call all the time: the longest silence between two packets, what is missing, and when a tone came."""

    placed: probe.ProbeCall
    longest_seconds: float = 0.0
    missing: int = 0
    moment: asyncio.Future[float] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    async def listen(self) -> None:
        last, stream, number = time.perf_counter(), b"", 0
        listens_for_moment = self.placed.dialled == "100"
        while True:
            at, packet = await self.placed.media.packets.get()
            self.longest_seconds = max(self.longest_seconds, at - last)
            ahead = (int.from_bytes(packet[2:4], "big") - number) % 65536
            if packet[8:12] == stream and 1 < ahead < NO_GAP_PACKETS:
                self.missing += ahead - 1
            last, stream, number = at, packet[8:12], number + ahead
            if (
                listens_for_moment
                and not self.moment.done()
                and dominates(MOMENT_HZ, speech(packet))
            ):
                self.moment.set_result(at)

    def begin(self) -> None:
        """Count from here on."""
        self.longest_seconds, self.missing = 0.0, 0
        self.moment = asyncio.get_running_loop().create_future()


@dataclass(slots=True)
class Found:
    """What came of all kills: seconds, packets, and faults in words."""

    kills: int = 0
    start_to_sound: list[float] = field(default_factory=list)
    kill_to_sound: list[float] = field(default_factory=list)
    silence_in_talks: list[float] = field(default_factory=list)
    missing_in_talks: list[int] = field(default_factory=list)
    missing_in_music: list[int] = field(default_factory=list)
    records: int = 0
    right: int = 0
    faults: list[str] = field(default_factory=list)


def rules_text(uris: Sequence[str]) -> str:
    """The rules: a menu, a queue whose agents all talk, and one where nobody ever comes."""
    people = (f"  a{number}: {{phone: '{uri}', queues: [talk]}}" for number, uri in enumerate(uris))
    return RULES.format(agents="\n".join(people))


@asynccontextmanager
async def on_the_line(server: Server, each: int) -> AsyncIterator[list[Listener]]:
    """So many callers of each kind, all where they belong, until the scope is left, which hangs up."""
    async with AsyncExitStack() as calls, asyncio.TaskGroup() as group:
        heard, tasks = [], []
        for number in range(each):
            for kind, dialled in enumerate(KINDS):
                caller = f"+4790{kind}{number:05}"
                call = await calls.enter_async_context(probe.call(server.sip, dialled, caller))
                heard.append(listener := Listener(call))
                tasks.append(group.create_task(listener.listen(), name=f"listen/{caller}"))
        await all_are_there(server, each)
        yield heard
        for task in tasks:
            task.cancel()


async def all_are_there(server: Server, each: int) -> None:
    """Until everybody is where they belong. Raises AssertionError with what `/health` says."""
    await server.becomes(
        lambda now: (
            now["calls"] == 3 * each
            and now["queues"]["wait"]["waiting"] == each
            and sum(one["state"] == "talking" for one in now["agents"].values()) == each
        )
    )


async def followed(server: Server) -> tuple[float, float]:
    """Kill it; when that was, and when its follower's turn began (`time.perf_counter`)."""
    before = find_server(server.home).pid
    killed_at = time.perf_counter()
    os.kill(before, signal.SIGKILL)
    pid = await next_server(server, before)
    created_at = time.perf_counter() - (time.time() - psutil.Process(pid).create_time())
    # One that had loaded its program before (a spare) begins when it is its turn.
    return killed_at, max(created_at, killed_at)


async def kill(server: Server, heard: Sequence[Listener], found: Found) -> None:
    """One kill, and what each caller hears of it."""
    each = len(heard) // len(KINDS)
    for listener in heard:
        listener.begin()
    killed_at, began_at = await followed(server)
    choosers = [one for one in heard if one.placed.dialled == "100"]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            sounds = await asyncio.gather(*(one.moment for one in choosers))
        await all_are_there(server, each)
    except (TimeoutError, AssertionError) as error:
        found.faults.append(f"kill {found.kills + 1}: {type(error).__name__} {str(error)[:300]}")
        sounds = [one.moment.result() for one in choosers if one.moment.done()]
    found.kills += 1
    found.start_to_sound += [at - began_at for at in sounds]
    found.kill_to_sound += [at - killed_at for at in sounds]
    if lost := [one.placed.caller for one in heard if one.placed.has_ended]:
        found.faults.append(f"kill {found.kills}: {len(lost)} callers were hung up on")
    for one in heard:
        if one.placed.dialled == "200":
            found.silence_in_talks.append(one.longest_seconds)
            found.missing_in_talks.append(one.missing)
        elif one.placed.dialled == "300":
            found.missing_in_music.append(one.missing)


async def round_of(
    sipp: Sequence[str], folder: Path, each: int, pauses: Sequence[float], found: Found
) -> None:
    """Fresh callers, a kill after each pause (seconds from when all are served again), and their records."""
    prompts = write_sounds(folder / "prompts")
    phones = Sipp(sipp, folder / "agents", sip_ports=AGENTS_SIP, media_ports=AGENTS_RTP)
    async with phones.agent(AgentScript(answers_after=0.1)) as phone:
        rules = rules_text([phone.uri(f"a{number}") for number in range(each)])
        with SIP.lend() as port:
            at = Addresses(
                f"127.0.0.1:{port}", f"{RTP_FIRST}-{RTP_LAST}", f"127.0.0.1:{free_port()}"
            )
            async with watched(folder, rules, prompts, at, SETTINGS) as server:
                async with on_the_line(server, each) as heard:
                    for pause in pauses:
                        await asyncio.sleep(MOMENT_SECONDS + pause)
                        await kill(server, heard, found)
                await look_at_records(server, each, found)


async def look_at_records(server: Server, each: int, found: Found) -> None:
    """A record for each caller, with the right end, and nothing left."""
    await server.becomes(lambda now: bool(now["calls"] == 0))
    records = await server.records(3 * each)
    wanted = {"100": "menu_abandoned", "200": "answered", "300": "abandoned"}
    right = [
        one
        for one in records
        if one.ended_by == "caller" and str(one.disposition) == wanted.get(str(one.dialled))
    ]
    found.records += len(records)
    found.right += len(right)
    if len(right) != 3 * each:
        found.faults.append(f"{len(records)} records of {3 * each} callers, {len(right)} right")
    await asyncio.sleep(WATCH_ENDS_SECONDS)
    for noun in ("channels", "bridges"):
        if left := await server.ari(noun):
            found.faults.append(f"{len(left)} {noun} are left in Asterisk")
    health = await server.health()
    stuck = [
        name for name, one in health["agents"].items() if one["state"] in {"offered", "talking"}
    ]
    if stuck:
        found.faults.append(f"{len(stuck)} agents are stuck")


def write_sounds(folder: Path) -> Path:
    """Prompts and music as tones."""
    tone_prompts(folder, menu=MENU_HZ)
    write_tone(folder / "nb" / "one_moment.wav", MOMENT_HZ, seconds=MOMENT_SECONDS)
    write_tone(folder / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    return folder


@dataclass(frozen=True, slots=True)
class Recovery:
    """How many open calls were taken up, and when: seconds from the next server's start to the first and the last."""

    calls: int
    first_seconds: float
    last_seconds: float
    sound_seconds: float
    """Until all of them had heard something."""


async def recovery_of(folder: Path, count: int) -> Recovery:
    """So many callers in a menu, who send nothing and hear nothing any more, when the server is killed."""
    prompts = write_sounds(folder / "prompts")
    write_tone(prompts / "nb" / "menu.wav", MENU_HZ, seconds=MOMENT_SECONDS)
    with SIP.lend() as port:
        last = RTP_FIRST + 2 * count + 200
        at = Addresses(f"127.0.0.1:{port}", f"{RTP_FIRST}-{last}", f"127.0.0.1:{free_port()}")
        async with (
            watched(folder, rules_text([]), prompts, at, SETTINGS) as server,
            silent_callers(server, count) as media,
        ):
            await asyncio.sleep(3 * MOMENT_SECONDS)
            heard = [one.packets.qsize() for one in media]
            _, began_at = await followed(server)
            began = time.time() - (time.perf_counter() - began_at)
            async with asyncio.timeout(PATIENCE_SECONDS):
                # Sound comes over a thousand sockets: there is nothing to wait on but time.
                while any(  # noqa: ASYNC110
                    one.packets.qsize() == already
                    for one, already in zip(media, heard, strict=True)
                ):
                    await asyncio.sleep(0.02)
            sound = time.perf_counter() - began_at
            await server.becomes(lambda now: bool(now["calls"] == count))
            taken = await asyncio.to_thread(taken_up, server.home)
    return Recovery(len(taken), min(taken) - began, max(taken) - began, sound)


@asynccontextmanager
async def silent_callers(server: Server, count: int) -> AsyncIterator[list[probe.Inbox]]:
    """So many callers who send no sound, until the scope is left; where each hears."""
    async with asyncio.TaskGroup() as group:
        placed, tasks = [], []
        for number in range(count):
            signalling, media = await probe.Inbox.open(), await probe.Inbox.open()
            call = probe.ProbeCall(server.sip, "100", f"+479{number:07}", signalling, media)
            await call.dial({})
            tasks.append(group.create_task(call.attend(), name=f"attend/{number}"))
            placed.append(call)
        yield [call.media for call in placed]
        for task in tasks:
            task.cancel()
    for call in placed:
        await call.hang_up()
        call.signalling.transport.close()
        call.media.transport.close()


def taken_up(home: Path) -> list[float]:
    """When each open call was taken up (seconds since 1970)."""
    with open_store(home).reading() as stored:
        return [
            entry.at.timestamp()
            for call in stored.calls.open_calls()
            for entry in stored.calls.events(call.call_id)
            if isinstance(entry.event, TakenUp)
        ]


def told(found: Found) -> list[str]:
    """The figures as lines."""
    return [
        f"{found.kills} kills, {found.records} records, {found.right} of them right",
        f"start of the next server → sound in the menu: {_spread(found.start_to_sound)} (wanted: 5 s at the latest)",
        f"kill → sound in the menu: {_spread(found.kill_to_sound)}",
        f"talks: packets missing at most {max(found.missing_in_talks, default=0)}, longest wait for one "
        f"{_spread(found.silence_in_talks)} (wanted: no gap of 100 ms)",
        f"music: packets missing at most {max(found.missing_in_music, default=0)}",
    ]


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    return (
        f"median {1000 * percentile(seconds, 50):.0f} ms, most {1000 * max(seconds):.0f} ms"
        f" of {len(seconds)}"
    )


@click.command()
@click.option("--each", default=50, show_default=True, help="Callers of each kind.")
@click.option("--rounds", default=4, show_default=True, help="How often with fresh callers.")
@click.option("--kills", default=5, show_default=True, help="Kills in each round.")
@click.option(
    "--pause",
    nargs=2,
    default=(0.5, 25.0),
    show_default=True,
    help="Seconds between all being served again and the next kill: the least, the most.",
)
@click.option("--open", "count", default=0, help="Rather time the taking up of so many.")
@click.option("--seed", default=1, show_default=True, help="When the kills come.")
def main(
    each: int, rounds: int, kills: int, pause: tuple[float, float], count: int, seed: int
) -> None:
    """Kill it, and say what callers heard; exit 1 where somebody was lost or a record is wrong."""
    click.echo(conditions.text(conditions.look(cache_folder())))
    sipp = find_sipp(cache_folder(), click.echo)
    with tempfile.TemporaryDirectory(prefix="ivr-killed-") as folder:
        if count:
            took = on_uvloop.run(recovery_of(Path(folder), count))
            click.echo(
                f"{took.calls} of {count} taken up, the first {took.first_seconds:.2f} s and the last"
                f" {took.last_seconds:.2f} s after the start of the next server (wanted: under 3 s for 1,000);"
                f" all had heard something after {took.sound_seconds:.2f} s"
            )
            return
        found, random = Found(), Random(seed)  # noqa: S311 - when to kill is no secret
        for number in range(rounds):
            pauses = [random.uniform(*pause) for _ in range(kills)]
            on_uvloop.run(round_of(sipp, Path(folder) / str(number), each, pauses, found))
    for line in (*told(found), *found.faults):
        click.echo(line)
    if found.faults:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
