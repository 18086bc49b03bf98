"""Running SIPp: callers, agents and load, each a process of its own below one work folder, on loopback only."""

from __future__ import annotations

import asyncio
import math
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import structlog
from ulid import ULID

from ivr.errors import PhoneFailed
from ivr.sipp import report
from ivr.sipp.ping import until_it_answers
from ivr.sipp.ports import LOOPBACK, PortRange
from ivr.sipp.program import KILL_AFTER_SECONDS, Workplace, exit_code, start, stop
from ivr.sipp.report import CallerReport, LoadReport
from ivr.sipp.scenario import (
    LONGEST_REGISTRATION_SECONDS,
    agent_scenario,
    caller_scenario,
    registration_scenario,
)
from ivr.sipp.script import AgentScript, CallerScript, Credentials
from ivr.sipp.sounds import write_sounds

log = structlog.get_logger()

Server = tuple[str, int]
"""The IP address and the SIP port of the server that is called."""

LONGEST_AGENT_SECONDS = 6 * 3600

_START_SECONDS = 10.0
_REGISTER_SECONDS = 5
# SIPp 3.8 takes two ports for each call's sound (RTP, RTCP), and two for a picture that never comes.
_PORTS_A_CALL = 2
_SPARE_PORTS = 6


@dataclass(frozen=True, slots=True)
class AgentPhone:
    """An agent's phone that is up. One phone takes calls for any number of names."""

    port: int
    folder: Path
    host: str = LOOPBACK

    def uri(self, name: str = "agent") -> str:
        """Where the server finds it: `sip:kari@127.0.0.1:5091`."""
        return f"sip:{name}@{self.host}:{self.port}"

    async def answered_calls(self) -> tuple[str, ...]:
        """The Call-IDs of the calls answered so far, as far as SIPp has written them down."""
        return await asyncio.to_thread(report.finished_calls, self.folder)


