"""One set of tests, two Asterisks: the twin in memory, and a real one that is started here.

On the real one a caller is a Local channel: its far end comes into our application through the dialplan, its near end
belongs to a second application, where the test presses keys and hangs up. Phones are Local channels into
a few lines of dialplan.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import Arrival, Entered
from ivr.ari.fake import Caller, FakeAsterisk
from ivr.ari.generated.operations import Channels
from ivr.ari.link import Address, Link
from ivr.ari.node import Node
from ivr.asterisk import console, run
from ivr.asterisk.blueprint import Blueprint, MusicClass, PhoneAccount
from ivr.asterisk.installation import Installation, private_installation
from ivr.asterisk.obtain import cache_folder, find_asterisk
from ivr.asterisk.ports import free_port
from ivr.asterisk.run import RunningAsterisk
from tests.ports import FEW, udp_ports

PASSWORD = "contract-tests-only"
EXTENSIONS = {
    "caller": ("Stasis(ivr)",),
    "answers": ("Answer()", "Wait(30)"),
    "hangs_up": ("Answer()", "Wait(0.3)", "Hangup()"),
    "busy": ("Busy(1)",),
    "never": ("Ringing()", "Wait(30)"),
}


class Someone(Protocol):
    """Who called in."""

    async def is_answered(self) -> None: ...
    async def keys(self, digits: str) -> None: ...
    async def hangs_up(self) -> None: ...


class Rig(Protocol):
    """An Asterisk with a node on it. `answers` … are endpoints to ring; `hello` and `missing` are media."""

    node: Node
    answers: str
    hangs_up: str
    busy: str
    never: str
    unregistered: str
    hello: str
    missing: str

    async def call_in(self) -> Someone:
        """Somebody calls."""

    def recorded_bytes(self, name: str) -> int:
        """The size of a recording's file; 0 when there is none."""

    async def registers(self, name: str) -> None:
        """The account `kari` or `ola` gets a phone, to the end of all tests on this Asterisk."""


class TwinCaller:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def is_answered(self) -> None:
        await self._caller.is_answered()

    async def keys(self, digits: str) -> None:
        self._caller.keys(digits)

    async def hangs_up(self) -> None:
        self._caller.hangs_up()


class TwinRig:
    hello, missing = "sound:hello", "sound:nowhere"
    answers, hangs_up, busy = "PJSIP/answers", "PJSIP/hangs_up", "PJSIP/busy"
    never, unregistered = "PJSIP/never", "PJSIP/absent"

    def __init__(self) -> None:
        self.asterisk = FakeAsterisk(media_seconds=1.0)
        self.asterisk.faults.missing_media.add("nowhere")
        self.asterisk.phone(self.answers, answers_after=0.0)
        self.asterisk.phone(self.busy, busy=True)
        self.asterisk.phone(self.never)
        self.asterisk.phone(self.hangs_up, answers_after=0.0, hangs_up_after=0.3)
        self.asterisk.phone(self.unregistered, gone=True)
        self._accounts = {
            name: self.asterisk.phone(f"PJSIP/{name}", gone=True) for name in ("kari", "ola")
        }
        self.node = Node(self.asterisk, app="ivr")

    async def call_in(self) -> Someone:
        return TwinCaller(self.asterisk.ring("+4790000001", dialled="caller"))

    def recorded_bytes(self, name: str) -> int:
        return int(self.asterisk.stored_recordings.get(name, 0) * 16_000)

    async def registers(self, name: str) -> None:
        self._accounts[name].registers()


class RealCaller:
    """The near end of a Local channel, in an application of its own."""

    def __init__(
        self, channel: Channel, channels: Channels, entered: AsyncIterator[Entered]
    ) -> None:
        self._channel = channel
        self._channels = channels
        self._entered = entered

    async def is_answered(self) -> None:
        await anext(self._entered)
        await self._channel.start_music("calm")  # somebody who makes a sound: no sound, no RTP

    async def keys(self, digits: str) -> None:
        await self._channels.send_dtmf(self._channel.id, dtmf=digits)

    async def hangs_up(self) -> None:
        await self._channel.hang_up()


