"""Toll fraud, tried in every way that is known to us: nothing reaches the carrier but what the rules send there.

One real server at this machine's own address, a carrier that would take every call, and rules that call out for one
number. After each try that number is called, so that a call which the try had made would stand before it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

import pytest
import pytest_asyncio

from ivr.asterisk.networks import addresses as own_addresses
from ivr.asterisk.passwords import keep_passwords
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import Message, PlainPhone, plain_phone
from tests.acceptance.serving import Server, addresses, started, tone_prompts

HERE = next((one for one in own_addresses() if "." in one), "")

pytestmark = [
    pytest.mark.real,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not HERE, reason="this machine has no address but loopback's"),
]

TELIA, STRANGE = "127.0.0.21", "127.0.0.22"
DEAR, DUTY = "+4782000000", "+4790000009"
OUT_BY_THE_RULES, DESK = "+4755301009", "+4755301000"

SETTINGS = """\
[outgoing]
allow = ["fixed", "mobile", "short"]
calls_each_minute = 1000

[[trunk]]
name = "telia"
addresses = ["{host}:{port}"]
own_number = "+47 21 00 00 00"
first_answer_seconds = 2
"""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 09: {to: phone duty}
  +47 55 30 10 00: {to: queue desk}
  anything else: {to: hangup}
phones:
  duty: {phone: +47 90 00 00 09, no_answer: hangup}
queues:
  desk: {answer: 80% within 20s, ring_time: 2s, while_waiting: [{after: 3s, to: hangup}], nobody_logged_in: hangup}
agents:
  kari: {name: Kari, phone: kari, queues: [desk]}
  ola: {name: Ola, phone: ola}
"""


AbstractPhone: TypeAlias = AbstractAsyncContextManager[PlainPhone]


@dataclass(frozen=True, slots=True)
class Town:
    """The server, its carrier, and whoever would like to call at its cost."""

    server: Server
    carrier: Carrier

    def password(self, account: str) -> str:
        return keep_passwords(self.server.home, [account]).phones[account]

    def phone(self, account: str, host: str = HERE) -> AbstractPhone:
        return plain_phone(self.server.sip, account, self.password(account), host=host)

    def nobody(self, name: str, host: str = STRANGE) -> AbstractPhone:
        return plain_phone(self.server.sip, name, host=host)

    def over_the_trunk(self, caller: str = "+4790000001") -> AbstractPhone:
        """A caller whom the carrier brings, or somebody at the carrier."""
        return plain_phone(self.server.sip, caller, host=TELIA)

    @property
    def outside(self) -> str:
        """The carrier's own address, as a SIP URI's host."""
        return f"{TELIA}:{self.carrier.inbox.port}"

    async def try_to_call(self, phone: PlainPhone, user: str, headers: str = "") -> int:
        """A call, hung up if it was taken; 0 where it was no request at all, which nobody answers."""
        phone.patience_seconds = 0.7
        try:
            dialog, answer = await phone.call(user, headers)
        except TimeoutError:
            return 0
        if answer.status == 200:
            dialog.uri = f"sip:{self.server.sip[0]}:{self.server.sip[1]}"
            await phone.hang_up(dialog)
        return answer.status


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("fraud")
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        here = replace(at, sip=at.sip.replace("127.0.0.1", HERE))
        sip = (HERE, int(here.sip.rpartition(":")[2]))
        telia = await scopes.enter_async_context(carrier(sip, TELIA, to_invite=("486 Busy Here",)))
        (folder / "ivr.toml").write_text(SETTINGS.format(host=TELIA, port=telia.inbox.port))
        server = await scopes.enter_async_context(
            started(folder, RULES, tone_prompts(folder / "prompts"), here)
        )
        yield Town(server, telia)


@pytest_asyncio.fixture(loop_scope="module")
async def town(shared: Town) -> AsyncIterator[Town]:
    """When the test is over, what the carrier was asked for is what the rules ask of it, and nothing before."""
    shared.carrier.invites.clear()
    yield shared
    async with shared.over_the_trunk() as caller:
        dialog, _ = await caller.call(OUT_BY_THE_RULES)
        await shared.carrier.until(1, of=shared.carrier.invites)
        await caller.request(dialog, "BYE")
    assert [dialled(invite) for invite in shared.carrier.invites] == [DUTY]
    assert not [one for one in await shared.server.ari("channels") if DEAR[3:] in str(one)]


def dialled(invite: Message) -> str:
    found = re.match(r"INVITE sips?:([^@;]+)", invite.first_line)
    return found[1] if found else invite.first_line


