"""What differs from carrier to carrier: proxies, several machines, how keys come, which codecs. One real server."""

from __future__ import annotations

import asyncio
import math
import re
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio

from ivr.records.events import CalledOut, CallOutFailed
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import Dialog, Message, PlainPhone, plain_phone
from tests.acceptance.probe import FRAME_SAMPLES, FRAME_SECONDS, SILENCE, Inbox, offer
from tests.acceptance.serving import Server, addresses, started, tone_prompts
from tests.acceptance.tones import LINEAR

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

FIRST, SECOND, PROXY = "127.0.0.61", "127.0.0.62", "127.0.0.63"
BY_INFO, BY_TONES, BY_EITHER = "127.0.0.64", "127.0.0.65", "127.0.0.66"

SETTINGS = """\
[outgoing]
calls_each_minute = 1000

[[trunk]]
name = "two"
addresses = ["127.0.0.61:{first}", "127.0.0.62:{second}"]
calls_from = ["127.0.0.61", "127.0.0.62"]
own_number = "+47 21 00 00 00"
number_form = "47"
codecs = ["g722", "alaw"]
first_answer_seconds = 2
ping_seconds = 0

[[trunk]]
name = "far"
addresses = ["192.0.2.1"]
calls_from = ["127.0.0.63"]
proxy = "127.0.0.63:{proxy}"
registrar = "registrar.carrier.example"
domain = "sip.carrier.example"
register = true
account = "4755301000"
login = "trunk-47"
password_file = "far.password"
own_number = "+47 22 00 00 00"
number_form = "national"
identity = "none"
first_answer_seconds = 2
ping_seconds = 0

[[trunk]]
name = "info"
addresses = ["127.0.0.64"]
digits = "info"
ping_seconds = 0

[[trunk]]
name = "tones"
addresses = ["127.0.0.65"]
digits = "inband"
ping_seconds = 0

[[trunk]]
name = "either"
addresses = ["127.0.0.66"]
digits = "auto"
ping_seconds = 0
"""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {to: phone vakt}
  anything else: {to: menu main}
menus:
  main: {say: welcome, keys: {5: hangup}, wait: 60s, tries: 1, nothing_chosen: hangup}
phones:
  vakt: {phone: +47 90 00 00 01, no_answer: hangup}
