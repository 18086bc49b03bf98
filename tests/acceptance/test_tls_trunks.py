"""Trunks over TLS with encrypted speech, and over TCP; and carriers whose certificate is not to be believed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
import trustme

from tests.acceptance.probe import Inbox, offer
from tests.acceptance.serving import Server, addresses, ivr, started, tone_prompts
from tests.acceptance.stream_carrier import Connections, stream_carrier
from tests.acceptance.test_registering_trunks import RULES
from tests.acceptance.tls_phone import SrtpKey
from tests.acceptance.tones import dominates, speech

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MAIN = "+4755301000"
WELCOME = 440.0
GOOD, PLAIN = "127.0.0.21", "127.0.0.22"
BAD = {"stranger": "127.0.0.23", "misnamed": "127.0.0.24", "ended": "127.0.0.25"}
NOW = datetime.now(UTC)


def trunk(name: str, host: str, port: int, *more: str) -> str:
    keys = ('dialled_number = "to"', *more)
    head = f'[[trunk]]\nname = "{name}"\naddresses = ["{host}:{port}"]'
    return "\n".join((head, *keys, ""))


REGISTERS = ("register = true", 'account = "oslo"', 'password_file = "password"')


@dataclass(slots=True)
class Carriers:
    server: Server
    good: Connections
    plain: Connections


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carriers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Carriers]:
    folder = tmp_path_factory.mktemp("tls")
    ours, another = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(str(folder / "ca.pem"))
    own = ours.issue_cert("sentral.example", not_after=NOW + timedelta(days=10))
    own.private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
    (folder / "own.pem").chmod(0o600)
    (folder / "password").write_text("word\n")
    (folder / "password").chmod(0o600)
    certificates = {
        "stranger": another.issue_cert(BAD["stranger"]),
        "misnamed": ours.issue_cert("127.0.0.99"),
        "ended": ours.issue_cert(
            BAD["ended"], not_before=NOW - timedelta(days=9), not_after=NOW - timedelta(days=1)
        ),
    }
    prompts = tone_prompts(folder / "prompts", welcome=WELCOME)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.issue_cert(GOOD).configure_cert(context)
        context.verify_mode = ssl.CERT_REQUIRED
        ours.configure_trust(context)
        good = await scopes.enter_async_context(
            stream_carrier(sip, GOOD, context=context, login="oslo", secret="word")
        )
        plain = await scopes.enter_async_context(stream_carrier(sip, PLAIN))
        tls = ('transport = "tls"', 'ca_file = "ca.pem"')
        sections = [
            trunk("good", GOOD, good.port, *tls, 'certificate_file = "own.pem"', *REGISTERS),
            trunk("plain", PLAIN, plain.port, 'transport = "tcp"'),
        ]
        for name, host in BAD.items():
            showing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificates[name].configure_cert(showing)
            bad = await scopes.enter_async_context(stream_carrier(sip, host, context=showing))
            sections.append(trunk(name, host, bad.port, *tls))
        (folder / "ivr.toml").write_text("\n".join(sections))
        server = await scopes.enter_async_context(started(folder, RULES, prompts, at))
        yield Carriers(server, good, plain)


async def test_a_call_over_tls_is_encrypted_and_heard(carriers: Carriers) -> None:
    played = await carriers.good.signed_in()
    assert ";transport=tls" in played.signed_in[0].lower()
    sound = await Inbox.open(GOOD)
    ours = SrtpKey()
    sdp = offer(sound.port, GOOD).replace("RTP/AVP", "RTP/SAVP") + ours.line + "\r\n"

    dialog = played.dialog("unused")
    dialog.uri, dialog.there = played.signed_in[0], f"<sip:{MAIN}@carrier.example>"
    answer = await played.invite(dialog, sound=sdp)
    theirs = SrtpKey.in_answer(answer.text)
    async with asyncio.timeout(5):
        _, packet = await sound.packets.get()
        while not dominates(WELCOME, speech(theirs.opened(packet))):
            _, packet = await sound.packets.get()
    await played.hang_up(dialog)
    sound.transport.close()

    assert not dominates(WELCOME, speech(packet[:-10]))
    record = await carriers.server.record(dialog.call_id)
    assert (record.dialled, record.ended_by) == (MAIN, "caller")


async def test_speech_in_clear_is_refused_where_srtp_is_demanded(carriers: Carriers) -> None:
    played = await carriers.good.signed_in()
    dialog = played.dialog("unused")
    dialog.uri = played.signed_in[0]

    assert (await played.invite(dialog)).status == 488


async def test_a_call_over_tcp_comes_in_by_the_connection_that_we_made(carriers: Carriers) -> None:
    played = await carriers.plain.signed_in()

    dialog, answer = await played.call(MAIN)
    await played.hang_up(dialog)

    assert answer.status == 200
    record = await carriers.server.record(dialog.call_id)
    assert record.dialled == MAIN


async def test_a_certificate_that_is_not_believed_is_told_with_its_reason(
    carriers: Carriers,
) -> None:
    health = await carriers.server.becomes(
        lambda now: all(now["trunks"][name]["troubles"] for name in BAD), within_seconds=20
    )

    told = {name: " ".join(health["trunks"][name]["troubles"]) for name in BAD}
    assert "unable to get local issuer certificate" in told["stranger"]
    assert "not valid for '127.0.0.24'" in told["misnamed"]
    assert "certificate has expired" in told["ended"]
    assert all(health["trunks"][name]["reachable"] is False for name in BAD)
    shown = await ivr("trunks", "--home", carriers.server.home)
    assert shown.exit_code == 1
    assert shown.out.count("is not believed") == len(BAD)
    (ending,) = health["trunks"]["good"]["troubles"]
    assert ending.startswith("our certificate in ")
    assert any("trunk good: our certificate" in one for one in health["problems"])


async def test_a_carrier_is_tried_by_the_way_that_its_calls_go(carriers: Carriers) -> None:
    home = carriers.server.home
    tried = {
        name: (await ivr("trunks", "try", name, "--home", home)).out
        for name in ("good", "plain", "stranger")
    }

    for name, played in (("good", carriers.good), ("plain", carriers.plain)):
        assert f"asked {played.host}:{played.port} (OPTIONS): 200 after" in tried[name]
    assert "its certificate is good until" in tried["good"]
    assert f"our certificate is good until {NOW + timedelta(days=10):%Y-}" in tried["good"]
    assert "certificate is good" not in tried["plain"]
    assert "is not believed: unable to get local issuer certificate" in tried["stranger"]
