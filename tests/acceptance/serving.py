"""`ivr serve` as a process of its own: started, asked, stopped."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import struct
import sys
import wave
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import psutil

from ivr.asterisk import run
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.conf_watch import WATCH_CONTEXT
from ivr.asterisk.obtain import find_asterisk
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.ports import free_port
from ivr.records.events import CallEvent
from ivr.records.record import CallRecord
from ivr.rules.lint.prompts import ENGINE_PROMPTS
from ivr.store.open import open_store
from tests.ports import RTP, SIP

READY_SECONDS = 60.0
STOP_SECONDS = 30.0
STORED_SECONDS = 20.0
STATE_SECONDS = 30.0
COMMAND_SECONDS = 30.0
RTP_PORTS = 200

BUILT_IN = (*ENGINE_PROMPTS, "no_input", "no_match")
"""Prompts that every set of rules with a menu needs."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a server is told to listen on, as its options want it."""

    sip: str
    rtp: str
    web: str


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes calls: where SIP, `/health` and its Asterisk's ARI are."""

    pid: int
    home: Path
    sip: tuple[str, int]
    health_url: str
    ari_address: str
    program: asyncio.subprocess.Process
    log: Path

    async def ended(self, *, within_seconds: float) -> int:
        """Its exit code, once it has ended. Raises TimeoutError."""
        async with asyncio.timeout(within_seconds):
            return await self.program.wait()

    async def becomes(
        self, is_so: Callable[[Mapping[str, Any]], bool], *, within_seconds: float = STATE_SECONDS
    ) -> Mapping[str, Any]:
        """What `/health` says as soon as `is_so`. Raises AssertionError with what it said last."""
        ends_at = monotonic() + within_seconds
        # Another process's state: there is nothing to wait on but time.
        while not is_so(now := await self.health()):
            assert monotonic() < ends_at, now
            await asyncio.sleep(0.05)
        return now

    async def console(self, command: str) -> str:
        """What Asterisk's own console answers to a command."""
        argv = find_asterisk(cache_folder(), print).argv
        conf = self.home / "asterisk/etc/asterisk.conf"
        asking = await asyncio.create_subprocess_exec(
            *(*argv, "-C", str(conf), "-rx", command),
            cwd=self.home / "asterisk",
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asking.communicate()
        assert asking.returncode == 0
        return said.decode()

    async def record(self, sip_call_id: str) -> CallRecord:
        """The stored record of the call with this SIP Call-ID, as soon as it is there."""
        ends_at = monotonic() + STORED_SECONDS
        while True:
            found = [one for one in await self.records(0) if one.sip_call_id == sip_call_id]
            if found:
                return found[0]
            assert monotonic() < ends_at, f"no record of the call {sip_call_id}"
            await asyncio.sleep(0.05)

    async def events(self, call_id: str) -> tuple[CallEvent, ...]:
        """What the journal says of a call."""

        def read() -> tuple[CallEvent, ...]:
            with open_store(self.home).reading() as stored:
                return tuple(entry.event for entry in stored.calls.events(call_id))

        return await asyncio.to_thread(read)

    async def health(self) -> Mapping[str, Any]:
        """What `/health` says."""
        async with aiohttp.ClientSession() as session, session.get(self.health_url) as answer:
            return dict(await answer.json())

    async def ari(self, noun: str) -> list[Mapping[str, Any]]:
        """What Asterisk itself has of `channels` or `bridges`, but for the channel by which it watches over callers."""
        authorization = aiohttp.encode_basic_auth("ivr", keep_passwords(self.home, ()).ari)
        headers = {"Authorization": authorization}
        url = f"http://{self.ari_address}/ari/{noun}"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
            answer.raise_for_status()
            found = list(await answer.json())
        return [one for one in found if f"@{WATCH_CONTEXT}-" not in one.get("name", "")]

    def open_files(self) -> int:
        """How many file descriptors the server has."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    async def records(self, count: int) -> tuple[CallRecord, ...]:
        """All stored records, newest first, as soon as there are `count`: they are stored in groups, a moment later.

        Those that there are, when so many do not come.
        """

        def read() -> tuple[CallRecord, ...]:
            with open_store(self.home).reading() as stored:
                return stored.calls.latest(10_000)

        ends_at = monotonic() + STORED_SECONDS
        # Another process writes them: there is nothing to wait on but time.
        while len(found := await asyncio.to_thread(read)) < count and monotonic() < ends_at:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return found


def no_settings() -> dict[str, str]:
    """The environment without what would set this program, but for where Asterisk lies: that is not what is tested."""
    return {
        name: word
        for name, word in os.environ.items()
        if not name.startswith(("PYTHON", "IVR_")) or name == "IVR_CACHE"
    }


@contextmanager
def addresses(rtp_ports: int = RTP_PORTS) -> Iterator[Addresses]:
    """Addresses that are free, and nobody else's until the scope is left."""
    with RTP.lend(rtp_ports) as rtp, SIP.lend() as sip:
        yield Addresses(
            f"127.0.0.1:{sip}", f"{rtp}-{rtp + rtp_ports - 1}", f"127.0.0.1:{free_port()}"
        )


@asynccontextmanager
async def serving(
    folder: Path,
    rules: str,
    prompts: Path,
    environment: Mapping[str, str] | None = None,
    *,
    rtp_ports: int = RTP_PORTS,
) -> AsyncIterator[Server]:
    """A server with these rules and prompts; all that it writes lies below `folder`.

    Leaving the scope stops it with SIGTERM; it must end with 0 and leave no process. Its log is `folder/server.log`.
    """
    with addresses(rtp_ports) as at:
        async with started(folder, rules, prompts, at, environment) as server:
            yield server
    exit_code = server.program.returncode
    assert exit_code == 0, f"the server ended with {exit_code}:\n{_tail(server.log)}"
    assert not left_running(server.home)


@asynccontextmanager
async def started(
    folder: Path,
    rules: str,
    prompts: Path,
    at: Addresses,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Server]:
    """As `serving`, but at given addresses, and without asking how it ended: it may be killed inside."""
    home, rules_file, log = folder / "home", folder / "rules.yaml", folder / "server.log"
    rules_file.parent.mkdir(parents=True, exist_ok=True)
    rules_file.write_text(rules)
    places = {"--home": home, "--rules": rules_file, "--prompts": prompts}
    options = {**places, "--sip": at.sip, "--rtp": at.rtp, "--web": at.web}
    words = [str(part) for option in options.items() for part in option]
    program = (sys.executable, "-m", "ivr", "serve", *words)
    async with running(program, home, log, {**os.environ, **(environment or {})}) as server:
        yield server


@asynccontextmanager
async def running(
    program: Sequence[str | Path],
    home: Path,
    log: Path,
    environment: Mapping[str, str],
    folder: Path | None = None,
) -> AsyncIterator[Server]:
    """Any program that serves with this home folder, in `folder`, until the scope is left."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *map(str, program),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=out,
            env=environment,
            cwd=folder,
        )
    try:
        yield await _ready(process, home, log)
    finally:
        await _stop(process, home)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said."""

    exit_code: int
    out: str
    err: str


async def ivr(*words: str | Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run `ivr` with these words to its end. Raises TimeoutError, having killed it, when that does not come."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ivr", *map(str, words)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ran(process.returncode, out.decode(), err.decode())


def tone_prompts(folder: Path, **hertz: float) -> Path:
    """A folder of prompts, each of which is 10 s of a pure tone; names as in the rules. Built-in ones have 620 Hz."""
    write_tones(folder / "nb", {**dict.fromkeys(BUILT_IN, 620.0), **hertz}, seconds=10.0)
    return folder


def write_tones(language: Path, hertz: Mapping[str, float], *, seconds: float) -> None:
    """Prompts in the folder of a language, each a pure tone, by their names in the rules."""
    for name, frequency in hertz.items():
        write_tone(language / f"{name}.wav", frequency, seconds=seconds)


def write_tone(recording: Path, hertz: float, *, seconds: float) -> None:
    """A recording of a pure tone in telephone format."""
    recording.parent.mkdir(parents=True, exist_ok=True)
    step = 2 * math.pi * hertz / 8000
    samples = (round(8000 * math.sin(step * n)) for n in range(round(seconds * 8000)))
    with wave.open(str(recording), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


async def _ready(process: asyncio.subprocess.Process, home: Path, log: Path) -> Server:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_SECONDS):
            line = (await process.stdout.readline()).decode()
    except TimeoutError:
        line = ""
    assert line.startswith("ready "), (
        f"no line that begins with `ready`, but {line!r}:\n{_tail(log)}"
    )
    said = dict(part.split("=", 1) for part in line.split()[1:])
    host, _, port = said["sip"].rpartition(":")
    sip = (
        (host, int(port)) if host else ("", 0)
    )  # of an Asterisk that runs elsewhere nothing is said
    return Server(process.pid, home, sip, said["web"], said["ari"], process, log)


async def _stop(process: asyncio.subprocess.Process, home: Path) -> int:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
                # Its Asterisk outlives it, on purpose, but not the test that has failed by this.
                if (left := run.find_running(home)) is not None:
                    os.kill(left.pid, signal.SIGKILL)
    return process.returncode


def left_running(home: Path) -> list[list[str]]:
    """Programs that still work below `home`."""
    running = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return [argv for argv in running if any(str(home) in part for part in argv)]


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:])
