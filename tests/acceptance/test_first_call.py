"""First calls: real callers, real keys and real agents' phones at one real server, with rules of their own.

Agents whose phones are SIP URIs have queues of their own, so that the calls of one test wait for nobody else's.
"""

from __future__ import annotations

import asyncio
import json
import socket
import wave
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from ivr.asterisk.passwords import keep_passwords
from ivr.records.events import MenuTry, OfferFailed, PromptMissed, Said
from ivr.records.record import CallRecord
from ivr.sipp import (
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Credentials,
    Pause,
    Press,
    PutDown,
    Sipp,
)
from ivr.sipp.script import ScriptStep
from tests.acceptance import probe
from tests.acceptance.serving import BUILT_IN, Server, ivr, serving, write_tone, write_tones
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MONDAY, SUNDAY = "2026-11-23T10:00", "2026-11-22T22:00"
NATIONAL, BERGEN = "+4721000000", "+4755301000"
FRAGILE, PICKY, NEVER_TAKEN = "+4721000001", "+4721000002", "+4721000003"
FIRST_IS = {
    "busy": "+4721000011",
    "declining": "+4721000012",
    "silent": "+4721000013",
    "absent": "+4721000014",
}
"""Numbers whose call is offered first to an agent who does not take it."""

FAILED = {"busy": "busy", "declining": "declined", "silent": "no_answer", "absent": "no_answer"}
"""What the journal says of that offer. Over UDP, a phone that is not there is one that never answers."""

WELCOME_HZ, BERGEN_HZ, CHOICES_HZ, ENGLISH_HZ, CLOSED_HZ, SORRY_HZ = 440, 700, 900, 1100, 1300, 620
PROMPTS = {"welcome": WELCOME_HZ, "choices": CHOICES_HZ, "closed": CLOSED_HZ, "fragile": 1500}
LONGEST_SILENCE_SECONDS = 3.0

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb, en]
numbers:
  +47 21 00 00 00: {{name: National, to: menu main}}
  +47 55 30 10 00: {{name: Bergen, site: bergen, to: menu main}}
  +47 21 00 00 01: {{to: menu fragile}}
  +47 21 00 00 02: {{to: queue brief}}
  +47 21 00 00 03: {{to: queue patient}}
  +47 21 00 00 11: {{to: queue first-busy}}
  +47 21 00 00 12: {{to: queue first-declining}}
  +47 21 00 00 13: {{to: queue first-silent}}
  +47 21 00 00 14: {{to: queue first-absent}}
  anything else: {{to: menu main}}
hours:
  office: {{mon-fri: 08:00-16:00}}
menus:
  main:
    say: [welcome, choices]
    keys:
      1: department sales
      2: department delivery
      3: voicemail sales
      9: {{language: en, to: menu main}}
    wait: 2s
    tries: 2
    nothing_chosen: department sales
  fragile:
    say: fragile
    keys: {{1: queue sales}}
    wait: 2s
    tries: 1
    nothing_chosen: hangup
sites:
  bergen:
    name: Bergen
    departments:
      sales: {{local: queue bergen, migrated: 2025-03-01}}
      delivery: {{local: queue bergen}}
departments:
  sales:
    name: Sales
    hours: office
    national: queue sales
    closed: {{say: closed, to: voicemail sales}}
  delivery:
    name: Delivery
    hours: office
    national: queue sales
    closed: {{say: closed, to: hangup}}
queues:
  sales: {queue}
  bergen: {queue}
  brief: {queue}
  patient: {queue}
  first-busy: {queue}
  first-declining: {queue}
  first-silent: {queue}
  first-absent: {queue}