class Sipp:
    """Plays callers and agents. `argv` starts SIPp 3.6 or newer; all that is written lies below `folder`.

    They are at `host`, an address of loopback: 127.0.0.2 may be a carrier of its own.
    """

    def __init__(
        self,
        argv: Sequence[str],
        folder: Path,
        *,
        sip_ports: PortRange,
        media_ports: PortRange,
        host: str = LOOPBACK,
    ) -> None:
        self._argv = tuple(argv)
        self._folder = folder
        self._host = host
        self._sip_ports = sip_ports
        self._media_ports = media_ports
        self._numbers = count(1)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_sounds(folder)

    async def call(
        self, script: CallerScript, server: Server, *, within_seconds: float = 60.0
    ) -> CallerReport:
        """Place one call and see it to its end, or give up after `within_seconds`."""
        call_id = _new_call_id()
        with self._desk("caller") as desk:
            options = ("-m", "1", "-l", "1", "-cid_str", call_id)
            code = await self._play_calls(desk, script, server, within_seconds, options)
            return await asyncio.to_thread(report.caller_report, desk.folder, code, call_id)

    async def load(
        self,
        script: CallerScript,
        server: Server,
        *,
        calls: int,
        rate_per_second: float,
        at_once: int | None = None,
        within_seconds: float | None = None,
    ) -> LoadReport:
        """Place `calls` calls, `rate_per_second` new ones each second, and see all to their end.

        The limit is what placing and one script take, and 30 s, unless `within_seconds` says otherwise. At most
        `at_once` are up together (all, if left out): a longer load then needs no more ports than that.
        """
        limit = within_seconds or calls / rate_per_second + script.longest_seconds + 30.0
        most = min(at_once or calls, calls)
        with self._desk("load", calls=most) as desk:
            every_ms = str(round(1000 / rate_per_second))
            how_many = ("-m", str(calls), "-l", str(most), "-r", "1", "-rp", every_ms)
            options = (*how_many, "-cid_str", f"{_new_call_id()}.%u", *_sound_ports(desk, most))
            code = await self._play_calls(desk, script, server, limit, options)
            return await asyncio.to_thread(report.load_report, desk.folder, code)

    @asynccontextmanager
    async def agent(
        self, script: AgentScript | None = None, *, account: Credentials | None = None
    ) -> AsyncIterator[AgentPhone]:
        """An agent's phone that is up, and signed in when it has an `account`, until the scope is left.

        Raises PhoneFailed when it does not come up or the server does not let it in.
        """
        with self._desk("agent") as desk:
            if account:
                await self._register(desk, account, LONGEST_REGISTRATION_SECONDS)
            scenario = agent_scenario(script or AgentScript())
            options = ("-rtp_echo", "-timeout", f"{LONGEST_AGENT_SECONDS}s")
            process = await start(self._argv, desk, scenario, options)
            try:
                await _come_up(process, desk)
                yield AgentPhone(desk.sip_port, desk.folder, desk.host)
            finally:
                await stop(process)
                if account:
                    await self._sign_out(desk, account)

    async def _play_calls(
        self,
        desk: Workplace,
        script: CallerScript,
        server: Server,
        limit: float,
        options: tuple[str, ...],
    ) -> int:
        outline = (_address(server), "-timeout", f"{math.ceil(limit)}s", "-timeout_error")
        process = await start(self._argv, desk, caller_scenario(script), (*outline, *options))
        return await exit_code(process, limit + KILL_AFTER_SECONDS)

    async def _register(self, desk: Workplace, account: Credentials, seconds: int) -> None:
        """Sign in, or out with 0 `seconds`, from the port that the phone itself listens on."""
        limit = ("-timeout", f"{_REGISTER_SECONDS}s", "-timeout_error", "-m", "1")
        scenario = registration_scenario(account, expires_seconds=seconds)
        process = await start(self._argv, desk, scenario, (_address(account.server), *limit))
        code = await exit_code(process, _REGISTER_SECONDS + KILL_AFTER_SECONDS)
        if code != 0:
            failures = await asyncio.to_thread(report.failures_in, desk.folder, code)
            purpose = f"sign {'in' if seconds else 'out'} the account {account.name}"
            raise PhoneFailed(purpose, failures)

    async def _sign_out(self, desk: Workplace, account: Credentials) -> None:
        try:
            await self._register(desk, account, 0)
        except PhoneFailed as failed:  # the server may be down already; its scope was left first
            log.warning("played phone left signed in", account=account.name, reason=str(failed))

    @contextmanager
    def _desk(self, kind: str, *, calls: int = 1) -> Iterator[Workplace]:
        folder = self._folder / f"{next(self._numbers):04}-{kind}"
        media = self._media_ports.lend(calls * _PORTS_A_CALL + _SPARE_PORTS)
        with self._sip_ports.lend(2) as port, media as media_port:
            shutil.rmtree(folder, ignore_errors=True)  # an earlier run's, with the same work folder
            folder.mkdir(mode=0o700)
            yield Workplace(folder, self._host, port, port + 1, media_port)


async def _come_up(process: asyncio.subprocess.Process, desk: Workplace) -> None:
    """Wait until the phone answers; raise PhoneFailed when it ends instead, or stays silent."""
    answered = False
    try:
        async with asyncio.timeout(_START_SECONDS), asyncio.TaskGroup() as group:
            ended = group.create_task(process.wait(), name="sipp/ended")
            ping = group.create_task(until_it_answers(desk.host, desk.sip_port), name="sipp/ping")
            await asyncio.wait((ended, ping), return_when=asyncio.FIRST_COMPLETED)
            answered = ping.done()
            ended.cancel()
            ping.cancel()
    except TimeoutError:
        answered = False
    if not answered:
        code = report.OUT_OF_TIME if process.returncode is None else process.returncode
        failures = await asyncio.to_thread(report.failures_in, desk.folder, code)
        purpose = "bring up an agent's phone"
        raise PhoneFailed(purpose, failures)


def _sound_ports(desk: Workplace, most: int) -> tuple[str, ...]:
    """The ports that calls take in turn; those of ended calls are taken again."""
    last = desk.media_port + most * _PORTS_A_CALL + _SPARE_PORTS - 1
    return "-max_rtp_port", str(last)


def _new_call_id() -> str:
    """Of letters, digits, `-` and `.`: the dialplan lets through only what cannot be read as anything else."""
    return f"{str(ULID()).lower()}-sipp"


def _address(server: Server) -> str:
    return f"{server[0]}:{server[1]}"
