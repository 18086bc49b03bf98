"""A server that listens on IPv6: a carrier's call comes in, one goes out, a phone signs in and calls."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.asterisk.passwords import keep_passwords
from tests.acceptance.carrier import carrier
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.probe import Inbox
from tests.acceptance.serving import addresses, ivr, started, tone_prompts
from tests.acceptance.tones import dominates, speech

pytestmark = pytest.mark.real

HERE = "::1"
WELCOME = 440.0

SETTINGS = """\
[[trunk]]
name = "telia"
addresses = ["[::1]:{port}"]
own_number = "+47 21 00 00 00"
ping_seconds = 1
register = true
account = "oslo"
password_file = "password"

[emergency]
trunks = ["telia"]
number = "+47 21 00 00 00"
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
  main: {say: welcome, keys: {1: hangup}, wait: 60s, tries: 1, nothing_chosen: hangup}
phones:
  vakt: {phone: +47 90 00 00 01, no_answer: hangup}
agents:
  ola: {name: Ola, phone: ola}
"""


async def test_calls_come_in_and_go_out_over_ipv6(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("word\n")
    (tmp_path / "password").chmod(0o600)
    prompts = tone_prompts(tmp_path / "prompts", welcome=WELCOME)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        port = int(at.sip.rpartition(":")[2])
        sip = (HERE, port)
        telia = await scopes.enter_async_context(carrier(sip, HERE, login="oslo", secret="word"))
        file, told = tmp_path / "ivr.toml", SETTINGS.format(port=telia.inbox.port)
        file.write_text(told)
        here = replace(at, sip=f"[{HERE}]:{port}")
        server = await scopes.enter_async_context(started(tmp_path, RULES, prompts, here))
        now = await server.becomes(lambda now: now["trunks"]["telia"]["registered"])
        assert now["trunks"]["telia"]["reachable"]
        assert (await ivr("trunks", "try", "telia", "--home", server.home)).exit_code == 0

        sound = await Inbox.open(HERE)
        telia.sound_at = sound.port
        dialog, answer = await telia.call("+4721000000")
        assert answer.status == 200
        assert "IN IP6 ::1" in answer.text
        _, packet = await sound.packets.get()
        while not dominates(WELCOME, speech(packet)):
            _, packet = await sound.packets.get()
        await telia.hang_up(dialog)
        sound.transport.close()
        assert (await server.record(dialog.call_id)).ended_by == "caller"

        # There is one address of version six on loopback: whoever calls from it is the carrier, until it is told apart.
        file.write_text(told.replace("register = true", 'calls_from = ["2001:db8::1"]'))
        assert (await ivr("reload", "--home", server.home)).exit_code == 0
        password = keep_passwords(server.home, ["ola"]).phones["ola"]
        async with plain_phone(sip, "ola", password, host=HERE) as ola:
            assert await ola.register() == 200
            outside, _ = await ola.call("+4755301000")
            await telia.until(1, of=telia.invites)
            await ola.hang_up(outside)
            help_, answered = await ola.call("112")
            assert answered.status == 200
            await ola.hang_up(help_)

    to = [invite.first_line for invite in telia.invites]
    assert to[0] == f"INVITE sip:+4790000001@[{HERE}]:{telia.inbox.port} SIP/2.0"
    assert to[1].startswith("INVITE sip:112@[::1]")
