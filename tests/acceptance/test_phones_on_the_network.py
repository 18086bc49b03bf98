"""Phones beyond loopback: at this machine's own address, behind a router, over TLS; and strangers there. One server."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import trustme

from ivr.asterisk.networks import addresses as own_addresses
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.ports import free_port
from tests.acceptance.plain_sip import PlainPhone, plain_phone
from tests.acceptance.probe import Address, Inbox, offer
from tests.acceptance.serving import (
    Server,
    addresses,
    ivr,
    left_running,
    started,
    tone_prompts,
)
from tests.acceptance.tls_phone import SrtpKey, tls_phone
from tests.acceptance.tones import dominates, speech

HERE = next((one for one in own_addresses() if "." in one), "")

pytestmark = [
    pytest.mark.real,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not HERE, reason="this machine has no address but loopback's"),
]

BEYOND_THE_ROUTER = "127.0.0.9"
"""In none of the server's networks, while it listens at its own address."""

OUTSIDE = "203.0.113.7"
WELCOME = 440.0

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {name: Desk, to: queue desk}
  anything else: {to: menu main}
menus:
  main: {say: welcome, keys: {1: queue desk}, wait: 60s, tries: 1, nothing_chosen: hangup}
queues:
  desk: {answer: 80% within 20s, ring_time: 5s, while_waiting: [{after: 10m, to: hangup}], nobody_logged_in: hangup}
agents:
  kari: {name: Kari, phone: kari, queues: [desk]}
  ola: {name: Ola, phone: ola}
  nils: {name: Nils, phone: nils}
"""

SETTINGS = """\
[sip]
tls_address = "{here}:{tls}"
certificate_file = "server.pem"
external_address = "{outside}"
local_networks = ["192.168.77.0/24"]
"""


@dataclass(frozen=True, slots=True)
class Office:
    """A server at this machine's own address, and who vouches for it."""

    server: Server
    tls: Address
    authority: trustme.CA
    certificate: Path

    @property
    def trusted(self) -> str:
        """Who vouches for the server, as PEM."""
        return self.authority.cert_pem.bytes().decode()

    def renew(self) -> None:
        """Put another certificate into its place, with a key of its own."""
        ours = self.authority.issue_cert(HERE)
        ours.private_key_and_cert_chain_pem.write_to_path(str(self.certificate))

    def password(self, account: str) -> str:
        return keep_passwords(self.server.home, [account]).phones[account]

    def login(self, account: str) -> tuple[Address, str, str]:
        return self.server.sip, account, self.password(account)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    authority, tls = trustme.CA(), free_port(HERE)
    ours = authority.issue_cert(HERE)
    certificate = folder / "server.pem"
    ours.private_key_and_cert_chain_pem.write_to_path(str(certificate))
    certificate.chmod(0o600)
    (folder / "ivr.toml").write_text(SETTINGS.format(here=HERE, tls=tls, outside=OUTSIDE))
    prompts = tone_prompts(folder / "prompts", welcome=WELCOME)
    with addresses() as at:
        here = replace(at, sip=at.sip.replace("127.0.0.1", HERE))
        async with started(folder, RULES, prompts, here) as server:
            yield Office(server, (HERE, tls), authority, certificate)
    assert server.program.returncode == 0
    assert not left_running(server.home)


@pytest.mark.parametrize(("phone_at", "told"), [(HERE, HERE), (BEYOND_THE_ROUTER, OUTSIDE)])
async def test_a_phone_is_told_the_address_by_which_it_can_reach_us_in_sip_and_for_sound(
    office: Office, phone_at: str, told: str
) -> None:
    async with plain_phone(*office.login("ola"), host=phone_at) as ola:
        signed_in = await ola.register()
        dialog, answer = await ola.call("+4721000000")
        dialog.uri = f"sip:{office.server.sip[0]}:{office.server.sip[1]}"
        await ola.hang_up(dialog)

    assert (signed_in, answer.status) == (200, 200)
    assert f"@{told}" in answer.header("Contact").replace("sip:", "@")
    assert re.search(rf"(?m)^c=IN IP4 {re.escape(told)}\r?$", answer.text)


