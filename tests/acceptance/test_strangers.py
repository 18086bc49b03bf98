"""Who tries passwords, and who is nobody: slowed by address, told, and heard by no caller. One real server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ivr.asterisk.log_file import held
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.run import letterbox
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.probe import call
from tests.acceptance.serving import Server, ivr, serving, tone_prompts

pytestmark = [pytest.mark.real, pytest.mark.alone, pytest.mark.asyncio(loop_scope="module")]

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
menus:
  main: {say: welcome, keys: {1: menu other}, wait: 60s, tries: 3, nothing_chosen: hangup}
  other: {say: chosen, keys: {2: menu main}, wait: 60s, tries: 3, nothing_chosen: hangup}
agents:
  kari: {name: Kari, phone: kari, queues: [sales]}
queues:
  sales: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}], nobody_logged_in: hangup}
"""

WELCOME, CHOSEN = 440.0, 1000.0
GUESSER, SCANNER = "127.0.0.66", "127.0.0.67"
TRIES = 10_000
LARGEST_LOG = 100_000

GUESSES = """\
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="guesses">
  <send retrans="500"><![CDATA[{register}

]]></send>
  <recv response="403" optional="true" next="9"/>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[{register}
[authentication username=kari password=guess-[call_number]]

]]></send>
  <recv response="403" optional="true" next="9"/>
  <recv response="401"/>
  <label id="9"/>
</scenario>
"""
REGISTER = """
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:kari@[local_ip]>;tag=[call_number]
To: <sip:kari@[local_ip]>
Call-ID: [call_id]
CSeq: [cseq] REGISTER
Contact: <sip:kari@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("strangers")
    prompts = tone_prompts(folder / "prompts", welcome=WELCOME, chosen=CHOSEN)
    async with serving(folder, RULES, prompts) as server:
        yield server


async def guesses(argv: tuple[str, ...], folder: Path, server: Server) -> str:
    """10,000 REGISTERs with wrong passwords, as fast as SIPp sends them; what SIPp says at its end."""
    scenario = folder / "guesses.xml"
    scenario.write_text(GUESSES.format(register=REGISTER))
    there = f"{server.sip[0]}:{server.sip[1]}"
    words = ("-sf", str(scenario), "-i", GUESSER, "-m", str(TRIES), "-r", "2000", "-l", "500")
    program = await asyncio.create_subprocess_exec(
        *argv,
        there,
        *words,
        *("-nostdin", "-timeout", "30s", "-trace_screen", "-screen_file", str(folder / "screen")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=folder,
    )
    async with asyncio.timeout(40):
        await program.wait()
    return (folder / "screen").read_text()


async def letterbox_emptied(server: Server) -> None:
    """Wait until the server has read it."""
    async with asyncio.timeout(10):
        before = 0
        while (now := held(letterbox(server.home))) >= before:
            before = now
            await asyncio.sleep(0.01)


@pytest.mark.fault("F-87")
async def test_ten_thousand_wrong_passwords_are_heard_by_nobody_and_the_log_stays_short(
    server: Server, sipp_argv: tuple[str, ...], tmp_path: Path
) -> None:
    password = keep_passwords(server.home, ["kari"]).phones["kari"]
    async with (
        call(server.sip, "+4721000000", "+4790000001") as caller,
        plain_phone(server.sip, "kari", password) as kari,
        asyncio.TaskGroup() as group,
    ):
        await caller.hears(WELCOME)
        flood = group.create_task(guesses(sipp_argv, tmp_path, server), name="flood")
        await server.becomes(lambda now: now["sip_strangers"]["barred"] >= 1)
        await letterbox_emptied(server)  # of what was said before
        heard = most_written = 0
        while not flood.done():
            most_written = max(most_written, held(letterbox(server.home)))
            await caller.key_to_tone("1", CHOSEN)
            await caller.key_to_tone("2", WELCOME)
            heard += 1
        signed_in = await kari.register()

    assert heard >= 1
    assert signed_in == 200
    assert re.search(rf"(?m)Successful call\s*\|\s*\d+\s*\|\s*{TRIES}\b", flood.result())
    now = await server.health()
    (guesser,) = (one for one in now["sip_strangers"]["latest"] if one["address"] == GUESSER)
    assert guesser["barred_until"] is not None
    assert server.log.stat().st_size < LARGEST_LOG
    assert most_written < LARGEST_LOG


async def test_an_address_that_is_barred_is_let_in_by_hand(server: Server) -> None:
    async with plain_phone(server.sip, "kari", "wrong-wrong-wrong", host=SCANNER) as phone:
        while await phone.register() != 403:
            pass  # as fast as it is answered, until it is barred
        done = await ivr("phones", "--let-in", SCANNER, "--home", server.home)
        answered = await phone.register()

    assert done.out == f"{SCANNER} is answered again\n"
    assert answered == 401
