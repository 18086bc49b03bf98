"""Calls over trunks: played carriers at addresses of their own, one real server, agents' phones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from ivr.asterisk.passwords import keep_passwords
from ivr.records.events import Arrived
from ivr.records.record import CallRecord
from ivr.sipp import (
    AgentScript,
    AwaitHangUp,
    CallerScript,
    Credentials,
    Pause,
    Press,
    PutDown,
    Sipp,
)
from ivr.sipp.script import ScriptStep
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import Server, serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA, LYSE, NARROW = "127.0.0.2", "127.0.0.3", "127.0.0.4"
MAIN, BRIEF = "+4755301000", "+4755301001"
HIDDEN = "+4790111222"

SETTINGS = f"""\
[[trunk]]
name = "telia"
addresses = ["{TELIA}:5070"]

[[trunk]]
name = "lyse"
addresses = ["192.0.2.1"]
calls_from = ["{LYSE}"]
dialled_number = "to"
trust_caller = false

[[trunk]]
name = "narrow"
addresses = ["{NARROW}:5070"]
dialled_number = "called-party"
calls_at_once = 1
session_timers = false
private_contacts = true
"""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {{name: Main, to: menu main}}
  +47 55 30 10 01: {{name: Brief, to: queue brief}}
  anything else: {{to: hangup}}
menus:
  main: {{say: welcome, keys: {{1: queue sales}}, wait: 2s, tries: 1, nothing_chosen: hangup}}
queues:
  sales: {queue}
  brief: {queue}
agents:
  kari: {{name: Kari, phone: kari, queues: [sales]}}
  berit: {{name: Berit, phone: '{berit}', queues: [brief]}}
"""
QUEUE = (
    "{answer: 80% within 20s, ring_time: 5s, while_waiting: [{after: 10m, to: hangup}], "
    "nobody_logged_in: hangup}"
)


@dataclass(frozen=True, slots=True)
class Carriers:
    """A server, and a way to play each of its carriers."""

    server: Server
    at: dict[str, Sipp]

    async def call(
        self,
        carrier: str,
        dialled: str,
        *steps: ScriptStep,
        caller: str = "+4790000001",
        **headers: str,
    ) -> CallRecord:
        """A call that the carrier brings, and that goes as scripted; its record."""
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        script = CallerScript(dialled, caller, steps, headers=spelled)
        report = await self.at[carrier].call(script, self.server.sip, within_seconds=25)
        assert report.failures == ()
        return await self.server.record(report.call_id)

    async def arrived(self, sip_call_id: str) -> Arrived:
        """How the call came in."""
        record = await self.server.record(sip_call_id)
        (arrived,) = [
            one for one in await self.server.events(record.call_id) if isinstance(one, Arrived)
        ]
        return arrived


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carriers(
    sipp_argv: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Carriers]:
    folder = tmp_path_factory.mktemp("carriers")
    (folder / "ivr.toml").write_text(SETTINGS)
    at = {
        host: Sipp(
            sipp_argv,
            folder / f"sipp-{host}",
            sip_ports=SIP,
            media_ports=MEDIA,
            host=host,
        )
        for host in (TELIA, LYSE, "127.0.0.1")
    }
    async with AsyncExitStack() as scopes:
        phones = at["127.0.0.1"]
        berit = await scopes.enter_async_context(
            phones.agent(AgentScript(answers_after=0.1, hangs_up_after=0.5))
        )
        prompts = tone_prompts(folder / "prompts", welcome=440)
        rules = RULES.format(queue=QUEUE, berit=berit.uri("berit"))
        server = await scopes.enter_async_context(serving(folder, rules, prompts))
        kari = Credentials("kari", keep_passwords(server.home, ["kari"]).phones["kari"], server.sip)
        await scopes.enter_async_context(phones.agent(AgentScript(answers_after=0.1), account=kari))
        await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        yield Carriers(server, at)


async def test_a_call_over_a_trunk_meets_the_rules_is_answered_and_ended_by_the_caller(
    carriers: Carriers,
) -> None:
    record = await carriers.call(TELIA, MAIN, Pause(2), Press("1"), Pause(3), PutDown())

    assert (record.disposition, record.agent, record.ended_by) == ("answered", "kari", "caller")
    assert record.caller == "+4790000001"
    assert record.sip_call_id is not None
    assert (await carriers.arrived(record.sip_call_id)).trunk == "telia"


async def test_an_agent_who_hangs_up_ends_the_call_over_the_trunk(carriers: Carriers) -> None:
    record = await carriers.call(TELIA, BRIEF, AwaitHangUp())

    assert (record.disposition, record.agent, record.ended_by) == ("answered", "berit", "agent")


