"""An agent whose phone is in a call of its own is not rung, whomever it calls; when that is over, it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio

from ivr.asterisk.passwords import keep_passwords
from tests.acceptance.plain_sip import PlainPhone, plain_phone
from tests.acceptance.probe import offer
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

NUMBERS = {"sales": "21000001", "support": "21000002", "menu": "21000003"}
OTHER_HZ = 1000
RULES = """\
version: 1
languages: [nb]
numbers:
  +47 21 00 00 01: queue sales
  +47 21 00 00 02: queue support
  +47 21 00 00 03: menu main
  anything else: queue sales
menus:
  main: {say: [main], keys: {1: hangup}, wait: 60s, tries: 1, nothing_chosen: hangup}
queues:
  sales: {answer: 80% within 20s, ring_time: 20s, wrap_up: 0s, while_waiting: [{after: 5m, to: hangup}]}
  support: {answer: 80% within 20s, ring_time: 20s, wrap_up: 0s, while_waiting: [{after: 5m, to: hangup}]}
agents:
  kari: {phone: kari, queues: [sales]}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("own-calls")
    prompts = tone_prompts(folder / "prompts", main=OTHER_HZ)
    write_tone(prompts / "music" / "calm" / "song.wav", OTHER_HZ, seconds=10.0)
    async with serving(folder, RULES, prompts) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def kari(server: Server) -> AsyncIterator[PlainPhone]:
    password = keep_passwords(server.home, ["kari"]).phones["kari"]
    async with plain_phone(server.sip, "kari", password) as phone:
        assert await phone.register() == 200
        async with attentive(phone):
            await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        yield phone


@asynccontextmanager
async def attentive(phone: PlainPhone) -> AsyncIterator[None]:
    """The phone answers whoever asks whether it is there, until the scope is left; it must not be rung."""
    async with asyncio.TaskGroup() as group:
        attention = group.create_task(is_not_rung(phone))
        yield
        attention.cancel()


async def is_not_rung(phone: PlainPhone) -> None:
    while True:
        with suppress(TimeoutError):
            await phone.receives("INVITE")
            raise AssertionError("the phone was rung")


@pytest.mark.parametrize("own_call_to", NUMBERS)
async def test_an_agent_on_the_phone_is_not_rung_until_the_call_is_over(
    server: Server, kari: PlainPhone, own_call_to: str
) -> None:
    own, answered = await kari.call(NUMBERS[own_call_to])
    assert answered.status == 200
    async with attentive(kari):
        await server.becomes(lambda now: now["agents"]["kari"]["state"] == "in a call of their own")

    async with plain_phone(server.sip, "+4790000001") as customer:
        call, answered = await customer.call(NUMBERS["sales"])
        assert answered.status == 200
        async with attentive(kari):
            await server.becomes(lambda now: now["queues"]["sales"]["waiting"] >= 1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await kari.receives("INVITE")
        await kari.hang_up(own)
        rung = await kari.receives("INVITE")
        kari.answer(rung, "200 OK", body=offer(kari.sound_at))
        await kari.receives("ACK")
        async with attentive(kari):
            await server.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
        await customer.hang_up(call)

    kari.answer(await kari.receives("BYE"), "200 OK")
    record = await server.record(call.call_id)
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert [visit.offers for visit in record.visits] == [1]


@pytest.mark.parametrize("dialled", ["*11", "%2321%23", "#21#", "**1"])
async def test_a_code_where_the_rules_have_none_is_no_number_to_the_phone_and_no_caller(
    server: Server, kari: PlainPhone, dialled: str
) -> None:
    own, answered = await kari.call(dialled)

    assert answered.status == 404
    record = await server.record(own.call_id)
    assert (record.disposition, record.visits) == ("own_call", ())