agents:
  kari: {{name: Kari, phone: kari, queues: [sales]}}
{agents}
"""

QUEUE = (
    "{answer: 80% within 20s, ring_time: 1s, while_waiting: [{after: 10m, to: hangup}], "
    "nobody_logged_in: hangup}"
)


@dataclass(frozen=True, slots=True)
class Centre:
    """A server, the phones that can call it, and its prompts."""

    server: Server
    sipp: Sipp
    prompts: Path

    async def call(
        self, dialled: str, *steps: ScriptStep, at: str = MONDAY, caller: str = "+4790000001"
    ) -> CallRecord:
        """Place a call that goes as scripted; its record."""
        script = CallerScript(dialled, caller, steps, headers={"X-Sim-Now": at})
        report = await self.sipp.call(script, self.server.sip, within_seconds=25)
        assert report.failures == ()
        return await self.server.record(report.call_id)

    async def said(self, record: CallRecord) -> list[str]:
        """Every prompt that the caller of this record was told."""
        events = await self.server.events(record.call_id)
        return [prompt for event in events if isinstance(event, Said) for prompt in event.prompts]


def make_prompts(folder: Path) -> Path:
    """Short ones: half a second each, every one that a test listens for with a tone of its own."""
    write_tones(folder / "nb", {**dict.fromkeys(BUILT_IN, SORRY_HZ), **PROMPTS}, seconds=0.5)
    write_tone(folder / "nb/welcome.bergen.wav", BERGEN_HZ, seconds=0.5)
    write_tone(folder / "en/choices.wav", ENGLISH_HZ, seconds=0.5)
    return folder


def free_udp_port() -> int:
    """A port that nobody answers on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probed:
        probed.bind(("127.0.0.1", 0))
        return int(probed.getsockname()[1])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(
    sipp_argv: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    sipp = Sipp(sipp_argv, folder / "sipp", sip_ports=SIP, media_ports=MEDIA)
    prompts = make_prompts(folder / "prompts")
    async with AsyncExitStack() as scopes:
        answering = await scopes.enter_async_context(sipp.agent(AgentScript(answers_after=0.1)))
        brief = await scopes.enter_async_context(
            sipp.agent(AgentScript(answers_after=0.1, hangs_up_after=0.5))
        )
        silent, busy, declining = [
            await scopes.enter_async_context(sipp.agent(AgentScript(behaviour=behaviour)))
            for behaviour in (Behaviour.NEVER_ANSWERS, Behaviour.BUSY, Behaviour.DECLINES)
        ]
        # Both have been idle for as long, so the first by name is rung first.
        agents = {
            "ingrid": (answering.uri("ingrid"), "bergen"),
            "berit": (brief.uri("berit"), "brief"),
            "pia": (silent.uri("pia"), "patient"),
            **{
                name: (uri, f"first-{how}")
                for how, first in {
                    "busy": busy.uri("a"),
                    "declining": declining.uri("a"),
                    "silent": silent.uri("a"),
                    "absent": f"sip:a@127.0.0.1:{free_udp_port()}",
                }.items()
                for name, uri in ((f"a-{how}", first), (f"b-{how}", answering.uri("b")))
            },
        }
        lines = [
            f"  {name}: {{name: {name}, phone: '{uri}', queues: [{queue}]}}"
            for name, (uri, queue) in agents.items()
        ]
        rules = RULES.format(queue=QUEUE, agents="\n".join(lines))
        environment = {"IVR_TEST__CALL_TIME_HEADER": "true"}
        server = await scopes.enter_async_context(serving(folder, rules, prompts, environment))
        kari = Credentials("kari", keep_passwords(server.home, ["kari"]).phones["kari"], server.sip)
        await scopes.enter_async_context(sipp.agent(AgentScript(answers_after=0.1), account=kari))
        await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        yield Centre(server, sipp, prompts)


async def test_call_to_a_department_that_is_national_is_answered_by_an_agent_who_signed_in(
    centre: Centre,
) -> None:
    record = await centre.call(BERGEN, Pause(0.7), Press("1"), Pause(1.5), PutDown())

    assert (record.disposition, record.ended_by) == ("answered", "caller")
    assert (record.queue, record.agent) == ("sales", "kari")
    assert (record.department, record.site, record.test) == ("sales", "bergen", True)
    assert record.talk_seconds is not None
    assert 0.5 < record.talk_seconds < 2.0


async def test_call_to_a_department_that_is_still_local_is_answered_there(centre: Centre) -> None:
    record = await centre.call(BERGEN, Pause(0.7), Press("2"), Pause(1.5), PutDown())

    assert (record.disposition, record.queue, record.agent) == ("answered", "bergen", "ingrid")


async def test_caller_who_keys_wrong_and_then_nothing_still_reaches_a_person(
    centre: Centre,
) -> None:
    record = await centre.call(NATIONAL, Pause(0.7), Press("7"), Pause(5.5), PutDown())

    events = await centre.server.events(record.call_id)
    tries = [event.result for event in events if isinstance(event, MenuTry)]
    assert tries == ["no_match", "no_input"]
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert "no_match" in await centre.said(record)


async def test_caller_who_hangs_up_while_waiting_has_abandoned(centre: Centre) -> None:
    record = await centre.call(NEVER_TAKEN, Pause(1.5), PutDown())

    assert (record.disposition, record.ended_by) == ("abandoned", "caller")
    assert record.hangup_cause == 16
    (visit,) = record.visits
    assert (visit.queue, visit.outcome, visit.agent) == ("patient", "abandoned_short", None)
    assert visit.wait_seconds == pytest.approx(1.5, abs=0.7)


async def test_outside_the_hours_caller_hears_closed_and_the_call_ends_as_the_rules_say(
    centre: Centre,
) -> None:
    record = await centre.call(NATIONAL, Pause(0.7), Press("2"), AwaitHangUp(), at=SUNDAY)

    assert (record.disposition, record.ended_by) == ("closed", "rules")
    assert (await centre.said(record))[-1] == "closed"
    assert record.call_time == "2026-11-22T22:00:00+01:00"


async def test_what_caller_hears_outside_the_hours_is_the_recording_of_closed(
    centre: Centre,
) -> None:
    headers = {"X-Sim-Now": SUNDAY}
    async with probe.call(centre.server.sip, NATIONAL, "+4790000009", headers) as placed:
        async with asyncio.timeout(5):
            await placed.hears(CHOICES_HZ)
        until_closed = await placed.key_to_tone("2", CLOSED_HZ)

    assert until_closed < LONGEST_SILENCE_SECONDS


@pytest.mark.parametrize("ending", [(PutDown(),), (Press("#"), AwaitHangUp())])
async def test_message_is_a_file_as_long_as_the_record_says(
    centre: Centre, ending: tuple[ScriptStep, ...]
) -> None:
    record = await centre.call(NATIONAL, Pause(0.7), Press("3"), Pause(3.5), *ending)

    assert record.disposition == "voicemail"
    (message,) = record.messages
    with wave.open(str(centre.server.home / message.file)) as recording:
        seconds = recording.getnframes() / recording.getframerate()
    assert message.voicemail == "sales"
    assert 1.0 < seconds < 3.5
    assert message.seconds == pytest.approx(seconds, abs=1.0)


@pytest.mark.parametrize("how", FIRST_IS)
async def test_agent_who_does_not_take_the_call_costs_the_caller_no_place(
    centre: Centre, how: str
) -> None:
    record = await centre.call(FIRST_IS[how], Pause(3.0), PutDown())

    events = await centre.server.events(record.call_id)
    failed = [event for event in events if isinstance(event, OfferFailed)]
    (visit,) = record.visits
    assert (visit.outcome, visit.agent, visit.offers) == ("answered", f"b-{how}", 2)
    assert [(event.agent, event.result) for event in failed] == [(f"a-{how}", FAILED[how])]


async def test_agent_who_hangs_up_first_has_ended_the_call(centre: Centre) -> None:
    record = await centre.call(PICKY, AwaitHangUp())

    assert (record.disposition, record.ended_by, record.agent) == ("answered", "agent", "berit")


async def test_caller_chooses_english_and_is_spoken_to_in_english(centre: Centre) -> None:
    async with probe.call(centre.server.sip, NATIONAL, "+4790000009") as placed:
        async with asyncio.timeout(5):
            await placed.hears(CHOICES_HZ)
        await placed.key_to_tone("9", ENGLISH_HZ)

    record = await centre.server.record(placed.call_id)
    assert record.language == "en"


async def test_caller_of_a_site_hears_the_sites_own_prompt_and_others_the_common_one(
    centre: Centre,
) -> None:
    for dialled, hertz in ((BERGEN, BERGEN_HZ), (NATIONAL, WELCOME_HZ)):
        async with (
            probe.call(centre.server.sip, dialled, "+4790000009") as placed,
            asyncio.timeout(3),
        ):
            await placed.hears(hertz)


@pytest.mark.fault("F-29")
async def test_prompt_that_is_lost_while_the_server_runs_is_replaced_counted_and_told(
    centre: Centre,
) -> None:
    lost = centre.prompts / "nb/fragile.wav"
    recording = lost.read_bytes()
    before = (await centre.server.health())["counts"].get("prompts_missing", 0)
    lost.unlink()

    try:
        async with probe.call(centre.server.sip, FRAGILE, "+4790000009") as placed:
            async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
                await placed.hears(SORRY_HZ)
            placed.key_to_send.put_nowait("1")
            await asyncio.sleep(1.5)
    finally:
        lost.write_bytes(recording)

    record = await centre.server.record(placed.call_id)
    health = await centre.server.health()
    missed = [
        event
        for event in await centre.server.events(record.call_id)
        if isinstance(event, PromptMissed)
    ]
    assert missed == [PromptMissed(prompt="fragile", played="sorry")]
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert health["counts"]["prompts_missing"] == before + 1
    assert health["status"] == "degraded"


async def test_stored_call_can_be_listed_and_explained_by_commands(centre: Centre) -> None:
    record = await centre.call(BERGEN, Pause(0.7), Press("1"), Pause(2.5), PutDown())
    home = centre.server.home

    explained = await ivr("explain", record.call_id, "--home", home, "--json")
    listed = await ivr("calls", "--home", home, "--last", "1", "--json")
    shown = await ivr("calls", "--home", home)

    why = json.loads(explained.out)
    assert (explained.exit_code, explained.err) == (0, "")
    assert (why["ends"], why["site"], why["language"]) == ("queue sales", "bergen", "nb")
    assert why["said"] == ["welcome", "choices"]
    assert any(step["line"] and step["taken"] for step in why["steps"])
    assert any(not step["taken"] for step in why["steps"])
    (call,) = json.loads(listed.out)
    assert (call["call_id"], call["agent"]) == (record.call_id, "kari")
    assert shown.exit_code == 0
    assert "+4790000001" not in shown.out


async def test_the_doctor_finds_a_server_that_runs_and_its_link(centre: Centre) -> None:
    looked = await ivr("doctor", "--home", centre.server.home, "--json")
    symptoms = json.loads(looked.out)["symptoms"]
    found = {one["subject"]: one["verdict"] for one in symptoms}
    said = {one["subject"]: one["says"] for one in symptoms}

    assert (found["link"], found["home"], found["secrets"]) == ("ok",) * 3
    assert found["server"] == "warning"  # it runs, and nobody watches it
    assert "the running server" in said["haste"]
    assert "ports" not in found


async def test_call_that_is_not_known_is_told_so_by_explain(centre: Centre) -> None:
    said = await ivr("explain", "01unknown", "--home", centre.server.home)

    assert said.exit_code == 1
    assert "ivr calls" in said.err
