"""Whether the other side is there, asked during a call (session timers), and what silence means. One real server."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic

import pytest
import pytest_asyncio

from ivr.asterisk.passwords import keep_passwords
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import Message, PlainPhone, plain_phone
from tests.acceptance.probe import FRAME_SAMPLES, SILENCE, Inbox, offer
from tests.acceptance.serving import Server, addresses, started, tone_prompts

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

SILENCE_SECONDS = 2
SOUND_EVERY_SECONDS = 0.5
SHORTEST_SECONDS = 90
QUESTIONS = ("UPDATE", "INVITE")

TELIA, LYSE = "127.0.0.41", "127.0.0.42"

SETTINGS = """\
[[trunk]]
name = "telia"
addresses = ["127.0.0.41:{telia}"]
own_number = "+47 21 00 00 00"
ping_seconds = 0

[[trunk]]
name = "lyse"
addresses = ["127.0.0.42:{lyse}"]
silence_seconds = 2
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
  main: {say: welcome, keys: {1: hangup}, wait: 60s, tries: 3, nothing_chosen: hangup}
phones:
  vakt: {phone: +47 90 00 00 01, no_answer: hangup}
agents:
  ola: {name: Ola, phone: ola}
"""
VAKT, MENU = "+4755301000", "+4721000000"


@dataclass(frozen=True, slots=True)
class Line:
    """A server, and the carriers that it calls over."""

    server: Server
    telia: Carrier
    lyse: Carrier


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    folder = tmp_path_factory.mktemp("refresh")
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia, lyse = [
            await scopes.enter_async_context(carrier(sip, host)) for host in (TELIA, LYSE)
        ]
        ports = {"telia": telia.inbox.port, "lyse": lyse.inbox.port}
        (folder / "ivr.toml").write_text(SETTINGS.format(**ports))
        prompts = tone_prompts(folder / "prompts", welcome=440)
        server = await scopes.enter_async_context(started(folder, RULES, prompts, at))
        yield Line(server, telia, lyse)


async def sound_from(sound: Inbox, answer: Message, seconds: float) -> None:
    """Send a packet of silence now and then, for so long, where the answer wants sound."""
    port = re.search(r"(?m)^m=audio (\d+) ", answer.text)
    assert port is not None
    for number in range(round(seconds / SOUND_EVERY_SECONDS)):
        head = struct.pack("!BBHII", 0x80, 8, number, number * FRAME_SAMPLES, 0x5E47_AB0D)
        sound.send(head + SILENCE, ("127.0.0.1", int(port[1])))
        await asyncio.sleep(SOUND_EVERY_SECONDS)


async def test_a_trunk_that_is_silent_for_longer_than_it_may_be_is_let_go_and_one_that_speaks_is_not(
    line: Line,
) -> None:
    sound = await Inbox.open(LYSE)
    async with plain_phone(line.server.sip, "x", host=LYSE) as played:
        played.sound_at = sound.port
        dialog, answer = await played.call(MENU)
        await sound_from(sound, answer, 2.5 * SILENCE_SECONDS)
        lives = await played.request(dialog, "OPTIONS")
        bye = await played.receives("BYE")
        played.answer(bye, "200 OK")
    sound.transport.close()

    assert lives.status == 200
    assert "cause=44" in bye.header("Reason")
    record = await line.server.record(dialog.call_id)
    assert (record.ended_by, record.hangup_cause) == ("lost", 44)


TIMED = f"Supported: timer\r\nSession-Expires: {SHORTEST_SECONDS};refresher=uas"
HALF_TIME_SECONDS = SHORTEST_SECONDS / 2


@pytest.mark.long
async def test_a_session_is_refreshed_at_half_time_and_ends_only_where_nobody_is_there(
    line: Line,
) -> None:
    """Four calls at once, since the shortest session that Asterisk agrees to is of 90 seconds."""
    async with asyncio.TaskGroup() as group:
        over_trunk = group.create_task(is_asked(line, "x", TELIA, "200 OK"), name="in")
        gone = group.create_task(is_asked(line, "x", TELIA, "481 Gone"), name="gone")
        muted = group.create_task(is_asked(line, "ola", "127.0.0.1", "200 OK"), name="muted")
        outside = group.create_task(refreshed_outside(line), name="out")

    for asked in (over_trunk, gone, muted, outside):
        assert HALF_TIME_SECONDS - 1 < asked.result()[0] < HALF_TIME_SECONDS + 5
    assert over_trunk.result()[1] == muted.result()[1] == outside.result()[1] == "there"
    assert gone.result()[1] == "let go"


async def is_asked(line: Line, who: str, host: str, answers: str) -> tuple[float, str]:
    """A call that sends no packet of sound: when it is asked whether it is there, and whether it then still is."""
    password = keep_passwords(line.server.home, [who]).phones[who] if who == "ola" else ""
    async with plain_phone(line.server.sip, who, password, host=host) as caller:
        caller.patience_seconds = SHORTEST_SECONDS
        dialog, answer = await caller.call(MENU, TIMED)
        assert answer.header("Session-Expires") == f"{SHORTEST_SECONDS};refresher=uas"
        began = monotonic()
        asked = await question(caller)
        after = monotonic() - began
        told = f"Contact: <sip:{who}@{host}:{caller.inbox.port}>\r\nRequire: timer\r\n"
        told += f"Session-Expires: {SHORTEST_SECONDS};refresher=uac"
        sound = offer(9, host) if asked.method == "INVITE" else ""
        caller.answer(asked, answers, told, sound)
        if answers != "200 OK":
            caller.answer(await caller.receives("BYE"), "200 OK")
            return after, "let go"
        lives = await caller.request(dialog, "OPTIONS")
        await caller.hang_up(dialog)
    return after, "there" if lives.status == 200 else "let go"


async def refreshed_outside(line: Line) -> tuple[float, str]:
    """As `is_asked`, of somebody outside whom we called."""
    telia = line.telia
    mine = (
        f"Contact: <sip:carrier@{TELIA}:{telia.inbox.port}>\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n"
    )
    timed = f"{mine}Require: timer\r\nSession-Expires: {SHORTEST_SECONDS};refresher=uac"
    telia.says = lambda invite: telia.answer(invite, "200 OK", timed, offer(9, TELIA))
    async with plain_phone(line.server.sip, "x") as caller:
        caller.patience_seconds = SHORTEST_SECONDS
        dialog, _ = await caller.call(VAKT)
        began = monotonic()
        asked = await telia.others.get()
        while asked.method not in QUESTIONS or asked in telia.invites:
            asked = await telia.others.get()
        after = monotonic() - began
        telia.answer(asked, "200 OK", timed, offer(9, TELIA) if asked.method == "INVITE" else "")
        now = await line.server.health()
        assert now["trunks"]["telia"]["calls_out"] == 1
        await caller.hang_up(dialog)
    return after, "there"


async def question(caller: PlainPhone) -> Message:
    """The first request within a call that asks whether somebody is there."""
    async with asyncio.timeout(caller.patience_seconds):
        while True:
            _, packet = await caller.inbox.packets.get()
            message = Message(packet.decode("latin-1"))
            if message.method in QUESTIONS:
                return message