"""
VAKT, MENU = "+4755301000", "+4721000000"


@dataclass(frozen=True, slots=True)
class World:
    """A server, and the machines of its carriers."""

    server: Server
    first: Carrier
    second: Carrier
    proxy: Carrier


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("ways")
    (folder / "far.password").write_text("hemme;lig\n")
    (folder / "far.password").chmod(0o600)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        first, second = [
            await scopes.enter_async_context(carrier(sip, host)) for host in (FIRST, SECOND)
        ]
        proxy = await scopes.enter_async_context(
            carrier(sip, PROXY, login="trunk-47", secret="hemme;lig")
        )
        machines = {"first": first, "second": second, "proxy": proxy}
        ports = {name: one.inbox.port for name, one in machines.items()}
        (folder / "ivr.toml").write_text(SETTINGS.format(**ports))
        prompts = tone_prompts(folder / "prompts", welcome=440)
        server = await scopes.enter_async_context(started(folder, RULES, prompts, at))
        yield World(server, first, second, proxy)


@pytest_asyncio.fixture(loop_scope="module")
async def world(shared: World) -> World:
    """The same for all, as it was at first."""
    for one in (shared.first, shared.second, shared.proxy):
        one.to_invite, one.is_deaf = ("200 OK",), False
        one.invites.clear()
    return shared


async def test_of_several_machines_the_next_is_called_where_one_is_silent_and_each_may_call(
    world: World,
) -> None:
    world.first.is_deaf = True
    async with plain_phone(world.server.sip, "x") as caller:
        dialog, _ = await caller.call(VAKT)
        await world.second.until(1, of=world.second.invites)
        await caller.hang_up(dialog)
    world.first.is_deaf = False

    (invite,) = world.second.invites
    assert invite.first_line.startswith("INVITE sip:4790000001@")
    offered = re.findall(r"(?m)^m=audio \d+ RTP/AVP ([\d ]+)", invite.text)
    assert offered[0].split()[:2] == ["9", "8"]
    record = await world.server.record(dialog.call_id)
    events = await world.server.events(record.call_id)
    tried = [one.address for one in events if isinstance(one, CalledOut)]
    assert tried == [f"{one.host}:{one.inbox.port}" for one in (world.first, world.second)]
    failed = [one.status for one in events if isinstance(one, CallOutFailed)]
    assert failed == [None]

    for played in (world.first, world.second):
        comes, answer = await played.call(MENU)
        assert answer.status == 200
        now = await world.server.health()
        assert now["trunks"]["two"]["calls_in"] == 1
        await played.hang_up(comes)
        await world.server.record(comes.call_id)


async def test_all_goes_through_the_proxy_to_a_registrar_and_a_domain_of_other_names(
    world: World,
) -> None:
    await world.proxy.until(1)
    await world.server.becomes(lambda now: now["trunks"]["far"]["registered"])
    asked = world.proxy.asked[-1]
    assert asked.first_line == "REGISTER sip:registrar.carrier.example SIP/2.0"
    assert "<sip:4755301000@sip.carrier.example>" in asked.header("To")
    assert 'username="trunk-47"' in asked.header("Authorization")

    for one in (world.first, world.second):
        one.to_invite = ("503 Service Unavailable",)
    async with plain_phone(world.server.sip, "x") as caller:
        dialog, _ = await caller.call(VAKT)
        await world.proxy.until(1, of=world.proxy.invites)
        await caller.hang_up(dialog)

    (invite,) = world.proxy.invites
    assert invite.first_line == "INVITE sip:90000001@192.0.2.1 SIP/2.0"
    assert f"{PROXY}:{world.proxy.inbox.port};lr" in invite.header("Route")
    assert "@sip.carrier.example>" in invite.header("From")
    assert invite.header("P-Asserted-Identity") == ""


INFO = ("Content-Type: application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")


async def test_a_key_comes_as_the_trunk_says_that_it_comes(world: World) -> None:
    for host, presses in ((BY_INFO, by_info), (BY_TONES, by_tones), (BY_EITHER, by_tones)):
        async with plain_phone(world.server.sip, "x", host=host) as played:
            sound = await Inbox.open(host)
            dialog = played.dialog(MENU)
            answer = await played.invite(dialog, sound=without_events(offer(sound.port, host)))
            await presses(played, dialog, sound, answer)
            played.answer(await played.receives("BYE"), "200 OK")
            sound.transport.close()
        assert (await world.server.record(dialog.call_id)).ended_by == "rules"


async def test_a_carrier_that_speaks_nothing_of_ours_gets_488(world: World) -> None:
    async with plain_phone(world.server.sip, "x", host=BY_INFO) as played:
        dialog = played.dialog(MENU)
        g729 = offer(9, BY_INFO).replace("RTP/AVP 8", "RTP/AVP 18").replace("8 PCMA", "18 G729")

        assert (await played.invite(dialog, sound=g729)).status == 488


def without_events(sdp: str) -> str:
    """An offer of somebody who sends no keys apart from the sound."""
    return re.sub(r"a=(rtpmap|fmtp):101 .*\r\n", "", sdp).replace(" 101\r\n", "\r\n")


async def by_info(played: PlainPhone, dialog: Dialog, _: Inbox, answer: Message) -> None:
    assert answer.status == 200
    told = await played.request(dialog, "INFO", *INFO)
    assert told.status == 200


async def by_tones(_: PlainPhone, __: Dialog, sound: Inbox, answer: Message) -> None:
    """The two tones of key 5, for a fifth of a second, with silence on both sides."""
    port = re.search(r"(?m)^m=audio (\d+) ", answer.text)
    assert port is not None
    silence = [SILENCE] * 10
    for number, frame in enumerate([*silence, *KEY_5, *silence]):
        head = struct.pack("!BBHII", 0x80, 8, number, number * FRAME_SAMPLES, 0x5E47_AB0D)
        sound.send(head + frame, ("127.0.0.1", int(port[1])))
        await asyncio.sleep(FRAME_SECONDS)


def a_law(value: float) -> int:
    """The octet whose sample is nearest."""
    return min(range(256), key=lambda octet: abs(LINEAR[octet] - value))


_WAVE = [
    4000 * (math.sin(math.tau * 770 * at / 8000) + math.sin(math.tau * 1336 * at / 8000))
    for at in range(10 * FRAME_SAMPLES)
]
KEY_5 = [
    bytes(map(a_law, _WAVE[at : at + FRAME_SAMPLES])) for at in range(0, len(_WAVE), FRAME_SAMPLES)
]
