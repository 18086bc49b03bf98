"""`ivr serve` as a process of its own: started, asked, stopped."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import struct
import sys
import wave
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import psutil

from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.ports import free_port
from ivr.records.record import CallRecord
from ivr.rules.prompts import ENGINE_PROMPTS
from ivr.server.home import Home
from ivr.sipp import PortRange
from ivr.store.readers import Calls

READY_SECONDS = 60.0
STOP_SECONDS = 30.0
STORED_SECONDS = 5.0
RTP_PORTS = 1000

BUILT_IN = (*ENGINE_PROMPTS, "no_input", "no_match")
"""Prompts that every set of rules with a menu needs."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes calls: where SIP, `/health` and its Asterisk's ARI are."""

    pid: int
    home: Path
    sip: tuple[str, int]
    health_url: str
    ari_address: str

    async def health(self) -> Mapping[str, Any]:
        """What `/health` says."""
        async with aiohttp.ClientSession() as session, session.get(self.health_url) as answer:
            return dict(await answer.json())

    async def ari(self, noun: str) -> list[Mapping[str, Any]]:
        """What Asterisk itself has of `channels` or `bridges`."""
        authorization = aiohttp.encode_basic_auth("ivr", keep_passwords(self.home, ()).ari)
        headers = {"Authorization": authorization}
        url = f"http://{self.ari_address}/ari/{noun}"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
            answer.raise_for_status()
            return list(await answer.json())

    def open_files(self) -> int:
        """How many file descriptors the server has."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    async def records(self, count: int) -> tuple[CallRecord, ...]:
        """All stored records, newest first, as soon as there are `count`: they are stored in groups, a moment later.

        Those that there are, when so many do not come.
        """

        def read() -> tuple[CallRecord, ...]:
            with Calls(Home(self.home).journal) as calls:
                return calls.latest(10_000)

        ends_at = monotonic() + STORED_SECONDS
        # Another process writes them: there is nothing to wait on but time.
        while len(found := await asyncio.to_thread(read)) < count and monotonic() < ends_at:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return found


@asynccontextmanager
async def serving(
    folder: Path, rules: str, prompts: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Server]:
    """A server with these rules and prompts; all that it writes lies below `folder`.

    Leaving the scope stops it with SIGTERM; it must end with 0 and leave no process. Its log is `folder/server.log`.
    """
    home, rules_file, log = folder / "home", folder / "rules.yaml", folder / "server.log"
    rules_file.write_text(rules)
    with PortRange(20_000, 21_999).lend(RTP_PORTS) as rtp, PortRange(16_000, 16_399).lend() as sip:
        options = {
            "--home": home,
            "--rules": rules_file,
            "--prompts": prompts,
            "--sip": f"127.0.0.1:{sip}",
            "--rtp": f"{rtp}-{rtp + RTP_PORTS - 1}",
            "--web": f"127.0.0.1:{free_port()}",
        }
        argv = [str(part) for option in options.items() for part in option]
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ivr", "serve", *argv),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=out,
                env={**os.environ, **(environment or {})},
            )
        try:
            yield await _ready(process, home, log)
        finally:
            exit_code = await _stop(process)
        assert exit_code == 0, f"the server ended with {exit_code}:\n{_tail(log)}"
        assert not _left_running(home)


def tone_prompts(folder: Path, **hertz: float) -> Path:
    """A folder of prompts, each of which is 10 s of a pure tone; names as in the rules. Built-in ones have 620 Hz."""
    (folder / "nb").mkdir(parents=True)
    for name, frequency in {**dict.fromkeys(BUILT_IN, 620.0), **hertz}.items():
        step = 2 * math.pi * frequency / 8000
        samples = (round(8000 * math.sin(step * n)) for n in range(80_000))
        with wave.open(str(folder / "nb" / f"{name}.wav"), "wb") as recording:
            recording.setnchannels(1)
            recording.setsampwidth(2)
            recording.setframerate(8000)
            recording.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return folder


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
    return Server(process.pid, home, (host, int(port)), said["web"], said["ari"])


async def _stop(process: asyncio.subprocess.Process) -> int:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return process.returncode


def _left_running(home: Path) -> list[list[str]]:
    """Programs that still work below `home`."""
    running = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return [argv for argv in running if any(str(home) in part for part in argv)]


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:])
