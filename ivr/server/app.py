"""The composition root: the only place that builds things, and the order in which they start and stop."""

from __future__ import annotations

import asyncio
import errno
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from aiohttp import web

from ivr.ari.link import Link
from ivr.ari.node import Node
from ivr.call import Ports
from ivr.clock import SystemClock, stopwatch
from ivr.desk import Desk
from ivr.errors import ConfigRefused, IvrError, PortTaken, first_of
from ivr.observe import Counts
from ivr.server.asterisk import AsteriskInUse, asterisk_for
from ivr.server.home import Home
from ivr.server.phones import watch_links, watch_phones
from ivr.server.rules import take_rules
from ivr.server.signals import StopSignals, stop_signals
from ivr.server.status import Status
from ivr.server.supervisor import Supervisor, TimeOfCall
from ivr.settings import Settings, split_address
from ivr.store.journal import SqliteJournal
from ivr.web import health_site

log = structlog.get_logger()

YOUNG_OBJECTS = 20_000
"""After so many new objects the collector looks for reference cycles among them; Python's own choice is 700."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What `ivr serve` was asked for. `home`, `rules` and `prompts` are paths."""

    home: Path
    rules: Path
    prompts: Path
    settings: Settings


async def serve(asked: Serving, announce: Callable[[str], None]) -> None:
    """Take calls until SIGTERM; then drain. `announce` gets the one line that begins with `ready`.

    Raises RulesRefused, ConfigRefused, PortTaken, StoreFailed, AsteriskError before the first call is taken.
    """
    try:
        with stop_signals() as stop:
            async with asyncio.TaskGroup() as group:
                server = group.create_task(_serve(asked, announce, stop), name="server")
                impatience = group.create_task(_cancel_at_once(server, stop), name="signals")
                server.add_done_callback(lambda _: impatience.cancel())
    except* (
        IvrError
    ) as failed:  # bare, for whoever runs us: task groups within groups say nothing to an operator
        raise first_of(failed) from None


async def _cancel_at_once(server: asyncio.Task[None], stop: StopSignals) -> None:
    await stop.at_once.wait()
    log.warning("stopping at once")
    server.cancel()


async def _serve(asked: Serving, announce: Callable[[str], None], stop: StopSignals) -> None:
    settings, counts = asked.settings, Counts()
    in_force = take_rules(asked.rules, asked.prompts)
    home = Home.open(asked.home)
    async with (
        SqliteJournal(home.journal) as journal,
        asterisk_for(home, in_force, settings) as asterisk,
    ):
        node = Node(Link(asterisk.address, app=asterisk.application), app=asterisk.application)
        desk = Desk(in_force.rules)
        ports = Ports(node, in_force.prompts, journal, counts, home.recordings)
        supervisor = Supervisor(ports, desk, lambda: in_force.rules, _time_of_call(settings))
        status = Status(
            node, desk, supervisor, in_force, counts, lambda: journal.state, stopwatch()
        )
        async with asyncio.TaskGroup() as group, _website(settings, status):
            infrastructure = [
                group.create_task(journal.run(), name="journal"),
                group.create_task(asterisk.keep_up(), name="asterisk"),
                group.create_task(supervisor.run(), name="calls"),
                group.create_task(watch_phones(node, desk), name="phones"),
                group.create_task(watch_links(node), name="links"),
                group.create_task(node.run(), name="stream"),
            ]
            await node.ready()
            _spare_the_collector()
            asterisk.takes_calls = True
            announce(_ready(settings, asterisk, home))
            await stop.orderly.wait()
            await supervisor.drain(settings.calls.drain_seconds)
            for task in infrastructure:
                task.cancel()
    log.info("stopped")


@asynccontextmanager
async def _website(settings: Settings, status: Status) -> AsyncIterator[None]:
    runner = web.AppRunner(health_site(status.health), access_log=None)
    await runner.setup()
    try:
        host, port = split_address(settings.web.address)
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(settings.web.address, "web pages", "--web HOST:PORT") from error
            wanted = f"an address and port that this user may listen on ({error.strerror})"
            raise ConfigRefused("--web", settings.web.address, wanted) from error
        yield
    finally:
        await runner.cleanup()


def _spare_the_collector() -> None:
    """What was built by now stays to the end: the collector of reference cycles need not walk it again.

    A full collection takes 100 ms otherwise, in which no caller's key is heard.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _time_of_call(settings: Settings) -> TimeOfCall:
    always = datetime.fromisoformat(settings.test.call_time) if settings.test.call_time else None
    return TimeOfCall(SystemClock(), from_header=settings.test.call_time_header, always=always)


def _ready(settings: Settings, asterisk: AsteriskInUse, home: Home) -> str:
    return (
        f"ready sip={asterisk.sip} rtp={settings.sip.rtp} web=http://{settings.web.address}/health "
        f"ari={asterisk.address} home={home.folder}"
    )
