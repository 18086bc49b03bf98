"""A site whose calls a phone takes, on a real Asterisk: where it is busy, the next site takes the caller."""

from __future__ import annotations

import asyncio
import re
import struct
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.records.events import Connected, GivenToSite, OfferFailed, PhoneTaken, Queued
from ivr.sipp import AgentScript, Behaviour, CallerScript, Pause, PutDown, Sipp
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import Message
from tests.acceptance.probe import SPEECH, Inbox, call, offer
from tests.acceptance.serving import Server, addresses, serving, started, tone_prompts, write_tone
from tests.acceptance.tones import dominates, speech
from tests.faults.oracles import nothing_is_left
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: queue national}}
phones: {{shop: {{phone: '{shop}'}}, partner: {{phone: '{partner}'}}}}
sites:
  shop: {{name: Shop, phone: shop}}
  partner: {{name: Partner, phone: partner, at_most: 1 call}}
queues:
  national: {{answer: 80% within 20s, split: {{shop: 70%, partner: 30%}}, while_waiting: [{{after: 1m, to: hangup}}]}}
"""
CALLER = CallerScript("+4721000000", "+4790000001", (Pause(1.0), PutDown()))


async def test_a_busy_site_leads_to_the_next_and_the_place_is_kept(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    played = Sipp(sipp_argv, tmp_path / "phones", sip_ports=SIP, media_ports=MEDIA)
    async with (
        played.agent(AgentScript(behaviour=Behaviour.BUSY)) as shop,
        played.agent(AgentScript(answers_after=0.05)) as partner,
    ):
        rules = RULES.format(shop=shop.uri("shop"), partner=partner.uri("partner"))
        async with serving(tmp_path, rules, prompts) as server:
            placed = await played.call(CALLER, server.sip)
            record = await server.record(placed.call_id)
            events = await server.events(record.call_id)
            left = await server.ari("channels")

    assert placed.ok, placed.failures
    assert (record.disposition, record.agent) == ("answered", "site partner")
    told = [
        one for one in events if isinstance(one, Queued | GivenToSite | OfferFailed | Connected)
    ]
    assert [type(one) for one in told] == [GivenToSite, Queued, OfferFailed, GivenToSite, Connected]
    assert isinstance(told[2], OfferFailed)
    assert told[2].result == "busy"
    assert left == []


TELIA = "127.0.0.71"
TAKE_CALL_HZ = 440.0
SETTINGS = """\
[outgoing]
calls_each_minute = 1000

[[trunk]]
name = "telia"
addresses = ["127.0.0.71:{telia}"]
own_number = "+47 21 00 00 00"
ping_seconds = 0
"""
OUTSIDE = """\
version: 1
languages: [nb]
numbers: {anything else: queue national}
phones:
  shop: {phone: +47 90 00 00 01, confirm: true}
  partner: {phone: +47 90 00 00 02, confirm: true}
sites:
  shop: {name: Shop, phone: shop}
  partner: {name: Partner, phone: partner}
queues:
  national: {answer: 80% within 20s, split: {shop: 70%, partner: 30%}, while_waiting: [{after: 1m, to: hangup}]}
"""


async def heard_there(telia: Carrier, is_it: float | bytes) -> None:
    """Wait until this sound, a tone's pitch or a packet, comes to whoever took the call outside."""
    assert telia.media is not None
    while True:
        _, packet = await telia.media.packets.get()
        if packet.endswith(is_it) if isinstance(is_it, bytes) else dominates(is_it, speech(packet)):
            return


async def outside_over_telia(
    scopes: AsyncExitStack, folder: Path, rules: str, prompts: Path
) -> tuple[Server, Carrier]:
    """A server with these rules, and the carrier behind its trunk, which has the phones outside."""
    at = scopes.enter_context(addresses())
    sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
    telia = await scopes.enter_async_context(carrier(sip, TELIA))
    (folder / "ivr.toml").write_text(SETTINGS.format(telia=telia.inbox.port))
    write_tone(prompts / "nb" / "take_call.wav", TAKE_CALL_HZ, seconds=0.3)
    return await scopes.enter_async_context(started(folder, rules, prompts, at)), telia


async def test_a_busy_number_outside_leads_to_the_next_site_which_takes_the_call_with_a_key(
    tmp_path: Path,
) -> None:
    """Both behind a trunk: the caller keeps the place, and is heard only after the key."""
    async with AsyncExitStack() as scopes:
        prompts = tone_prompts(tmp_path / "prompts")
        server, telia = await outside_over_telia(scopes, tmp_path, OUTSIDE, prompts)
        media = telia.media
        assert media is not None

        def says(invite: Message) -> None:
            if "90000001" in invite.first_line:
                telia.answer(invite, "486 Busy Here")
            else:
                telia.answer(invite, "200 OK", body=offer(media.port, TELIA))

        telia.says = says
        async with call(server.sip, "+4721000009", "+4790000009") as placed, asyncio.timeout(15):
            placed.sound = SPEECH
            await heard_there(telia, TAKE_CALL_HZ)
            await telia.presses("1")
            await heard_there(telia, SPEECH)
            now = await server.health()
            assert now["trunks"]["telia"]["calls_out"] == 1
            telia.hangs_up()
        record = await server.record(placed.call_id)
        events = await server.events(record.call_id)
        left = await server.ari("channels")

    assert ["90000001" in one.first_line for one in telia.invites] == [True, False]
    assert (record.disposition, record.agent, len(record.visits)) == ("answered", "site partner", 1)
    kinds = (Queued, GivenToSite, OfferFailed, PhoneTaken, Connected)
    told = [one for one in events if isinstance(one, kinds)]
    assert [type(one) for one in told] == [
        *(GivenToSite, Queued, OfferFailed, GivenToSite, PhoneTaken, Connected)
    ]
    assert [one.result for one in told if isinstance(one, OfferFailed)] == ["busy"]
    assert [one.trunk for one in told if isinstance(one, PhoneTaken)] == ["telia"]
    assert left == []


