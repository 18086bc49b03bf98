"""Our side: `ivr serve` as a process, as an operator starts it, with everything on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench.scenario import MUSIC
from bench.side import Agents, Room, Side
from ivr.asterisk import pids
from ivr.asterisk.ports import free_port
from ivr.asterisk.run import find_running
from ivr.errors import DemoFailed
from tests.acceptance.serving import Addresses, Server, started

NAME = "ivr"
STOP_SECONDS = 10.0

SETTINGS = {"IVR_CALLS__DRAIN_SECONDS": "5", "IVR_CALLS__PER_SECOND": "10000"}

_RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
menus:
  main:
    say: menu
    keys: {1: queue sales, 2: queue measured}
    wait: 6s
    tries: 1
    nothing_chosen: hangup
queues:
"""


@asynccontextmanager
async def ours(room: Room) -> AsyncIterator[Side]:
    """A server that takes calls, until the scope is left, which stops it in good order."""
    async with serving_side(room, SETTINGS) as (side, _):
        yield side


@asynccontextmanager
async def serving_side(
    room: Room, settings: Mapping[str, str]
) -> AsyncIterator[tuple[Side, Server]]:
    """The same with settings of one's own, and the server beside the side."""
    at = Addresses(
        f"127.0.0.1:{room.sip_port}",
        f"{room.rtp_first}-{room.rtp_last}",
        f"127.0.0.1:{free_port()}",
    )
    try:
        async with started(
            room.folder, rules_text(room.agents), room.prompts, at, settings
        ) as server:
            asterisk = find_running(server.home)
            if asterisk is None:
                raise DemoFailed("the server runs without an Asterisk of its own", str(server.log))
            side = Side(NAME, server.sip, asterisk_pid=asterisk.pid, server_pid=server.pid)
            yield side, server
    finally:
        await _end_what_is_left(room.folder / "home")


async def _end_what_is_left(home: Path) -> None:
    """A server that did not stop in good order leaves its Asterisk to the next one, which never comes."""
    if left := find_running(home):
        conf = home / "asterisk/etc/asterisk.conf"
        await pids.end(left.pid, str(conf), patience_seconds=STOP_SECONDS)


def rules_text(agents: Agents) -> str:
    """The rules: the menu, a queue and its agents for each of `agents`."""
    queues = (
        f"  {queue}: {{answer: 80% within 20s, ring: longest idle, ring_time: 20s, music: {MUSIC},"
        " while_waiting: [{after: 10m, to: hangup}], nobody_logged_in: hangup, wrap_up: 0s}"
        for queue in agents
    )
    people = (
        f"  {agent}: {{name: {agent}, phone: '{uri}', queues: [{queue}]}}"
        for queue, uris in agents.items()
        for agent, uri in uris.items()
    )
    return _RULES + "\n".join([*queues, "agents:", *people, ""])
