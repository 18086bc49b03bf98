"""A program that outlives us: in a session of its own, known by its pid, watched from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

# A process that is this very moment becoming another program (execve) shows no arguments: look again,
# and on a busy machine let it get on first. Microseconds, as a rule; half a second at the most.
_TRIES = 500
_AT_ONCE = 20


def begin(argv: Sequence[str], *, folder: Path, log: Path) -> int:
    """Start `argv` in `folder`, in its own session, its output appended to `log`; return its pid.

    Not by asyncio.subprocess, which ends its children when the loop closes: this one must live on
    when we crash.
    """
    inside = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(folder), *argv]
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        outputs = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)]
        inherited = [(os.POSIX_SPAWN_CLOSE, number) for number in _inherited()]
        nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
        return os.posix_spawn(
            inside[0], inside, os.environ, file_actions=[nothing, *outputs, *inherited], setsid=True
        )
    finally:
        os.close(out)


def _inherited() -> list[int]:
    """What whoever started us left open for us, a shell's lock file say: the child would hold it long after us."""
    numbers = (int(name) for name in os.listdir("/proc/self/fd"))
    return [number for number in numbers if number > 2 and _is_inheritable(number)]


def _is_inheritable(number: int) -> bool:
    try:
        return os.get_inheritable(number)
    except OSError:  # the one that listed the folder is closed by now
        return False


def runs(pid: int, mark: str) -> bool:
    """Does `pid` run, started with the argument `mark`? A pid alone may be another's by now."""
    bury(pid)
    for number in range(_TRIES):
        if number > _AT_ONCE:
            time.sleep(0.001)
        arguments = _read(pid, "cmdline")
        state = _read(pid, "stat").rpartition(b")")[2].split()
        if arguments or not state or state[0] in {b"Z", b"X"}:
            return mark.encode() in arguments.split(b"\0")
    return False


def arguments(pid: int) -> list[str]:
    """Those that `pid` was started with; none where there is no such process."""
    return [word.decode("utf-8", "surrogateescape") for word in _read(pid, "cmdline").split(b"\0")]


async def ended(pid: int, within_seconds: float) -> bool:
    """Wait until `pid` is gone; False when it is still there after `within_seconds`."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(descriptor, gone.set)
    try:
        async with asyncio.timeout(within_seconds):
            await gone.wait()
    except TimeoutError:
        return False
    else:
        bury(pid)
        return True
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def bury(pid: int) -> None:
    """If it was our child and has ended, take its exit status, so that no zombie is left."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


async def end(pid: int, mark: str, *, patience_seconds: float) -> None:
    """SIGTERM; after `patience_seconds` SIGKILL. Never sent to a pid that is another's by now."""
    for number, seconds in ((signal.SIGTERM, patience_seconds), (signal.SIGKILL, 5.0)):
        if not runs(pid, mark):
            bury(pid)
            return
        os.kill(pid, number)
        if await ended(pid, seconds):
            return


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