SPELT = (DEAR, "004782000000", "82000000", "000", "+88213000000", "0082000000#", "*72*82000000#")


async def test_1_from_a_trunk_to_a_number_outside(town: Town) -> None:
    async with town.over_the_trunk() as caller:
        for number in SPELT:
            await town.try_to_call(caller, number)


DIAL_STRINGS = (
    f"{DEAR}@telia",
    "PJSIP%2Ftelia%2Fsip:82000000@127.0.0.21",
    "Local%2F82000000@trunk-telia",
    "emergency.telia",
    "$%7BEXTEN%7D",
    "112,1)%26Dial(PJSIP/82000000@telia",
    "telia",
    "direct%2Fsip:82000000@127.0.0.21",
)


async def test_2_by_what_a_phone_dials(town: Town) -> None:
    async with town.phone("ola") as ola:
        for user in (*SPELT, *DIAL_STRINGS):
            await town.try_to_call(ola, user)


@pytest.mark.parametrize("replaces", ["", "?Replaces=abc%3Bto-tag%3D1%3Bfrom-tag%3D2"])
async def test_3_by_a_transfer_within_a_call_and_without_one(town: Town, replaces: str) -> None:
    refer = f"Refer-To: <sip:{DEAR}@{town.outside}{replaces}>\r\nReferred-By: <sip:kari@{HERE}>"
    async with town.phone("kari") as kari, town.phone("ola") as ola:
        async with attended(kari):
            dialog, _ = await ola.call(DESK)
            inside = await ola.request(dialog, "REFER", refer)
            await ola.request(dialog, "BYE")
        outside = await ola.request(ola.dialog(DEAR), "REFER", refer)

    assert inside.status >= 400
    assert outside.status >= 400


NAMING_ANOTHER = (
    f"Diversion: <sip:{DEAR}@telia>;reason=unconditional",
    f"History-Info: <sip:{DEAR}@telia>;index=1",
    f"P-Called-Party-ID: <sip:{DEAR}@telia>",
    f"P-Asserted-Identity: <sip:kari@{HERE}>",
    f"Referred-By: <sip:{DEAR}@telia>",
    f"Alert-Info: <sip:{DEAR}@telia>",
    "Replaces: abc;to-tag=1;from-tag=2",
    "Target-Dialog: abc;local-tag=1;remote-tag=2\r\nJoin: abc;to-tag=1;from-tag=2",
)


async def test_4_by_a_header_that_names_another_number(town: Town) -> None:
    async with town.over_the_trunk() as caller, town.phone("ola") as ola:
        for header in NAMING_ANOTHER:
            await town.try_to_call(caller, "+4721000000", header)
            await town.try_to_call(ola, "+4721000000", header)


async def test_5_by_the_name_of_an_account_in_from(town: Town) -> None:
    for name in ("kari", "telia", "local", "direct", "emergency.telia", "ivr"):
        async with town.nobody(name) as nobody:
            vouched = f"P-Asserted-Identity: <sip:kari@{HERE}>"
            assert (name, await town.try_to_call(nobody, DEAR, vouched)) == (name, 401)
        async with town.over_the_trunk(name) as caller:
            await town.try_to_call(caller, DEAR)


async def test_6_by_a_login_that_was_overheard(town: Town) -> None:
    """Asterisk binds a login to the address that it came from, not to the number that was dialled with it."""
    async with town.phone("ola") as ola:
        overheard = await login_of(ola, OUT_BY_THE_RULES, "INVITE")
        registering = await login_of(ola, "", "REGISTER")
    async with town.nobody("ola") as thief:
        refused = [
            await town.try_to_call(thief, number, login)
            for number in (OUT_BY_THE_RULES, DEAR)
            for login in (overheard, registering)
        ]
    async with town.nobody("ola", HERE) as neighbour:
        await town.try_to_call(neighbour, DEAR, overheard)

    assert refused == [401] * 4


@pytest.mark.parametrize("of", ["trunk", "phone", "stranger"])
async def test_7_by_a_route_that_leads_through_us(town: Town, of: str) -> None:
    route = f"Route: <sip:{HERE}:{town.server.sip[1]};lr>\r\nRoute: <sip:{town.outside};lr>"
    party = {
        "trunk": town.over_the_trunk(),
        "phone": town.phone("ola"),
        "stranger": town.nobody("x"),
    }[of]
    async with party as phone:
        dialog = phone.dialog(DEAR)
        dialog.uri = f"sip:{DEAR}@{town.outside}"
        await phone.invite(dialog, route)


async def test_8_by_dialling_digit_after_digit(town: Town) -> None:
    async with town.phone("ola") as ola:
        statuses = [await town.try_to_call(ola, DEAR[:length]) for length in range(1, len(DEAR))]

    assert 484 not in statuses  # which is how a number is asked for its rest