async def test_a_phone_over_tls_calls_with_its_sound_encrypted(office: Office) -> None:
    ours, sound = SrtpKey(), await Inbox.open(HERE)
    secret = offer(sound.port, HERE).replace("RTP/AVP", "RTP/SAVP") + ours.line + "\r\n"
    async with tls_phone(
        office.tls, "ola", office.password("ola"), office.trusted, host=HERE
    ) as ola:
        signed_in = await ola.register()
        dialog = ola.dialog("+4721000000")
        answer = await ola.invite(dialog, sound=secret)
        theirs = SrtpKey.in_answer(answer.text)
        async with asyncio.timeout(5):
            _, first = await sound.packets.get()
            while not dominates(WELCOME, speech(theirs.opened(first))):
                _, first = await sound.packets.get()
        await ola.hang_up(dialog)
    sound.transport.close()

    assert (signed_in, answer.status) == (200, 200)
    assert "RTP/SAVP" in answer.text
    assert not dominates(WELCOME, speech(first[:-10]))


async def test_an_agent_over_tls_is_rung_over_the_connection_by_which_the_phone_signed_in(
    office: Office,
) -> None:
    async with AsyncExitStack() as scopes:
        kari = await scopes.enter_async_context(
            tls_phone(office.tls, "kari", office.password("kari"), office.trusted, host=HERE)
        )
        ola = await scopes.enter_async_context(plain_phone(*office.login("ola"), host=HERE))
        await kari.register()
        ringing = asyncio.create_task(kari.receives("INVITE"), name="kari")
        await office.server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        dialog, _ = await ola.call("+4755301000")
        invite = await ringing
        kari.answer(invite, "486 Busy Here")
        await ola.hang_up(dialog)

    assert "a=crypto:" in invite.text


async def test_a_renewed_certificate_is_taken_by_a_reload_and_no_phone_over_tls_notices(
    office: Office,
) -> None:
    async with tls_phone(
        office.tls, "ola", office.password("ola"), office.trusted, host=HERE
    ) as ola:
        await ola.register()
        dialog, _ = await ola.call("+4721000000")
        before = await shown_at(office)

        office.certificate.write_text("half of it")
        refused = await ivr("reload", "--home", office.server.home)
        meanwhile = await shown_at(office)
        office.renew()
        told = await ivr("reload", "--home", office.server.home)
        again = await ivr("reload", "--home", office.server.home)

        assert refused.exit_code == 1
        assert "sip.certificate_file" in refused.err
        assert meanwhile == before
        assert told.out == "taken: the certificate for phones changed\n"
        assert again.out == "nothing has changed in the settings\n"
        assert await shown_at(office) != before
        assert await ola.register() == 200
        await ola.hang_up(dialog)

    assert (await office.server.record(dialog.call_id)).ended_by == "caller"


async def shown_at(office: Office) -> str:
    """The serial number of the certificate that a phone is shown which connects now."""
    context = ssl.create_default_context(cadata=office.trusted)
    _, writer = await asyncio.open_connection(*office.tls, ssl=context, local_addr=(HERE, 0))
    shown = writer.get_extra_info("peercert")["serialNumber"]
    writer.close()
    return str(shown)