@pytest.mark.parametrize("caller", ["kari", "telia", "lyse", "local"])
async def test_a_caller_named_like_an_account_or_a_trunk_comes_in_over_the_carriers_own(
    carriers: Carriers, caller: str
) -> None:
    record = await carriers.call(TELIA, BRIEF, AwaitHangUp(), caller=caller)

    assert record.sip_call_id is not None
    assert record.caller is None
    assert (await carriers.arrived(record.sip_call_id)).trunk == "telia"


async def test_loopback_is_no_trunk_and_is_told_from_those_that_are(carriers: Carriers) -> None:
    here = await carriers.call("127.0.0.1", BRIEF, AwaitHangUp())
    there = await carriers.call(LYSE, BRIEF, AwaitHangUp())

    assert here.sip_call_id is not None
    assert there.sip_call_id is not None
    assert (await carriers.arrived(here.sip_call_id)).trunk is None
    assert (await carriers.arrived(there.sip_call_id)).trunk == "lyse"


TO = (
    ("<sip:+4755301001@carrier.example>", "+4755301001"),
    ('"Kari, \\"b\\" (c)" <sip:004755301001;npdi@y>', "+4755301001"),
    ("<sip:carrier.example>", "+4721000000"),
    ("<tel:+4755301001>", "+4721000000"),
)
CALLED_PARTY = (
    ("P-Called-Party-ID: <sip:+4755301001@x>", "+4755301001"),
    ("P-Called-Party-ID: <sip:47.55.30-10.02;npdi@x;user=phone>", "+4755301002"),
    ("P-Called-Party-ID: <tel:+4755301001>", "+4721000000"),
    ('P-Called-Party-ID: "a, b" <sip:+4755301001@x>', "+4755301001"),
    ("P-Called-Party-ID: ${CHANNEL(name)}", "+4721000000"),
    ("", "+4721000000"),
)


@pytest.mark.parametrize(("header", "dialled"), CALLED_PARTY)
async def test_what_was_dialled_stands_in_the_header_that_the_trunk_names_else_in_the_request(
    carriers: Carriers, header: str, dialled: str
) -> None:
    async with plain_phone(carriers.server.sip, "x", host=NARROW) as carrier:
        dialog, _ = await carrier.call("+4721000000", header)

    assert (await carriers.arrived(dialog.call_id)).dialled == dialled


@pytest.mark.parametrize(("to", "dialled"), TO)
async def test_what_was_dialled_stands_in_to_where_the_trunk_says_so(
    carriers: Carriers, to: str, dialled: str
) -> None:
    async with plain_phone(carriers.server.sip, "x", host=LYSE) as carrier:
        dialog = carrier.dialog("+4721000000")
        dialog.there = to
        await carrier.invite(dialog)

    assert (await carriers.arrived(dialog.call_id)).dialled == dialled


async def test_a_trunk_that_is_full_gets_503_and_the_refusal_is_recorded_and_counted(
    carriers: Carriers,
) -> None:
    before = (await carriers.server.health())["counts"].get("trunk_calls_refused", 0)
    async with plain_phone(carriers.server.sip, "x", host=NARROW) as carrier:
        first, taken = await carrier.call(MAIN)
        second, refused = await carrier.call(MAIN)
        other, other_taken = await carrier.call(MAIN)
        await carrier.hang_up(first)

    assert (taken.status, refused.status, other_taken.status) == (200, 503, 503)
    record = await carriers.server.record(second.call_id)
    assert record.disposition == "failed"
    counts = (await carriers.server.health())["counts"]
    assert counts["trunk_calls_refused"] == before + 2
    assert other.call_id != second.call_id


@pytest.mark.parametrize("host", [TELIA, LYSE])
@pytest.mark.parametrize(
    "headers",
    [
        f"P-Asserted-Identity: <sip:{HIDDEN}@x>\r\nPrivacy: id",
        f'P-Asserted-Identity: "Ola {HIDDEN}" <tel:{HIDDEN}>\r\nPrivacy: user;id',
        f"Remote-Party-ID: <sip:{HIDDEN}@x>;party=calling;privacy=full",
    ],
)
async def test_a_hidden_number_is_nowhere(carriers: Carriers, host: str, headers: str) -> None:
    async with plain_phone(carriers.server.sip, "anonymous", host=host) as carrier:
        dialog, answer = await carrier.call(MAIN, headers)
        assert answer.status == 200
        (live,) = [one for one in await carriers.server.ari("channels") if "PJSIP" in one["name"]]
        assert (live["caller"]["number"], live["caller"]["name"]) in {
            ("", ""),
            ("anonymous", "Anonymous"),
            ("anonymous", ""),
        }
        await carrier.hang_up(dialog)

    record = await carriers.server.record(dialog.call_id)
    assert record.caller is None
    assert holding(HIDDEN[3:], carriers.server.home, carriers.server.log) == []