WRITTEN_OTHERWISE = (
    "sip:82000000;phone-context=+47@{here}",
    "sip:+4782000000;npdi;rn=+4759900123@{here}",
    "sip:+4782000000@{here};user=phone",
    "tel:+4782000000",
    "tel:82000000;phone-context=+47",
    "sip:+4782000000@{outside}",
    "sip:+4782000000@{outside};maddr={telia}",
    "sips:+4782000000@{outside}",
    "urn:service:sos",
)


async def test_9_by_another_way_to_write_a_number(town: Town) -> None:
    names = {"here": f"{HERE}:{town.server.sip[1]}", "outside": town.outside, "telia": TELIA}
    async with town.phone("ola") as ola, town.over_the_trunk() as caller:
        for phone in (ola, caller):
            phone.patience_seconds = 0.7
            for uri in WRITTEN_OTHERWISE:
                dialog = phone.dialog("x")
                dialog.uri = uri.format(**names)
                with suppress(TimeoutError):  # what is no request at all gets no answer
                    await phone.invite(dialog)


@pytest.mark.parametrize("path", ["", "Path: <sip:{outside};lr>\r\nSupported: path"])
async def test_10_by_a_phone_that_says_it_is_outside(town: Town, path: str) -> None:
    """Its agent is rung, and so is the number, at our cost; were it not that we know where it signed in from."""
    async with town.phone("kari") as kari:
        kari.contact = f"<sip:{DEAR}@{town.outside}>"
        signed_in = await kari.register(path.format(outside=town.outside))
        rung = await rung_by_a_caller(town, kari)
        kari.contact = ""

    assert signed_in == 200
    assert rung.method == "INVITE"


@pytest.mark.parametrize(
    "status", ["302 Moved Temporarily", "301 Moved", "380 Alternative Service"]
)
async def test_11_by_a_phone_that_forwards_what_rings_there(town: Town, status: str) -> None:
    async with town.phone("kari") as kari:
        await kari.register()
        rung = await rung_by_a_caller(town, kari, (status, f"Contact: <sip:{DEAR}@{town.outside}>"))

    assert rung.method == "INVITE"


async def test_12_by_a_text_and_by_what_makes_no_call(town: Town) -> None:
    async with town.phone("ola") as ola:
        for method, headers in (
            ("MESSAGE", "Content-Type: text/plain"),
            ("SUBSCRIBE", "Event: refer\r\nExpires: 60"),
            ("NOTIFY", "Event: refer\r\nSubscription-State: active"),
            ("PUBLISH", "Event: dialog\r\nExpires: 60"),
        ):
            answer = await ola.request(ola.dialog(DEAR), method, headers, "hei")
            assert (method, answer.status >= 400) == (method, True)


async def test_13_by_signing_in_as_somebody_else(town: Town) -> None:
    async with town.phone("ola") as ola:
        dialog = ola.dialog("")
        dialog.here = f"<sip:ola@{HERE}>;tag=1"
        dialog.there = f"<sip:kari@{HERE}>"
        answer = await ola.proven(dialog, "REGISTER")

    assert answer.status >= 400


@asynccontextmanager
async def attended(phone: PlainPhone) -> AsyncIterator[None]:
    """It is signed in, answers OPTIONS, and takes the first call."""
    await phone.register()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(take(phone), name=phone.account)
        yield
        task.cancel()


async def take(phone: PlainPhone) -> None:
    phone.patience_seconds = 30.0
    phone.answer(await phone.receives("INVITE"), "486 Busy Here")
    await phone.receives("INVITE")


async def rung_by_a_caller(
    town: Town, kari: PlainPhone, says: tuple[str, str] = ("486 Busy Here", "")
) -> Message:
    """Somebody calls Kari's queue; what comes to her phone, to which it says so."""
    kari.patience_seconds = 10.0
    async with asyncio.TaskGroup() as group:
        ringing = group.create_task(kari.receives("INVITE"), name="kari")
        await town.server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        async with town.over_the_trunk() as caller:
            dialog, _ = await caller.call(DESK)
            kari.answer(await ringing, *says)
            await caller.request(dialog, "BYE")
    return ringing.result()


async def login_of(phone: PlainPhone, user: str, method: str) -> str:
    """The header that this phone proves itself with, as somebody on the line would see it."""
    dialog = phone.dialog(user)
    challenge = await phone.request(dialog, method)
    phone.send(dialog, "ACK")
    return phone.proof_of(challenge, method, dialog.uri)