STRANGE = ("INVITE", "OPTIONS", "REGISTER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "REFER", "NOTIFY")


@pytest.mark.parametrize("host", [HERE, BEYOND_THE_ROUTER])
@pytest.mark.parametrize("method", STRANGE)
async def test_a_stranger_is_asked_for_a_password_that_does_not_exist_and_learns_nothing(
    office: Office, method: str, host: str
) -> None:
    before = (await office.server.health())["counts"].get("calls_arrived", 0)
    async with plain_phone(office.server.sip, "nobody", host=host) as nobody:
        nameless = await _asked(nobody, method)
    async with plain_phone(office.server.sip, "kari", host=host) as impostor:
        named = await _asked(impostor, method)

    assert nameless == named == {"status": 401, "realm": "asterisk"}
    now = await office.server.becomes(lambda now: now["calls"] == 0)
    assert now["counts"].get("calls_arrived", 0) == before


async def _asked(phone: PlainPhone, method: str) -> dict[str, object]:
    """What somebody without a password is told."""
    body = offer(9, phone.host) if method == "INVITE" else ""
    headers = {
        "SUBSCRIBE": "Event: presence\r\nExpires: 60",
        "PUBLISH": "Event: presence\r\nExpires: 60",
        "NOTIFY": "Event: presence\r\nSubscription-State: active",
        "REFER": "Refer-To: <sip:+4755301000@192.0.2.99>",
    }.get(method, "")
    dialog = phone.dialog("+4721000000")
    answer = await phone.request(dialog, method, headers, body)
    if method == "INVITE":
        phone.send(dialog, "ACK")
    asked = re.search(r'realm="([^"]*)"', answer.header("WWW-Authenticate"))
    return {"status": answer.status, "realm": asked[1] if asked else None}


async def test_each_phone_is_told_of_where_it_is_with_what_and_why_not(office: Office) -> None:
    async with _attended(*office.login("ola")) as ola:
        for name in ("nils", "nilss"):
            wrong = office.server.sip, name, "wrong-wrong-wrong"
            async with plain_phone(*wrong, host=HERE) as phone:
                assert await phone.register() == 401
        told = await _phones(office, lambda now: now["phones"][2]["wrong_password_at"] is not None)
        shown = await ivr("phones", "--home", office.server.home)

    _, ola_told, nils_told = told["phones"]
    assert nils_told["standing"] == "not signed in"
    assert nils_told["why"].startswith("wrong password, last at ")
    assert HERE in nils_told["why"]
    assert (ola_told["standing"], ola_told["address"]) == ("signed in", f"{HERE}:{ola.inbox.port}")
    assert ola_told["expires"] is not None
    meant = {name["name"]: name["meant"] for name in told["strange_names"]}
    assert meant["nilss"] == "nils"
    assert shown.exit_code == 1
    assert "did somebody mean nils?" in shown.out


async def test_a_renewed_password_holds_at_once_and_signs_out_whoever_had_the_old_one(
    office: Office,
) -> None:
    old = office.login("ola")
    async with _attended(*old):
        await _phones(office, lambda now: now["phones"][1]["standing"] == "signed in")
        done = await ivr("agents", "credentials", "ola", "--home", office.server.home, "--renew")
        told = await _phones(office, lambda now: now["phones"][1]["standing"] == "not signed in")
    async with plain_phone(*old, host=HERE) as lost:
        again = await lost.register()
    async with plain_phone(*office.login("ola"), host=HERE) as ola:
        renewed = await ola.register()

    assert done.exit_code == 0, done.err
    assert "its phone is signed out" in done.err
    assert old[2] not in done.out
    assert office.password("ola") in done.out
    assert told["phones"][1]["address"] is None
    assert (again, renewed) == (401, 200)
    assert office.password("ola") not in office.server.log.read_text()


@asynccontextmanager
async def _attended(server: Address, account: str, password: str) -> AsyncIterator[PlainPhone]:
    """A phone that is signed in and answers OPTIONS."""
    async with plain_phone(server, account, password, host=HERE) as phone:
        await phone.register()
        phone.patience_seconds = 60.0
        async with asyncio.TaskGroup() as group:
            attending = group.create_task(phone.receives("INVITE"), name=account)
            yield phone
            attending.cancel()


async def _phones(office: Office, is_so: Callable[[Any], bool]) -> Any:
    """What `ivr phones` says, as soon as `is_so`."""
    async with asyncio.timeout(10):
        # Another process's state: there is nothing to wait on but time.
        while True:
            said = await ivr("phones", "--home", office.server.home, "--json")
            if is_so(told := json.loads(said.out)):
                return told
