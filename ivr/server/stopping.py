"""How the server ends: in order, with a drain; before it has begun; or at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import structlog

from ivr.desk import Desk
from ivr.server.emergencies import Emergencies
from ivr.server.signals import StopSignals
from ivr.server.supervisor import Supervisor
from ivr.server.watcher import Watcher

log = structlog.get_logger()

AT_ONCE_SECONDS = 2.0
"""How long an end at once may take to hang up on everybody and to stop Asterisk, before all of it is cancelled."""

STOP_SECONDS = 30.0
"""How long an orderly stop may take beside the drain: a goodbye, Asterisk's end, the last of the records."""


async def cancel_while_starting(server: asyncio.Task[None], stop: StopSignals) -> None:
    """Before calls are taken there is nothing to drain, and what the start waits for may never come."""
    await stop.is_told.wait()
    if not stop.takes_calls.is_set():
        log.info("stopping before calls were taken")
        server.cancel()


async def cancel_at_once(server: asyncio.Task[None], stop: StopSignals) -> None:
    """The second signal hurries the drain; what has not ended soon after is cancelled, wherever it stands."""
    await stop.at_once.wait()
    log.warning("stopping at once")
    await asyncio.wait((server,), timeout=AT_ONCE_SECONDS)
    server.cancel()


async def hurry(supervisor: Supervisor, stop: StopSignals) -> None:
    """The second signal ends the drain."""
    await stop.at_once.wait()
    supervisor.hurry()


async def until_told(stop: StopSignals, announce: Callable[[str], None], words: str) -> None:
    """Calls are taken, which is announced in these words, until a signal says that it is enough."""
    announce(words)
    stop.takes_calls.set()
    await stop.is_told.wait()


async def drain(watcher: Watcher, supervisor: Supervisor, seconds: float) -> None:
    """Calls under way finish, for up to `seconds`."""
    watcher.stopping(seconds + STOP_SECONDS, "calls under way finish; no new ones are taken")
    await supervisor.drain(seconds)


async def end_in_order(emergencies: Emergencies, desk: Desk) -> None:
    """What there is to do when nobody is on the line any more, and all parts still run."""
    await emergencies.over()
    desk.sign_off()
    await desk.logbook.end()


def cancel_all(tasks: Iterable[asyncio.Task[None]]) -> None:
    """The rest ends."""
    for task in tasks:
        task.cancel()