class RealRig:
    answers, hangs_up = "Local/answers@contract", "Local/hangs_up@contract"
    busy, never, unregistered = "Local/busy@contract", "Local/never@contract", "PJSIP/absent"
    missing = "sound:/nowhere/nowhere"

    def __init__(self, running: RunningAsterisk) -> None:
        self._blueprint = running.blueprint
        self.hello = f"sound:{running.blueprint.installation.sounds}/vm-goodbye"
        self.link = self._link("ivr")
        self.node = Node(self.link, app="ivr", callers="Local/")
        self._people_link = self._link("people")
        self.people = Node(self._people_link, app="people", callers="Local/")
        self.open = AsyncExitStack()

    def _link(self, app: str) -> Link:
        blueprint = self._blueprint
        return Link(
            Address("127.0.0.1", blueprint.http_port, blueprint.ari_user, PASSWORD), app=app
        )

    async def call_in(self) -> Someone:
        near = self.people.channel(ids.new("leg"))
        entered = await self.open.enter_async_context(near.listen(Entered))
        await near.originate(
            "Local/caller@contract",
            caller_number="+4790000001",
            caller_name="",
            timeout_seconds=30,
        )
        return RealCaller(near, Channels(self._people_link), entered)

    def recorded_bytes(self, name: str) -> int:
        file = self._blueprint.folder / "spool" / "recording" / f"{name}.wav"
        return file.stat().st_size if file.exists() else 0

    async def registers(self, name: str) -> None:
        await asyncio.to_thread(register, name, self._blueprint.sip_port)


