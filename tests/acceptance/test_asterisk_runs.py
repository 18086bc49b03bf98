"""The Asterisk that we configure, on its own: real processes, real SIP, no server of ours."""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from ivr.asterisk import console, run
from ivr.asterisk.blueprint import Blueprint, Floor, PhoneAccount
from ivr.asterisk.conf_core import MODULES, modules_listed
from ivr.asterisk.installation import Installation
from ivr.asterisk.obtain import cache_folder, find_asterisk, find_sipp
from ivr.asterisk.ports import free_port
from ivr.asterisk.run import RunningAsterisk
from ivr.asterisk.self_test import self_test
from tests.acceptance.serving import left_running
from tests.ports import FEW, udp_ports

pytestmark = pytest.mark.real

KARI = PhoneAccount("kari", "abcd-efgh-ijkl-mnop")
Start = Callable[[Blueprint], Awaitable[RunningAsterisk]]


@pytest.fixture(scope="session")
def installation() -> Installation:
    return find_asterisk(cache_folder(), print)


@pytest.fixture
def blueprint(installation: Installation, tmp_path: Path) -> Blueprint:
    return _blueprint(installation, tmp_path / "home")


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts, and stops at the end of the test whatever it started."""
    started: list[RunningAsterisk] = []

    async def start_one(blueprint: Blueprint) -> RunningAsterisk:
        started.append(await run.start(blueprint))
        return started[-1]

    yield start_one
    for running in started:
        await run.stop(running)


@pytest.fixture
def sipp(tmp_path: Path) -> Sipp:
    return Sipp(find_sipp(cache_folder(), print), tmp_path)


async def test_an_untried_release_is_put_on_trial_and_leaves_nothing_behind(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    udp_ports()  # what is lent is written where others see it, not in the folder below
    with tempfile.TemporaryDirectory() as folder:  # its path is as short as it is for an operator
        monkeypatch.setattr(tempfile, "tempdir", folder)
        assert await self_test(installation) is None

        assert not left_running(Path(folder))
        assert os.listdir(folder) == []


async def test_a_release_that_lacks_a_module_of_ours_fails_its_trial(
    installation: Installation, tmp_path: Path
) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    for file in installation.modules.iterdir():
        if file.name not in {"bridge_softmix.so", "app_playback.so"}:
            (modules / file.name).symlink_to(file)

    wrong = await self_test(replace(installation, modules=modules))

    assert wrong is not None
    assert "bridge_softmix" in wrong
    assert "app_playback" in wrong


async def test_it_answers_ari_and_its_log_is_free_of_errors(
    start: Start, blueprint: Blueprint
) -> None:
    running = await start(blueprint)

    async with _ari(running) as ari, ari.get("endpoints/PJSIP") as answer:
        endpoints = {endpoint["resource"] for endpoint in await answer.json()}

    assert endpoints == {"local", "direct", "kari"}
    assert running.version.startswith(blueprint.installation.version)
    assert not [line for line in _log(blueprint) if "ERROR" in line]


async def test_a_caller_whom_no_server_meets_hears_sorry_and_is_hung_up(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(replace(blueprint, floor=Floor(wait_seconds=0)))

    await sipp.calls(running, "+4755001122", CALLER_IS_ANSWERED)

    assert await _channels(running) == []


async def test_an_emergency_call_from_a_phone_never_reaches_the_server(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(blueprint)

    async with _application(running) as arrivals:
        await sipp.calls(running, "112", PHONE_IS_REFUSED)
        await sipp.calls(running, "100", CALLER_IS_REFUSED)
        arrival = await anext(arrivals)

    assert arrival["args"][1] == "100"
    assert any("to 112 from phone kari refused" in line for line in _log(blueprint))


async def test_a_phone_without_the_password_cannot_call(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(replace(blueprint, accounts=(PhoneAccount("kari", "another-password"),)))

    await sipp.calls(running, "112", PHONE_IS_NOT_KNOWN)

    assert not any("emergency call" in line for line in _log(blueprint))


async def test_what_was_dialled_reaches_the_server_with_the_call_id_and_the_calls_own_time(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(replace(blueprint, test_facts=True))

    async with _application(running) as arrivals:
        for dialled in ("+4755001122", "100", "*21*5#", "sentralbord"):
            await sipp.calls(running, dialled, CALLER_IS_REFUSED)
            arrival = await anext(arrivals)

            kind, number, call_id, *told = arrival["args"]
            assert (kind, number) == ("call", dialled)
            assert re.fullmatch(r"\d+-\d+@127\.0\.0\.1", call_id)
            assert told[0].startswith("from=127.0.0.1:")
            assert told[1:] == ["forwarded=", "time=2026-12-24T11:00:00+01:00"]


async def test_a_calls_own_time_is_not_listened_to_outside_tests(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(blueprint)

    async with _application(running) as arrivals:
        await sipp.calls(running, "100", CALLER_IS_REFUSED)
        arrival = await anext(arrivals)

    assert not any(told.startswith("time=") for told in arrival["args"])


async def test_a_phone_that_does_not_register_is_rung_at_its_address(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(blueprint)
    port = udp_ports()

    async with _application(running) as arrivals, sipp.phone(port):
        await _ring(running, f"PJSIP/direct/sip:kari@127.0.0.1:{port}")
        answered = await anext(arrivals)

    assert answered["channel"]["name"].startswith("PJSIP/direct-")


async def test_a_phone_that_registers_is_rung_by_its_account(
    start: Start, blueprint: Blueprint, sipp: Sipp
) -> None:
    running = await start(blueprint)
    port = udp_ports()

    await sipp.calls(running, "kari", REGISTERS, port)
    async with _application(running) as arrivals, sipp.phone(port):
        await _ring(running, "PJSIP/kari")
        answered = await anext(arrivals)

    assert answered["channel"]["name"].startswith("PJSIP/kari-")


async def test_two_run_at_the_same_time_and_are_told_apart(
    start: Start, installation: Installation, tmp_path: Path
) -> None:
    first = await start(_blueprint(installation, tmp_path / "first"))
    second = await start(_blueprint(installation, tmp_path / "second"))

    ids = [(await _about(running))["system"]["entity_id"] for running in (first, second)]

    assert len(set(ids)) == 2


async def test_stopping_leaves_no_process_and_it_wrote_nothing_outside_its_home(
    blueprint: Blueprint,
) -> None:
    running = await run.start(blueprint)
    process = psutil.Process(running.pid)
    opened = {Path(file.path) for file in process.open_files() if "r" not in file.mode[1:]}
    written = {path for path in opened if not path.is_relative_to(blueprint.installation.data)}
    sockets = {unix.laddr for unix in process.net_connections("unix") if unix.laddr}

    await run.stop(running, drain_seconds=10)

    assert not psutil.pid_exists(running.pid)
    assert run.find_running(blueprint.home) is None
    assert not {path for path in written if not path.is_relative_to(blueprint.home)}
    assert sockets <= {"run/asterisk.ctl"}


async def test_an_asterisk_that_a_crashed_server_left_is_found_again(
    start: Start, blueprint: Blueprint
) -> None:
    left = await start(blueprint)

    found = await start(replace(blueprint, http_port=free_port(), accounts=()))

    assert found.adopted
    assert (found.pid, found.ari_url) == (left.pid, left.ari_url)
    assert "Unable to find object kari" in await console.say(
        found.blueprint, "pjsip show endpoint kari"
    )


async def test_one_that_was_left_with_other_addresses_is_replaced_when_no_call_is_up(
    start: Start, blueprint: Blueprint
) -> None:
    left = await start(blueprint)

    found = await start(replace(blueprint, http_port=free_port(), sip_port=udp_ports()))

    assert not found.adopted
    assert not psutil.pid_exists(left.pid)


async def test_a_new_phone_is_known_without_a_restart(start: Start, blueprint: Blueprint) -> None:
    running = await start(blueprint)
    ola = PhoneAccount("ola", "qrst-uvwx-yzab-cdef")

    again = await run.reconfigure(running, replace(blueprint, accounts=(KARI, ola)))

    async with _ari(again) as ari, ari.get("endpoints/PJSIP/ola") as answer:
        assert answer.status == 200
    assert again.pid == running.pid


async def test_an_asterisk_of_an_earlier_version_gets_the_modules_that_it_lacks(
    start: Start, blueprint: Blueprint
) -> None:
    modules = [module for module in MODULES if module != "app_softhangup"]
    older = replace(blueprint, instead=(("modules.conf", modules_listed(modules)),))
    running = await start(older)
    assert not await _has_module(running, "app_softhangup")

    again = await run.reconfigure(running, blueprint)

    assert await _has_module(again, "app_softhangup")


async def _has_module(running: RunningAsterisk, module: str) -> bool:
    async with _ari(running) as ari, ari.get(f"asterisk/modules/{module}.so") as answer:
        return answer.status == 200


async def test_a_home_whose_path_is_longer_than_a_socket_may_have_is_no_obstacle(
    start: Start, installation: Installation, tmp_path: Path
) -> None:
    home = tmp_path / ("a" * 120)

    running = await start(_blueprint(installation, home))

    assert "Channel" in await console.say(running.blueprint, "core show channels")


class CallFailed(Exception):
    """SIPp did not see what the scenario says."""


@dataclass(frozen=True)
class Sipp:
    argv: tuple[str, ...]
    folder: Path

    async def calls(
        self, running: RunningAsterisk, dialled: str, scenario: str, port: int | None = None
    ) -> None:
        """Place one call; CallFailed unless all of the scenario comes true within its time."""
        script = self.folder / "scenario.xml"
        script.write_text(scenario)
        calling = await self._begin(
            script, port or udp_ports(), running.blueprint.sip_address, "-s", dialled, "-au", KARI.name,
            "-ap", KARI.password,
        )  # fmt: skip
        await self._end(calling)

    @asynccontextmanager
    async def phone(self, port: int) -> AsyncIterator[None]:
        """A phone at `port` that answers one call and is hung up."""
        script = self.folder / "phone.xml"
        script.write_text(PHONE_ANSWERS)
        ringing = await self._begin(script, port, "-aa")
        yield
        await self._end(ringing)

    async def _begin(self, script: Path, port: int, *more: str) -> asyncio.subprocess.Process:
        media = udp_ports(4)
        argv = [*self.argv, *more, "-sf", str(script), "-i", "127.0.0.1", "-p", str(port)]
        argv += ["-mp", str(media), "-m", "1", "-nostdin", "-timeout", "20", "-timeout_error"]
        return await asyncio.create_subprocess_exec(
            *argv,
            cwd=self.folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    @staticmethod
    async def _end(calling: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(30):
            _, said = await calling.communicate()
        if calling.returncode != 0:
            raise CallFailed(said.decode(errors="replace"))


def _blueprint(installation: Installation, home: Path) -> Blueprint:
    rtp_first = udp_ports(FEW)
    return Blueprint(
        home=home,
        installation=installation,
        http_port=free_port(),
        ari_password="abcd-efgh-ijkl-mnop",
        fallback_prompt=installation.sounds / "vm-sorry",
        sip_port=udp_ports(),
        rtp_first=rtp_first,
        rtp_last=rtp_first + FEW - 1,
        accounts=(KARI,),
    )


@asynccontextmanager
async def _ari(running: RunningAsterisk) -> AsyncIterator[aiohttp.ClientSession]:
    blueprint = running.blueprint
    header = aiohttp.encode_basic_auth(blueprint.ari_user, blueprint.ari_password)
    headers = {"Authorization": header}
    async with aiohttp.ClientSession(f"{running.ari_url}/", headers=headers) as session:
        yield session


@asynccontextmanager
async def _application(running: RunningAsterisk) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """A server that refuses every call; yields the arrivals."""
    async with _ari(running) as ari, ari.ws_connect("events?app=ivr") as socket:
        arrivals: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def read() -> None:
            async for message in socket:
                event = json.loads(message.data)
                if event["type"] == "StasisStart":
                    arrivals.put_nowait(event)
                    channel = event["channel"]["id"]
                    await ari.delete(f"channels/{channel}", params={"reason_code": "17"})

        async def each() -> AsyncIterator[dict[str, Any]]:
            while True:
                async with asyncio.timeout(10):
                    yield await arrivals.get()

        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(read(), name="read")
            yield each()
            reading.cancel()


async def _ring(running: RunningAsterisk, endpoint: str) -> None:
    ringing = {"endpoint": endpoint, "app": "ivr", "callerId": "+4755123456"}
    async with _ari(running) as ari, ari.post("channels", params=ringing) as answer:
        assert answer.status == 200


async def _about(running: RunningAsterisk) -> dict[str, Any]:
    async with _ari(running) as ari, ari.get("asterisk/info") as answer:
        about: dict[str, Any] = await answer.json()
        return about


async def _channels(running: RunningAsterisk) -> list[dict[str, Any]]:
    async with _ari(running) as ari, ari.get("channels") as answer:
        channels: list[dict[str, Any]] = await answer.json()
        return channels


def _log(blueprint: Blueprint) -> list[str]:
    return (blueprint.folder / "log/messages.log").read_text().splitlines()


def _invite(user: str, sequence: int, authentication: str = "") -> str:
    sound = "v=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\n"
    sound += "m=audio [media_port] RTP/AVP 8 96\na=rtpmap:8 PCMA/8000\n"
    sound += "a=rtpmap:96 telephone-event/8000\n"
    headers = f"X-Sim-Now: 2026-12-24T11:00:00+01:00\n{authentication}"
    headers += "Content-Type: application/sdp\nContent-Length: [len]\n"
    return _request("INVITE", user, sequence, f"{headers}\n{sound}", to="")


def _request(method: str, user: str, sequence: int, rest: str, to: str) -> str:
    return f"""<send{' retrans="500"' if method == "INVITE" else ""}><![CDATA[
{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:{user}@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]>{to}
Call-ID: [call_id]
CSeq: {sequence} {method}
Contact: <sip:{user}@[local_ip]:[local_port]>
Max-Forwards: 70
{rest}]]></send>"""


def _acknowledge(user: str, sequence: int) -> str:
    return _request("ACK", user, sequence, "Content-Length: 0\n\n", to="[peer_tag_param]")


def _scenario(*steps: str) -> str:
    head = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="call">'
    return "\n".join([head, *steps, "</scenario>"])


_ANSWER = """<send><![CDATA[
SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
{rest}]]></send>"""
_SOUND = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
"""
_PROVISIONAL = '<recv response="100" optional="true"/>'
_HANGS_UP_TO_US = """<recv request="BYE" timeout="15000"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>"""