MENU_HZ, MUSIC_HZ = 900.0, 1300.0
GREETING = bytes(octet ^ mask for mask in (0, 0x80) for octet in SPEECH[:4] * 2) * 10
"""20 ms of what a voicemail says: half as high as what callers say."""

VOICEMAILS = """\
version: 1
languages: [nb]
numbers: {100: queue national, 200: queue alone}
phones:
  shop: {phone: +47 90 00 00 01, confirm: true}
  partner: {phone: +47 90 00 00 02, confirm: true}
  kiosk: {phone: +47 90 00 00 03, confirm: true}
sites:
  shop: {name: Shop, phone: shop}
  partner: {name: Partner, phone: partner}
  kiosk: {name: Kiosk, phone: kiosk}
menus: {main: {say: main, keys: {1: hangup}, wait: 60s, tries: 1, nothing_chosen: hangup}}
queues:
  national: {answer: 80% within 20s, split: {shop: 70%, partner: 30%}, while_waiting: [{after: 1m, to: hangup}]}
  alone: {answer: 80% within 20s, split: {kiosk: 100%}, while_waiting: [{after: 3s, to: menu main}]}
"""


async def speaks(telia: Carrier, sound: bytes) -> None:
    """Whoever took the calls outside says this, in all of them, until cancelled."""
    assert telia.media is not None
    for number in range(100_000):
        head = struct.pack("!BBHII", 0x80, 8, number % 0x10000, number * 160, 0x5E47_AB0D)
        for invite in telia.invites:
            if port := re.search(r"(?m)^m=audio (\d+) ", invite.text):
                telia.media.send(head + sound, (telia.server[0], int(port[1])))
        await asyncio.sleep(0.02)


def heard(inbox: Inbox) -> list[bytes]:
    """What has come there until now."""
    return [inbox.packets.get_nowait()[1] for _ in range(inbox.packets.qsize())]


async def test_a_voicemail_outside_is_no_answer_and_the_caller_goes_to_the_next_site_or_on(
    tmp_path: Path,
) -> None:
    """It greets, and presses no key. Caller and voicemail never hear each other; the place is kept meanwhile."""
    async with AsyncExitStack() as scopes:
        prompts = tone_prompts(tmp_path / "prompts", main=MENU_HZ)
        write_tone(prompts / "music/calm/song.wav", MUSIC_HZ, seconds=10.0)
        server, telia = await outside_over_telia(scopes, tmp_path, VOICEMAILS, prompts)
        voicemails = await scopes.enter_async_context(asyncio.TaskGroup())
        assert telia.media is not None
        async with (
            call(server.sip, "100", "+4790000008") as national,
            call(server.sip, "200", "+4790000009") as alone,
            asyncio.timeout(25),
        ):
            national.sound = alone.sound = SPEECH
            greets = voicemails.create_task(speaks(telia, GREETING), name="voicemails")
            await national.hears(MUSIC_HZ)
            await alone.hears(MENU_HZ)
            await telia.until(3, of=telia.invites)
            assert "90000002" in telia.invites[-1].first_line
            greets.cancel()
            at_voicemails = heard(telia.media)
            await heard_there(telia, TAKE_CALL_HZ)
            heard_by_callers = heard(national.media) + heard(alone.media)
            await telia.presses("1")
            await heard_there(telia, SPEECH)
            assert (await server.health())["trunks"]["telia"]["calls_out"] == 1
            telia.hangs_up()
        taken, went_on = [await server.record(one.call_id) for one in (national, alone)]
        events = await server.events(taken.call_id)
        failed = [
            (one.agent, one.result)
            for record in (taken, went_on)
            for one in await server.events(record.call_id)
            if isinstance(one, OfferFailed)
        ]
        await nothing_is_left(server)

    assert not [one for one in at_voicemails if one.endswith(SPEECH)]
    assert not [one for one in heard_by_callers if one.endswith(GREETING)]
    hung_up = {one.header("Call-ID") for one in telia.byes}
    assert hung_up == {one.header("Call-ID") for one in telia.invites[:2]}
    assert failed == [("site shop", "not_confirmed"), ("site kiosk", "not_confirmed")]
    assert (taken.disposition, taken.agent, len(taken.visits)) == ("answered", "site partner", 1)
    assert [one for one in events if isinstance(one, Queued)] == [Queued(queue="national")]
    assert (taken.wait_seconds or 0.0) > 10  # the voicemail's time is part of the wait
    assert [one.outcome for one in went_on.visits] == ["overflowed"]