def register(name: str, sip_port: int) -> None:
    """Do what a phone does: register, answer the challenge, and say that it lives when asked (OPTIONS)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        phone.settimeout(5)
        phone.connect(("127.0.0.1", sip_port))
        port = phone.getsockname()[1]
        phone.send(registration(name, port, 1, ""))
        is_registered = is_asked = False
        while not (is_registered and is_asked):
            text = phone.recv(4096).decode()
            if text.startswith("OPTIONS "):
                phone.send(alive(text))
                is_asked = True
            elif "CSeq: 1 REGISTER" in text:
                asked = dict(re.findall(r'(realm|nonce|opaque)="([^"]*)"', text))
                phone.send(registration(name, port, 2, authorization(name, asked)))
            else:
                assert text.startswith("SIP/2.0 200 "), text
                is_registered = True


def alive(options: str) -> bytes:
    kept = ("Via:", "From:", "To:", "Call-ID:", "CSeq:")
    lines = [line for line in options.splitlines() if line.startswith(kept)]
    return "\r\n".join(["SIP/2.0 200 OK", *lines, "Content-Length: 0\r\n\r\n"]).encode()


def authorization(name: str, asked: dict[str, str]) -> str:
    """The answer to a digest challenge, RFC 2617 with qop=auth."""
    uri, nonce = "sip:127.0.0.1", asked["nonce"]
    who = md5(f"{name}:{asked['realm']}:{PASSWORD}")
    response = md5(f"{who}:{nonce}:00000001:0a:auth:{md5(f'REGISTER:{uri}')}")
    return (
        f'Authorization: Digest username="{name}", realm="{asked["realm"]}", nonce="{nonce}", '
        f'uri="{uri}", response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a", '
        f'opaque="{asked.get("opaque", "")}"\r\n'
    )


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def registration(name: str, port: int, number: int, extra: str) -> bytes:
    lines = (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{port}{number}",
        "Max-Forwards: 70",
        f"From: <sip:{name}@127.0.0.1>;tag={port}",
        f"To: <sip:{name}@127.0.0.1>",
        f"Call-ID: {port}-contract",
        f"CSeq: {number} REGISTER",
        f"Contact: <sip:{name}@127.0.0.1:{port}>",
        "Expires: 60",
    )
    return ("\r\n".join(lines) + f"\r\n{extra}Content-Length: 0\r\n\r\n").encode()


@pytest.fixture(scope="session")
def installation() -> Installation:
    """The private Asterisk: in the cache, or where IVR_ASTERISK_PREFIX says that packages were unpacked."""
    prefix = os.environ.get("IVR_ASTERISK_PREFIX")
    if not prefix:
        return find_asterisk(cache_folder(), print)
    installation = private_installation(Path(prefix))
    if installation is None:
        pytest.fail(f"IVR_ASTERISK_PREFIX={prefix} holds no Asterisk that can be run")
    return installation


def plan_of(installation: Installation, home: Path) -> Blueprint:
    rtp_first = udp_ports(FEW)
    return Blueprint(
        home=home,
        installation=installation,
        http_port=free_port(),
        ari_password=PASSWORD,
        fallback_prompt=installation.sounds / "vm-sorry",
        sip_port=udp_ports(),
        rtp_first=rtp_first,
        rtp_last=rtp_first + FEW - 1,
        accounts=tuple(PhoneAccount(name, PASSWORD) for name in ("kari", "ola", "absent")),
        music=(MusicClass("calm", tuple(sorted(installation.sounds.glob("*.wav")))),),
    )


@pytest.fixture
def make_plan() -> Callable[[Installation, Path], Blueprint]:
    return plan_of


@pytest.fixture(scope="session")
def running_asterisk(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    running = asyncio.run(_start(plan_of(installation, tmp_path_factory.mktemp("contract"))))
    yield running
    asyncio.run(run.stop(running))


async def _start(blueprint: Blueprint) -> RunningAsterisk:
    running = await run.start(blueprint)
    for name, steps in EXTENSIONS.items():
        for place, step in enumerate(steps, start=1):
            await console.say(
                blueprint, f"dialplan add extension {name},{place},{step} into contract"
            )
    return running


@pytest.fixture
def place(request: pytest.FixtureRequest) -> RunningAsterisk | None:
    """The real Asterisk where the test's loop is the real one; started outside of any loop."""
    if "[real" not in request.node.name:
        return None
    running = request.getfixturevalue("running_asterisk")
    assert isinstance(running, RunningAsterisk)
    return running


@pytest.fixture
async def rig(place: RunningAsterisk | None) -> AsyncIterator[Rig]:
    rig = TwinRig() if place is None else RealRig(place)
    nodes = [rig.node, rig.people] if isinstance(rig, RealRig) else [rig.node]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(node.run()) for node in nodes]
        for node in nodes:
            await node.ready()
        yield rig
        if isinstance(rig, RealRig):
            await rig.open.aclose()
        for task in running:
            task.cancel()


class Calls:
    """Takes calls on a rig, and lets go of what it took."""

    def __init__(self, rig: Rig, arrivals: AsyncIterator[Arrival]) -> None:
        self._rig = rig
        self._arrivals = arrivals

    async def one(self) -> tuple[Someone, Channel]:
        """Somebody calls; their end and ours."""
        someone = await self._rig.call_in()
        arrival = await anext(self._arrivals)
        return someone, self._rig.node.channel(arrival.channel_id)

    async def one_answered(self) -> tuple[Someone, Channel]:
        """Somebody calls and is answered."""
        someone, leg = await self.one()
        await leg.answer()
        await someone.is_answered()
        return someone, leg


@asynccontextmanager
async def calls_on(rig: Rig) -> AsyncIterator[Calls]:
    async with rig.node.arrivals() as arrivals:
        yield Calls(rig, arrivals)
        for channel_id in rig.node.followed():
            await rig.node.channel(channel_id).hang_up()
            rig.node.release(channel_id)


@pytest.fixture
async def calls(rig: Rig) -> AsyncIterator[Calls]:
    async with calls_on(rig) as calls:
        yield calls
