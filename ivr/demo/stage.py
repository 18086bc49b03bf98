"""The stage: a server of its own as a process, on ports that are free, below one home folder."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import DemoFailed

READY_SECONDS = 120.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the server is. `sip` is host and port."""

    home: Path
    sip: tuple[str, int]
    web: str
    log: Path


@asynccontextmanager
async def server(home: Path, rules: Path) -> AsyncIterator[Stage]:
    """Start `ivr serve`, wait until it takes calls, and stop it in good order when the scope is left.

    Raises DemoFailed, with the last lines of the server's log, where it does not come up or does not stop well.
    """
    stage = _prepare(home)
    with stage.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ivr", "serve", "--home", str(home), "--rules", str(rules)),
            *("--sip", "{}:{}".format(*stage.sip), "--web", stage.web),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us; the server is stopped when its callers are done
            env={
                **os.environ,
                "IVR_TEST__CALL_TIME_HEADER": "true",
                "IVR_TEST__CALL_TIME": "2026-11-23T10:00",
                "IVR_CALLS__DRAIN_SECONDS": "5",
            },
        )
    try:
        await _ready(process, stage)
        yield stage
    finally:
        exit_code = await _stop(process)
    if exit_code != 0:
        raise DemoFailed(f"the server ended with exit code {exit_code}", _tail(stage.log))


def _prepare(home: Path) -> Stage:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    sip, web = usual_port(5060, socket.SOCK_DGRAM), usual_port(8080, socket.SOCK_STREAM)
    return Stage(home, ("127.0.0.1", sip), f"127.0.0.1:{web}", home / "server.log")


async def _ready(process: asyncio.subprocess.Process, stage: Stage) -> None:
    if process.stdout is None:
        raise DemoFailed("the server's output cannot be read", "")
    try:
        async with asyncio.timeout(READY_SECONDS):
            async for line in process.stdout:
                if line.startswith(b"ready "):
                    return
    except TimeoutError:
        reason = f"the server was not ready within {READY_SECONDS:.0f} s"
        raise DemoFailed(reason, _tail(stage.log)) from None
    raise DemoFailed("the server ended before it took calls", _tail(stage.log))


async def _stop(process: asyncio.subprocess.Process) -> int:
    """SIGTERM drains; a second one ends at once."""
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            break
        process.send_signal(number)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            continue
    return await process.wait()


def usual_port(wanted: int, kind: socket.SocketKind, host: str = "127.0.0.1") -> int:
    """The port that people expect, or any other that is free. Raises DemoFailed."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            free: int = probe.getsockname()[1]
            return free
    raise DemoFailed(f"there is no free port on {host}", "")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-15:])
