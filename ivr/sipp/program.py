"""One SIPp process: its files, its ports, its start, its end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr.sipp import report
from ivr.sipp.ports import LOOPBACK

log = structlog.get_logger()

KILL_AFTER_SECONDS = 3.0
"""How long a process may take to end by itself, once it should."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where one SIPp process works: its files, and the ports lent to it."""

    folder: Path
    host: str
    sip_port: int
    control_port: int
    media_port: int

    @property
    def scenario(self) -> Path:
        """Beside the sounds, since newer releases look for sounds beside the scenario, older where they run."""
        return self.folder.with_suffix(".xml")


async def start(
    argv: Sequence[str], desk: Workplace, scenario: str, options: Sequence[str]
) -> asyncio.subprocess.Process:
    """Start SIPp (`argv`) with this scenario; it runs in the work folder, where the sounds are."""
    await asyncio.to_thread(_write, desk, scenario)
    descriptor = os.open(desk.folder / report.CONSOLE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        return await asyncio.create_subprocess_exec(
            *(*argv, *options, *_common_options(desk)),
            cwd=desk.folder.parent,
            # SIPp draws a screen even where there is none to draw on.
            env={**os.environ, "TERM": os.environ.get("TERM", "xterm")},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=descriptor,
        )
    finally:
        os.close(descriptor)


async def exit_code(process: asyncio.subprocess.Process, limit_seconds: float) -> int:
    """How it ended; killed when it did not within the limit, or when we are cancelled."""
    try:
        async with asyncio.timeout(limit_seconds):
            return await process.wait()
    except TimeoutError:
        return report.OUT_OF_TIME
    finally:
        await _kill(process)


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ask for a soft end, which waits for calls under way; do not wait long."""
    if process.returncode is None:
        process.send_signal(signal.SIGUSR1)
        try:
            async with asyncio.timeout(KILL_AFTER_SECONDS):
                await process.wait()
        except TimeoutError:
            log.warning("played phone ended in the middle of a call", pid=process.pid)
        finally:
            await _kill(process)


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _common_options(desk: Workplace) -> tuple[str, ...]:
    """Files and addresses. File names are relative to the work folder: SIPp cuts long ones."""
    name = desk.folder.name
    here = ("-i", desk.host, "-bind_local", "-p", str(desk.sip_port), "-mi", desk.host)
    ports = ("-mp", str(desk.media_port), "-ci", LOOPBACK, "-cp", str(desk.control_port))
    files = (
        *("-sf", desk.scenario.name, "-nostdin"),
        *("-trace_err", "-error_file", f"{name}/{report.ERRORS}"),
        *("-trace_logs", "-log_file", f"{name}/{report.CALL_IDS}"),
        *("-trace_stat", "-stf", f"{name}/{report.STATISTICS}", "-fd", "1"),
    )
    # `-aa`: what a call is asked in between (does the session go on?) is answered without a line in the scenario.
    # The watchdog ends SIPp when the machine has been busy for a while; our own limits do that better.
    return (*here, *ports, *files, "-aa", "-watchdog_interval", "0")


def _write(desk: Workplace, scenario: str) -> None:
    """Write the scenario, for our eyes only (it may hold a password), and forget an earlier process's errors."""
    (desk.folder / report.ERRORS).unlink(missing_ok=True)
    desk.scenario.touch(mode=0o600)
    desk.scenario.write_text(scenario)