CALLER_IS_ANSWERED = _scenario(
    _invite("+4755123456", 1),
    _PROVISIONAL,
    '<recv response="200"/>',
    _acknowledge("+4755123456", 1),
    _HANGS_UP_TO_US,
)


def caller_hears(answer: int) -> str:
    return _scenario(
        _invite("+4755123456", 1),
        _PROVISIONAL,
        f'<recv response="{answer}"/>',
        _acknowledge("+4755123456", 1),
    )


CALLER_IS_REFUSED = caller_hears(486)

PHONE_IS_REFUSED = _scenario(
    _invite("kari", 1),
    '<recv response="401" auth="true"/>',
    _acknowledge("kari", 1),
    _invite("kari", 2, authentication="[authentication]\n"),
    _PROVISIONAL,
    '<recv response="503"/>',
    _acknowledge("kari", 2),
)

PHONE_IS_NOT_KNOWN = _scenario(
    _invite("kari", 1),
    '<recv response="401" auth="true"/>',
    _acknowledge("kari", 1),
    _invite("kari", 2, authentication="[authentication]\n"),
    _PROVISIONAL,
    '<recv response="401"/>',
    _acknowledge("kari", 2),
)

PHONE_ANSWERS = _scenario(
    '<recv request="INVITE"/>',
    _ANSWER.format(status="180 Ringing", rest="Content-Length: 0\n\n"),
    _ANSWER.format(status="200 OK", rest=_SOUND),
    '<recv request="ACK"/>',
    _HANGS_UP_TO_US,
)

REGISTERS = _scenario(
    _request("REGISTER", "kari", 1, "Content-Length: 0\n\n", to=""),
    '<recv response="401" auth="true"/>',
    _request("REGISTER", "kari", 2, "[authentication]\nContent-Length: 0\n\n", to=""),
    '<recv response="200"/>',
)
