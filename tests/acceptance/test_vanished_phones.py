"""Phones that fall silent in the middle of a talk: one is killed, one is muted, one began anew. A real Asterisk."""

from __future__ import annotations

import asyncio
import re
import struct
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from ivr.call.lifesign import LOOK_SECONDS
from tests.acceptance.plain_sip import PlainPhone, plain_phone
from tests.acceptance.probe import FRAME_SAMPLES, SILENCE, Inbox, call, offer
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.long]

SORRY_HZ = 620.0
SPEAKS_SECONDS = 2.0
GONE_SECONDS = 2 * LOOK_SECONDS + 32 + 3
GIVEN_UP_SECONDS = 16.0
"""After so long without an answer Asterisk sends BYE."""

KINDS = ("killed", "muted", "simple", "anew", "partner")
RULES = """\
version: 1
languages: [nb]
numbers:
"""


def rules(phones: dict[str, PlainPhone]) -> str:
    """A queue for each phone, which alone answers it."""
    numbers = [f"  +47 21 00 00 0{n}: {{to: queue {one}}}" for n, one in enumerate(phones, 1)]
    queues = [
        f"  {one}: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}"
        for one in phones
    ]
    agents = [
        f'  {one}: {{phone: "sip:{one}@127.0.0.1:{phone.inbox.port}", queues: [{one}]}}'
        for one, phone in phones.items()
    ]
    parts = [RULES.rstrip(), *numbers, "queues:", *queues, "agents:", *agents]
    return "\n".join(parts) + "\n"


async def speaks(phone: PlainPhone) -> Inbox:
    """Answer the call that comes, and send sound for a while."""
    invite = await phone.receives("INVITE")
    sound = await Inbox.open()
    phone.answer(invite, "200 OK", body=offer(sound.port))
    await phone.receives("ACK")
    port = re.search(r"(?m)^m=audio (\d+) ", invite.text)
    assert port is not None
    for number in range(round(SPEAKS_SECONDS / 0.1)):
        head = struct.pack("!BBHII", 0x80, 8, number, number * FRAME_SAMPLES, 0x5E47_AB0D)
        sound.send(head + SILENCE, ("127.0.0.1", int(port[1])))
        await asyncio.sleep(0.1)
    return sound


async def killed(server: Server, phone: PlainPhone) -> None:
    """The caller hears that it is over, and waits for the next."""
    async with call(server.sip, "+4721000001", "+4790000001") as placed:
        sound = await speaks(phone)
        sound.transport.close()
        phone.inbox.transport.close()
        gone_at = monotonic()
        async with asyncio.timeout(GONE_SECONDS):
            await placed.hears(SORRY_HZ)
        assert monotonic() - gone_at > LOOK_SECONDS
        now = await server.health()
        assert now["agents"]["killed"]["state"] != "talking"


async def muted(server: Server, phone: PlainPhone, number: str, status: str) -> None:
    """Whoever answers, whatever it is, goes on talking."""
    async with call(server.sip, number, "+4790000002"):
        sound = await speaks(phone)
        phone.patience_seconds = GONE_SECONDS
        asked = await phone.receives("UPDATE")
        phone.answer(asked, status, body=offer(sound.port) if status == "200 OK" else "")
        phone.patience_seconds = GIVEN_UP_SECONDS + 2
        with pytest.raises(TimeoutError):
            await phone.receives("BYE")
        now = await server.health()
        assert now["agents"][phone.account]["state"] == "talking"
        sound.transport.close()


async def anew(server: Server, phone: PlainPhone) -> None:
    """A phone that was started anew in the middle of it knows of no call: its caller hears so at once."""
    async with call(server.sip, "+4721000004", "+4790000004") as placed:
        sound = await speaks(phone)
        phone.patience_seconds = GONE_SECONDS
        for asked in ("UPDATE", "BYE"):
            phone.answer(await phone.receives(asked), "481 Call/Transaction Does Not Exist")
        async with asyncio.timeout(5):
            await placed.hears(SORRY_HZ)
        sound.transport.close()


async def vanished_caller(server: Server, partner: PlainPhone) -> None:
    """The agent of a caller whose phone was killed is free again."""
    async with plain_phone(server.sip, "+4790000005") as caller:
        sound = await Inbox.open()
        caller.sound_at = sound.port
        dialog = caller.dialog("+4721000005")
        answer = await caller.invite(dialog)
        port = re.search(r"(?m)^m=audio (\d+) ", answer.text)
        assert port is not None
        head = struct.pack("!BBHII", 0x80, 8, 1, FRAME_SAMPLES, 0x5E47_AB0D)
        sound.send(head + SILENCE, ("127.0.0.1", int(port[1])))
        heard = await speaks(partner)
        sound.transport.close()
    partner.patience_seconds = GONE_SECONDS
    partner.answer(await partner.receives("UPDATE"), "200 OK", body=offer(heard.port))
    bye = await partner.receives("BYE")
    partner.answer(bye, "200 OK")
    heard.transport.close()
    record = await server.record(dialog.call_id)
    assert record.ended_by == "lost"


@pytest.mark.fault("F-46", "F-54")
async def test_whoever_is_gone_is_noticed_within_a_minute_and_whoever_is_silent_stays(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    write_tone(prompts / "nb" / "sorry.wav", SORRY_HZ, seconds=1.0)
    async with AsyncExitStack() as scopes:
        phones = {
            kind: await scopes.enter_async_context(plain_phone(("127.0.0.1", 9), kind))
            for kind in KINDS
        }
        server = await scopes.enter_async_context(serving(tmp_path, rules(phones), prompts))
        for phone in phones.values():
            phone.server = server.sip
        async with asyncio.TaskGroup() as group:
            group.create_task(killed(server, phones["killed"]))
            group.create_task(muted(server, phones["muted"], "+4721000002", "200 OK"))
            group.create_task(muted(server, phones["simple"], "+4721000003", "501 Not Implemented"))
            group.create_task(anew(server, phones["anew"]))
            group.create_task(vanished_caller(server, phones["partner"]))
