"""Starting, finding and stopping an Asterisk whose life is not the server's.

A server that crashes costs no caller anything: Asterisk lives on in a session of its own,
`asterisk/running.json` in the home folder says where, and the next server finds it there.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import msgspec
import structlog

from ivr.asterisk import configure, pids
from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.comparison import not_taken
from ivr.asterisk.conf_core import MODULES
from ivr.asterisk.console import ask_phones, say
from ivr.asterisk.emergency_calls import none_on_its_way
from ivr.asterisk.installation import parse_release
from ivr.asterisk.interface import interface
from ivr.asterisk.ports import refuse_taken_ports
from ivr.asterisk.registrations import sign_in_again, sign_out
from ivr.errors import AsteriskNotStarted, AsteriskTooOld, ConfigRefused
from ivr.private_file import write_private
from ivr.releases import OLDEST, dotted

log = structlog.get_logger()

# What a blueprint can change while calls are up: names, phones, the dialplan, the music.
_RELOADABLE = ("res_resolver_unbound.so", "res_pjsip.so", "pbx_config.so", "res_musiconhold.so")
SIGN_OUT_SECONDS = 2.0
"""How long carriers may take to hear that we leave."""

_BETWEEN_TRIES_SECONDS = 0.02
_OUR_OWN_WANT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


class Trace(msgspec.Struct, frozen=True):
    """What a start leaves in `running.json` for a later server."""

    pid: int
    http_port: int
    sip_host: str
    sip_port: int
    rtp_first: int
    rtp_last: int
    ways_in: str = ""

    @classmethod
    def of(cls, blueprint: Blueprint, pid: int) -> Trace:
        rtp = blueprint.rtp_first, blueprint.rtp_last
        host, port = blueprint.sip_host, blueprint.sip_port
        return cls(pid, blueprint.http_port, host, port, *rtp, blueprint.ways_in)


@dataclass(frozen=True, slots=True)
class RunningAsterisk:
    """An Asterisk that answers.

    `blueprint` holds the addresses that it really has; `adopted`: it was there already; `not_taken`: the phones and
    trunks of the blueprint that it has not. A section that it does not like it leaves out, and says that all went well.
    """

    pid: int
    blueprint: Blueprint
    version: str
    adopted: bool
    not_taken: tuple[str, ...] = ()
    ari_url: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ari_url", f"http://127.0.0.1:{self.blueprint.http_port}/ari")


async def start(blueprint: Blueprint, *, within_seconds: float = 20.0) -> RunningAsterisk:
    """Start it, or find the one that an earlier server of this home left; wait until ARI answers.

    One that was left with other addresses is replaced, unless calls are up on it: then it stays,
    with a warning. One that does not answer is ended.
    Raises PortTaken, ConfigRefused, AsteriskNotStarted, AsteriskTooOld.
    """
    earlier = find_running(blueprint.home)
    if earlier is not None:
        try:
            found = await _adopt(blueprint, earlier, within_seconds)
        except AsteriskNotStarted:
            log.warning("the Asterisk of an earlier server does not answer: ended", pid=earlier.pid)
            await kill(blueprint.home, earlier.pid)
        else:
            if found is not None:
                return found
    _refuse_moved_home(blueprint.home)
    refuse_taken_ports(blueprint)
    conf = configure.write(blueprint)
    configure.sweep(blueprint)
    argv = (*blueprint.installation.argv, "-C", str(conf), "-f", "-n")
    pid = pids.begin(argv, folder=blueprint.folder, log=blueprint.folder / "log/console.log")
    _leave_trace(blueprint, pid)
    try:
        version = await _wait_until_it_answers(blueprint, pid, within_seconds)
    except BaseException:
        await _end(blueprint.home, pid, patience_seconds=2.0)
        raise
    log.info("Asterisk started", pid=pid, version=version, sip=blueprint.sip_address)
    await ask_phones(blueprint)
    running = RunningAsterisk(pid, blueprint, version, adopted=False)
    return replace(running, not_taken=await not_taken(blueprint))


def put_back(running: RunningAsterisk) -> bool:
    """Write its files again where they were deleted, so that it records and is found; whether they were. Blocks."""
    home = running.blueprint.home
    if _trace_file(home).exists() or not pids.runs(running.pid, _mark(home)):
        return False
    configure.write(running.blueprint)
    _leave_trace(running.blueprint, running.pid)
    return True


async def reopen_log(blueprint: Blueprint) -> None:
    """Have it open its log anew, with the folder made again. Raises OSError, aiohttp.ClientError, TimeoutError."""
    letterbox(blueprint.home).parent.mkdir(mode=0o700, exist_ok=True)
    async with interface(blueprint) as session, session.put("asterisk/modules/logger") as answer:
        answer.raise_for_status()


def _leave_trace(blueprint: Blueprint, pid: int) -> None:
    trace = Trace.of(blueprint, pid)
    write_private(_trace_file(blueprint.home), msgspec.json.encode(trace).decode())


async def stop(
    running: RunningAsterisk, *, drain_seconds: float = 0.0, patience_seconds: float = 20.0
) -> None:
    """Let calls that are up end for `drain_seconds`, then SIGTERM, then SIGKILL. Trunks are signed out first."""
    await sign_out(running.blueprint, SIGN_OUT_SECONDS)
    if drain_seconds > 0:
        await say(running.blueprint, "core stop gracefully")
        await pids.ended(running.pid, drain_seconds)
    await _end(running.blueprint.home, running.pid, patience_seconds=patience_seconds)
    log.info("Asterisk stopped", pid=running.pid)


async def reconfigure(running: RunningAsterisk, blueprint: Blueprint) -> RunningAsterisk:
    """Have Asterisk read the blueprint's phones, trunks, dialplan and music. Calls go on; addresses stay.

    Trunks that are another now sign in at once; those that stayed as they were stay signed in. Those that go sign out
    first: once its password is gone, Asterisk could not any more.
    """
    kept = _with_addresses_of(blueprint, running.blueprint)
    before = {trunk.name: trunk for trunk in running.blueprint.trunks}
    changed = [one for one in kept.trunks if one.name in before and one != before[one.name]]
    bindings = {one.binding for one in kept.trunks}
    leaving = [name for name, one in before.items() if one.binding not in bindings]
    await sign_out(running.blueprint, SIGN_OUT_SECONDS, leaving)
    if configure.changes_dialplan(kept):
        await none_on_its_way(kept)
    configure.write(kept)
    async with interface(kept) as session:
        await _load(session, MODULES)
        for module in _RELOADABLE:
            async with session.put(f"asterisk/modules/{module}") as answer:
                log.debug("module reloaded", module=module, status=answer.status)
        missing = await not_taken(kept)
    await sign_in_again(kept, [one.name for one in changed if one.said.registers])
    return replace(running, blueprint=kept, not_taken=missing)


async def _load(session: aiohttp.ClientSession, modules: Sequence[str]) -> None:
    """Have these, too: the Asterisk that an earlier version of the server began may lack some of them."""
    async with session.get("asterisk/modules") as answer:
        there = {str(one["name"]).removesuffix(".so") for one in await answer.json()}
    for module in modules:
        if module not in there:
            async with session.post(f"asterisk/modules/{module}.so") as answer:
                log.info("module loaded", module=module, status=answer.status)


async def answers(running: RunningAsterisk) -> bool:
    """Whether ARI answers within some seconds. When *we* have no more files, nobody knows: then too."""
    try:
        async with interface(running.blueprint) as session, session.get("asterisk/ping") as answer:
            return answer.status < 500
    except aiohttp.ClientOSError as error:
        return error.errno in _OUR_OWN_WANT
    except (aiohttp.ClientError, TimeoutError):
        return False


async def kill(home: Path, pid: int) -> None:
    """End one that does not answer: a process that is stopped hears nothing but SIGKILL."""
    await _end(home, pid, patience_seconds=1.0)


def find_running(home: Path) -> Trace | None:
    """The Asterisk that an earlier server of this home folder left running, if it still is."""
    trace = _trace(home)
    return trace if trace is not None and pids.runs(trace.pid, _mark(home)) else None


def _trace(home: Path) -> Trace | None:
    try:
        return msgspec.json.decode(_trace_file(home).read_bytes(), type=Trace)
    except (OSError, msgspec.DecodeError):
        return None


def _refuse_moved_home(home: Path) -> None:
    """Raise ConfigRefused where its Asterisk runs on from the place where the folder was before: it reads that one."""
    trace = _trace(home)
    if trace is None:
        return
    ending = f"/{_mark(Path())}"
    for said in pids.arguments(trace.pid):
        before = said.removesuffix(ending)
        if before != said and not Path(before).exists():  # else this folder is a copy of that one
            wanted = (
                f"{before}, and move the folder back there: the Asterisk that was started from it has calls (process "
                f"{trace.pid}); or end that one first (`kill {trace.pid}`), with its calls"
            )
            raise ConfigRefused("--home", str(home), wanted)


def letterbox(home: Path) -> Path:
    """The log of this home folder's Asterisk."""
    return home / "asterisk/log/messages.log"


