"""An agent dials outside from a phone of ours: over a trunk with the centre's number, where the rules let them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from ivr.asterisk.conf_floor import TAKE_SECONDS
from ivr.asterisk.passwords import keep_passwords
from ivr.records.events import CalledOut, PhoneTaken, Routed
from ivr.why import MayNotCall
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import PlainPhone, plain_phone
from tests.acceptance.probe import offer
from tests.acceptance.serving import Server, addresses, ivr, started, tone_prompts
from tests.acceptance.test_server_killed import written
from tests.faults.oracles import nothing_is_left

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA = "127.0.0.74"
FORBIDDEN = 403
SETTINGS = """\
[outgoing]
calls_each_minute = 1000

[[trunk]]
name = "telia"
addresses = ["127.0.0.74:{telia}"]
own_number = "+47 21 00 00 00"
ping_seconds = 0
"""
RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {+47 55 30 10 01: queue vent, anything else: menu elsewhere}
sites: {bergen: {name: Bergen, caller_id: +47 55 30 10 01}}
menus: {elsewhere: {say: elsewhere, keys: {1: hangup}, wait: 60s, tries: 1, nothing_chosen: hangup}}
queues: {vent: {answer: 80% within 20s, wrap_up: 0s, while_waiting: [{after: 5m, to: hangup}]}}
agents:
  kari: {phone: kari, site: bergen, queues: [vent], may_call: [national, mobile]}
  ola: {phone: ola, queues: [vent], may_call: [mobile, +46]}
  per: {phone: per, queues: [vent]}
"""


@dataclass(frozen=True, slots=True)
class House:
    """A server, its carrier, and phones of agents."""

    server: Server
    telia: Carrier

    @asynccontextmanager
    async def phone(self, name: str) -> AsyncIterator[PlainPhone]:
        """Signed in until the scope is left."""
        password = keep_passwords(self.server.home, [name]).phones[name]
        async with plain_phone(self.server.sip, name, password) as phone:
            assert await phone.register() == 200
            yield phone


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("agents-call-out")
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia = await scopes.enter_async_context(carrier(sip, TELIA))
        (folder / "ivr.toml").write_text(SETTINGS.format(telia=telia.inbox.port))
        prompts = tone_prompts(folder / "prompts", elsewhere=440.0)
        yield House(await scopes.enter_async_context(started(folder, RULES, prompts, at)), telia)


@pytest.fixture(autouse=True)
def as_at_first(house: House) -> None:
    house.telia.to_invite, house.telia.says = ("200 OK",), None
    for kept in (house.telia.invites, house.telia.byes, house.telia.cancels):
        kept.clear()


@pytest.mark.parametrize(
    ("name", "dialled", "called", "shown"),
    [
        ("kari", "90000005", "+4790000005", "+4755301001"),
        ("kari", "004722334455", "+4722334455", "+4755301001"),
        ("ola", "+46701234567", "+46701234567", "+4721000000"),
    ],
)
async def test_a_number_of_a_kind_that_the_agent_may_call_is_called_with_a_number_of_ours(
    house: House, name: str, dialled: str, called: str, shown: str
) -> None:
    """That of the agent's site, else the trunk's. Nobody outside sees the phone's name."""
    async with house.phone(name) as phone:
        own, answered = await phone.call(dialled)
        assert answered.status == 200
        state = await house.server.becomes(lambda now: now["trunks"]["telia"]["calls_out"] == 1)
        assert state["agents"][name]["state"] == "in a call of their own"
        assert state["queues"]["vent"]["waiting"] == 0
        await written(house.server, None, PhoneTaken)
        house.telia.hangs_up()
        phone.answer(await phone.receives("BYE"), "200 OK")

    (invite,) = house.telia.invites
    assert invite.first_line.startswith(f"INVITE sip:{called}@{TELIA}:")
    assert f"<sip:{shown}@" in invite.header("From")
    assert f"<sip:{shown}@" in invite.header("P-Asserted-Identity")
    assert name not in invite.text.replace(invite.header("Call-ID"), "")
    record = await house.server.record(own.call_id)
    assert (record.disposition, record.ended_by) == ("own_call", "agent")
    told = await house.server.events(record.call_id)
    assert [one.phone for one in told if isinstance(one, CalledOut)] == [name]
    assert [one.trunk for one in told if isinstance(one, PhoneTaken)] == ["telia"]
    await house.server.becomes(lambda now: now["trunks"]["telia"]["calls_out"] == 0)
    await nothing_is_left(house.server)


