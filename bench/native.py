"""The other side: the same calls by Asterisk's own dialplan and `app_queue`, with a configuration of its own.

Installation, SIP and RTP settings, prompts and music are the same; the modules for ARI are left out, `app_queue` is
loaded, each agent is an endpoint (so that `ringinuse=no` can tell who is busy), and `queue_log` is written, which is
its record of a call. Call detail records are off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench.scenario import MUSIC
from bench.side import Agents, Room, Side
from ivr.asterisk import conf_core, conf_sip, configure, pids
from ivr.asterisk.blueprint import Blueprint, MusicClass
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.console import say as console
from ivr.asterisk.obtain import find_asterisk
from ivr.asterisk.ports import free_port
from ivr.call.call import LONGEST_CALL_SECONDS
from ivr.endpoints import DIRECT
from ivr.private_file import write_private
from ivr.sipp.ping import until_it_answers

NAME = "native"
START_SECONDS = 20.0
STOP_SECONDS = 10.0

_FOR_ARI = ("res_ari", "res_stasis", "app_stasis", "res_http_websocket", "res_websocket_client")


@asynccontextmanager
async def native(room: Room) -> AsyncIterator[Side]:
    """An Asterisk that needs nobody, until the scope is left."""
    blueprint = await asyncio.to_thread(_blueprint, room)
    conf = await asyncio.to_thread(_write, blueprint, room)
    argv = (*blueprint.installation.argv, "-C", str(conf), "-f", "-n")
    pid = pids.begin(argv, folder=blueprint.folder, log=blueprint.folder / "log/console.log")
    try:
        async with asyncio.timeout(START_SECONDS):
            await until_it_answers(blueprint.sip_host, blueprint.sip_port)
            await console(blueprint, "core waitfullybooted")
        yield Side(
            NAME, (blueprint.sip_host, blueprint.sip_port), asterisk_pid=pid, server_pid=None
        )
    finally:
        await pids.end(pid, str(conf), patience_seconds=STOP_SECONDS)


def _blueprint(room: Room) -> Blueprint:
    apology = room.prompts / "nb/sorry"
    return Blueprint(
        home=room.folder / "home",
        installation=find_asterisk(cache_folder(), print),
        http_port=free_port(),
        ari_password="not-used-" + "0" * 12,
        fallback_prompt=apology,
        sip_port=room.sip_port,
        rtp_first=room.rtp_first,
        rtp_last=room.rtp_last,
        music=(MusicClass(MUSIC, tuple(sorted((room.prompts / "music" / MUSIC).glob("*.wav")))),),
    )


def _write(blueprint: Blueprint, room: Room) -> Path:
    """The server's own configuration first, so that what is not replaced is the same."""
    conf = configure.write(blueprint)
    for name, text in _texts(blueprint, room).items():
        write_private(blueprint.folder / "etc" / name, text)
    return conf


def _texts(blueprint: Blueprint, room: Room) -> Mapping[str, str]:
    modules = [name for name in conf_core.MODULES if not name.startswith(_FOR_ARI)]
    loads = "\n".join(f"load = {name}.so" for name in (*modules, "app_queue"))
    return {
        "modules.conf": f"[modules]\nautoload = no\n{loads}\n",
        "http.conf": "[general]\nenabled = no\n",
        "logger.conf": conf_core.logger_conf(blueprint).replace(
            "queue_log = no", "queue_log = yes"
        ),
        "extensions.conf": _dialplan(blueprint, room.prompts / "nb/menu"),
        "queues.conf": _queues(room.agents),
        "pjsip.conf": _sip(blueprint, room.agents),
    }


def _dialplan(blueprint: Blueprint, menu: Path) -> str:
    return f"""\
[general]
static = yes
writeprotect = yes
autofallthrough = yes

[nowhere]

[from-trunk]
exten => _[0-9+*#]!,1,Set(TIMEOUT(absolute)={LONGEST_CALL_SECONDS})
 same => n,Answer()
 same => n,Goto(menu,s,1)

[menu]
exten => s,1,Background({menu})
 same => n,WaitExten(6)
 same => n,Hangup()
exten => 1,1,Queue(sales,,,,600)
 same => n,Hangup()
exten => 2,1,Queue(measured,,,,600)
 same => n,Hangup()
"""


def _queues(agents: Agents) -> str:
    head = "[general]\npersistentmembers = no\nautofill = yes\nshared_lastcall = no\n"
    return "\n".join([head, *(_queue(name, uris) for name, uris in agents.items())])


def _queue(name: str, uris: Mapping[str, str]) -> str:
    members = "\n".join(f"member => PJSIP/{agent}" for agent in uris)
    return f"""\
[{name}]
strategy = leastrecent
musicclass = {MUSIC}
timeout = 20
retry = 1
wrapuptime = 0
ringinuse = no
joinempty = yes
{members}
"""


def _sip(blueprint: Blueprint, agents: Agents) -> str:
    """The server's text, and its endpoint for phones that do not register once more for every agent."""
    text = conf_sip.pjsip_conf(blueprint)
    pattern = text.partition(f"[{DIRECT}]\n")[2].partition("\n[")[0]
    accounts = (
        f"[{agent}]\n{pattern}\naors = {agent}\n\n[{agent}]\ntype = aor\ncontact = {uri}\n"
        for uris in agents.values()
        for agent, uri in uris.items()
    )
    return "\n".join([text, *accounts])
