"""A server's life: the order in which it starts, takes calls and stops."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

import structlog

from ivr.aside import aside
from ivr.disk import cause_by, is_of
from ivr.errors import ConfigRefused, IvrError, StoreFailed, first_of
from ivr.server.handing_over import leave_to_the_next
from ivr.server.parts import Parts, Serving, ground_for
from ivr.server.signals import StopSignals, stop_signals
from ivr.server.stopping import (
    cancel_all,
    cancel_at_once,
    cancel_while_starting,
    drain,
    end_in_order,
    until_told,
)
from ivr.server.whereabouts import told
from ivr.web import Guard, open_site

log = structlog.get_logger()

YOUNG_OBJECTS = 20_000
"""After so many new objects the collector looks for reference cycles among them; Python's own choice is 700."""


async def serve(asked: Serving, announce: Callable[[str], None]) -> None:
    """Take calls until SIGTERM; then drain. SIGUSR1 ends the process at once, and leaves callers to the next.

    `announce` gets the one line that begins with `ready`.

    Raises RulesRefused, ConfigRefused, PortTaken, StoreFailed, AsteriskError before the first call is taken.
    """
    try:
        with stop_signals() as stop:
            async with asyncio.TaskGroup() as group:
                server = group.create_task(_serve(asked, announce, stop), name="server")
                impatience = group.create_task(cancel_at_once(server, stop), name="signals")
                haste = group.create_task(cancel_while_starting(server, stop), name="start")
                server.add_done_callback(lambda _: impatience.cancel())
                server.add_done_callback(lambda _: haste.cancel())
    except* IvrError as failed:
        # Bare, for whoever runs us: task groups within groups say nothing to an operator.
        error = first_of(failed)
        raise asked.source.at_line(error) if isinstance(error, ConfigRefused) else error from None
    except* OSError as failed:
        fault = first_of(failed)
        home = asked.home.resolve()
        if not is_of(fault, home):
            raise
        cause = cause_by(fault)
        message = (
            f"{fault.filename or home} cannot be used: {cause.says} ({fault.strerror}). To mend it, {cause.mend}; or "
            "choose another folder with --home"
        )
        raise StoreFailed(message) from fault


async def _serve(asked: Serving, announce: Callable[[str], None], stop: StopSignals) -> None:
    settings, watcher = asked.settings, asked.watcher
    async with ground_for(asked) as ground:
        parts = await Parts.on(ground)
        site, supervisor = parts.windows, parts.reception.supervisor
        await parts.begin()
        async with (
            asyncio.TaskGroup() as group,
            open_site(
                site.site, settings.web.address, Guard(settings.web.hosts), site.lines
            ) as address,
        ):
            works = parts.works(stop).items()
            infrastructure = [group.create_task(work, name=name) for name, work in works]
            await ground.node.ready()
            _spare_the_collector()
            ground.asterisk.takes_calls = True
            with told(ground.home, address):
                await aside(ground.files.look)
                watcher.ready(supervisor.doing)
                await until_told(stop, announce, _ready(parts))
            desk = parts.office.desk
            if stop.hand_over.is_set():
                await leave_to_the_next(
                    watcher, supervisor.calls, desk.logbook, ground.kept.journal
                )
            await drain(watcher, supervisor, settings.calls.drain_seconds)
            await end_in_order(parts.gate.emergencies, desk)
            cancel_all(infrastructure)
    log.info("stopped")


def _spare_the_collector() -> None:
    """What was built by now stays to the end: the collector of reference cycles need not walk it again.

    A full collection takes 100 ms otherwise, in which no caller's key is heard.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _ready(parts: Parts) -> str:
    asterisk, settings = parts.ground.asterisk, parts.ground.settings
    most = parts.reception.supervisor.room.calls
    calls = "" if most is None else f"calls={most} "
    return (
        f"ready sip={asterisk.sip} rtp={settings.sip.rtp} {calls}web=http://{settings.web.address}/health "
        f"ari={asterisk.address} home={parts.ground.home.folder}"
    )