@pytest.mark.parametrize(
    ("name", "dialled"),
    [
        ("kari", "+46701234567"),
        ("kari", "82000000"),
        ("ola", "22334455"),
    ],
)
async def test_a_number_of_another_kind_is_refused_and_it_is_told_why(
    house: House, name: str, dialled: str
) -> None:
    """The phone shows that it may not be, before anything was answered; `ivr calls` and `ivr explain` say why."""
    async with house.phone(name) as phone:
        own, answered = await phone.call(dialled)
    record = await house.server.record(own.call_id)
    told = await house.server.events(record.call_id)
    explained = await ivr(
        *("explain", "--rules", house.server.home.parent / "rules.yaml"),
        *("--by", name, "--to", dialled),
    )
    shown = await ivr("explain", "--home", house.server.home, record.call_id)

    assert answered.status == FORBIDDEN
    assert house.telia.invites == []
    assert (record.disposition, record.answered_at) == ("own_call", None)
    assert not [one for one in told if isinstance(one, CalledOut)]
    (routed,) = [one for one in told if isinstance(one, Routed)]
    assert isinstance(routed.steps[0].because, MayNotCall)
    for one in (explained, shown):
        assert f"{name} may not call" in one.out, one
    await nothing_is_left(house.server)


@pytest.mark.parametrize(("status", "shown"), [(486, 486), (404, 404), (603, 486), (503, 480)])
async def test_what_the_carrier_says_is_what_the_agents_phone_shows(
    house: House, status: int, shown: int
) -> None:
    house.telia.to_invite = (f"{status} No",)
    async with house.phone("kari") as phone:
        own, answered = await phone.call("90000005")

    assert answered.status == shown
    assert (await house.server.record(own.call_id)).answered_at is None
    await nothing_is_left(house.server)


async def test_it_may_ring_outside_for_longer_than_asterisk_waits_for_a_server(
    house: House,
) -> None:
    """The agent hears it ring, and is not told that we are on our way; then somebody answers."""
    telia = house.telia
    telia.says = lambda invite: telia.answer(invite, "180 Ringing")
    async with house.phone("kari") as phone, asyncio.TaskGroup() as group:
        own = phone.dialog("90000005")
        phone.patience_seconds = 30.0
        calling = group.create_task(phone.invite(own), name="kari")
        await telia.until(1, of=telia.invites)
        await asyncio.sleep(TAKE_SECONDS + 2)
        assert telia.cancels == []
        assert not calling.done()
        assert telia.media is not None
        telia.answer(telia.invites[-1], "200 OK", body=offer(telia.media.port, TELIA))
        assert (await calling).status == 200
        await house.server.becomes(lambda now: now["trunks"]["telia"]["calls_out"] == 1)
        await written(house.server, None, PhoneTaken)
        await phone.hang_up(own)

    record = await house.server.record(own.call_id)
    assert (record.disposition, record.ended_by) == ("own_call", "caller")
    told = await house.server.events(record.call_id)
    assert [one.trunk for one in told if isinstance(one, PhoneTaken)] == ["telia"]
    await nothing_is_left(house.server)


async def test_a_colleague_may_be_rung_for_as_long_too(house: House) -> None:
    async with (
        house.phone("ola") as ola,
        house.phone("kari") as phone,
        asyncio.TaskGroup() as group,
    ):
        own = phone.dialog("ola")
        phone.patience_seconds = ola.patience_seconds = 30.0
        calling = group.create_task(phone.invite(own), name="kari")
        rung = await ola.receives("INVITE")
        ola.answer(rung, "180 Ringing")
        await asyncio.sleep(TAKE_SECONDS + 2)
        assert not calling.done()
        ola.answer(rung, "200 OK", body=offer(ola.sound_at))
        assert (await calling).status == 200
        await ola.receives("ACK")
        await phone.hang_up(own)
        ola.answer(await ola.receives("BYE"), "200 OK")

    assert (await house.server.record(own.call_id)).ended_by == "caller"
    await nothing_is_left(house.server)


async def test_who_may_call_nobody_outside_is_a_caller_like_others(house: House) -> None:
    """So is a number of ours that somebody dials who may call out: it is not called over the trunk."""
    async with house.phone("per") as phone:
        own, answered = await phone.call("90000005")
        await phone.hang_up(own)
    async with house.phone("kari") as phone:
        ours, _ = await phone.call("55301001")
        await house.server.becomes(lambda now: now["queues"]["vent"]["waiting"] == 1)
        await phone.hang_up(ours)

    assert answered.status == 200
    record = await house.server.record(own.call_id)
    told = await house.server.events(record.call_id)
    assert next(one.to for one in told if isinstance(one, Routed)) == "menu elsewhere"
    assert house.telia.invites == []
    await nothing_is_left(house.server)