@pytest.mark.parametrize(("host", "caller"), [(TELIA, "+4790333444"), (LYSE, "+4790555666")])
async def test_who_calls_is_what_the_carrier_vouches_for_where_it_is_trusted(
    carriers: Carriers, host: str, caller: str
) -> None:
    headers = "P-Asserted-Identity: <sip:+4790333444@x>"
    async with plain_phone(carriers.server.sip, "+4790555666", host=host) as carrier:
        dialog, _ = await carrier.call(MAIN, headers)
        await carrier.hang_up(dialog)

    assert (await carriers.server.record(dialog.call_id)).caller == caller


@pytest.mark.parametrize(("host", "told"), [(TELIA, "+4755999888"), (LYSE, None)])
async def test_who_passed_a_call_on_to_us_is_recorded_where_the_trunk_is_believed(
    carriers: Carriers, host: str, told: str | None
) -> None:
    headers = "Diversion: <sip:+4755999888@x>;reason=unconditional;counter=1"
    async with plain_phone(carriers.server.sip, "+4790555666", host=host) as carrier:
        dialog, _ = await carrier.call(MAIN, headers)
        await carrier.hang_up(dialog)

    assert (await carriers.arrived(dialog.call_id)).forwarded_by == told


IN_A_CALL = (
    ("OPTIONS", "", "", 200),
    ("INFO", "", "", 200),
    ("INFO", "Content-Type: application/dtmf-relay", "Signal=1\r\nDuration=160\r\n", 200),
    ("UPDATE", "", "", 200),
)


async def test_what_a_carrier_asks_during_a_call_is_answered_and_the_call_goes_on(
    carriers: Carriers,
) -> None:
    async with plain_phone(carriers.server.sip, "x", host=TELIA) as carrier:
        dialog, _ = await carrier.call(MAIN)
        for method, headers, body, status in IN_A_CALL:
            answer = await carrier.request(dialog, method, headers, body)
            assert (method, answer.status) == (method, status)
        await carrier.hang_up(dialog)

    assert (await carriers.server.record(dialog.call_id)).ended_by == "caller"


@pytest.mark.parametrize("refresher", ["uac", "uas"])
async def test_session_timers_are_kept_by_either_side_where_the_trunk_has_them(
    carriers: Carriers, refresher: str
) -> None:
    headers = f"Supported: timer\r\nSession-Expires: 120;refresher={refresher}"
    async with plain_phone(carriers.server.sip, "x", host=TELIA) as carrier:
        dialog, answer = await carrier.call(MAIN, headers)
        await carrier.hang_up(dialog)

    assert answer.header("Session-Expires") == f"120;refresher={refresher}"


async def test_a_session_that_is_too_short_is_refused_with_the_shortest(carriers: Carriers) -> None:
    headers = "Supported: timer\r\nSession-Expires: 60;refresher=uac\r\nMin-SE: 60"
    async with plain_phone(carriers.server.sip, "x", host=TELIA) as carrier:
        _, answer = await carrier.call(MAIN, headers)

    assert (answer.status, answer.header("Min-SE")) == (422, "90")


async def test_without_session_timers_none_are_agreed_upon(carriers: Carriers) -> None:
    headers = "Supported: timer\r\nSession-Expires: 120;refresher=uac"
    async with plain_phone(carriers.server.sip, "x", host=NARROW) as carrier:
        dialog, answer = await carrier.call(MAIN, headers)
        await carrier.hang_up(dialog)

    assert (answer.status, answer.header("Session-Expires")) == (200, "")


async def test_a_private_contact_is_passed_over_where_the_trunk_says_so(carriers: Carriers) -> None:
    async with plain_phone(carriers.server.sip, "x", host=NARROW) as carrier:
        carrier.contact = "<sip:gw@10.255.255.1:5060>"
        dialog, answer = await carrier.call(
            "+4721000000", f"P-Called-Party-ID: <sip:{BRIEF}@carrier.example>"
        )
        assert answer.status == 200
        bye = await carrier.receives("BYE")
        carrier.answer(bye, "200 OK")

    assert (await carriers.server.record(dialog.call_id)).ended_by == "agent"


def holding(text: str, *places: Path) -> list[str]:
    """The files at these places that hold the text."""
    files = [
        file
        for place in places
        for file in (place.rglob("*") if place.is_dir() else (place,))
        if file.is_file()
    ]
    return [str(file) for file in files if text.encode() in file.read_bytes()]