async def _adopt(
    blueprint: Blueprint, earlier: Trace, within_seconds: float
) -> RunningAsterisk | None:
    """The one that is there, with the blueprint's phones; None when it was wrong, idle and is ended."""
    kept = _with_addresses_of(blueprint, earlier)
    version = await _wait_until_it_answers(kept, earlier.pid, within_seconds)
    is_same_way_in = earlier.ways_in in {"", blueprint.ways_in}
    if kept != replace(blueprint, http_port=kept.http_port) or not is_same_way_in:
        async with interface(kept) as session, session.get("channels") as answer:
            calls_up = sum(not one["name"].startswith("Local/") for one in await answer.json())
        if not calls_up:
            await _end(blueprint.home, earlier.pid, patience_seconds=20.0)
            return None
        log.warning("Asterisk kept its earlier addresses since calls are up", sip=kept.sip_address)
    log.info("Asterisk found running", pid=earlier.pid, version=version, sip=kept.sip_address)
    found = RunningAsterisk(earlier.pid, kept, version, adopted=True)
    return await reconfigure(found, kept)


def _with_addresses_of(blueprint: Blueprint, other: Blueprint | Trace) -> Blueprint:
    return replace(
        blueprint,
        http_port=other.http_port,
        sip_host=other.sip_host,
        sip_port=other.sip_port,
        rtp_first=other.rtp_first,
        rtp_last=other.rtp_last,
    )


async def _wait_until_it_answers(blueprint: Blueprint, pid: int, within_seconds: float) -> str:
    """Ask ARI until it answers (503 while Asterisk still loads); return its version."""
    try:
        async with asyncio.timeout(within_seconds), interface(blueprint) as session:
            while (version := await _version(session)) is None:
                if not pids.runs(pid, _mark(blueprint.home)):
                    raise _not_started(blueprint, "it ended at once")
                await asyncio.sleep(_BETWEEN_TRIES_SECONDS)
    except TimeoutError:
        raise _not_started(blueprint, f"ARI did not answer within {within_seconds:.0f} s") from None
    release = parse_release(version)
    if release is None or release < OLDEST:
        raise AsteriskTooOld(version, dotted(OLDEST), blueprint.installation.argv[-1])
    return version


async def _version(session: aiohttp.ClientSession) -> str | None:
    try:
        async with session.get("asterisk/info") as answer:
            if answer.status != 200:
                return None
            return str((await answer.json())["system"]["version"])
    except aiohttp.ClientError:
        return None


async def _end(home: Path, pid: int, *, patience_seconds: float) -> None:
    await pids.end(pid, _mark(home), patience_seconds=patience_seconds)
    _trace_file(home).unlink(missing_ok=True)


def _not_started(blueprint: Blueprint, reason: str) -> AsteriskNotStarted:
    logs = blueprint.folder / "log"
    lines = [
        line
        for name in ("console.log", "messages.log")
        if (logs / name).is_file()
        for line in (logs / name).read_text(errors="replace").splitlines()[-5:]
    ]
    return AsteriskNotStarted(reason, str(logs), "\n".join(lines))


def _mark(home: Path) -> str:
    """The argument by which a process is known to be this home folder's Asterisk."""
    return str(home / "asterisk/etc/asterisk.conf")


def _trace_file(home: Path) -> Path:
    return home / "asterisk/running.json"
