"""Rules that change under a running server, with real calls on the line, by the real commands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.showing.steps import reason_told
from ivr.sipp import AgentScript, Credentials, Sipp
from tests.acceptance.probe import call
from tests.acceptance.serving import Ran, Server, ivr, serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.long]

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
menus:
  main:
    say: main.old
    keys: {1: queue sales, 2: voicemail box}
    wait: 30s
    tries: 3
    nothing_chosen: queue sales
queues:
  sales:
    answer: 80% within 20s
    while_waiting: [{after: 10m, to: voicemail box}]
    nobody_logged_in: voicemail box
    wrap_up: 0s
voicemails:
  box: {say: box.greeting}
agents:
  ola: {name: Ola, phone: ola, queues: [sales]}
"""

NEW = RULES.replace("main.old", "main.new")
FAULTY = RULES.replace("1: queue sales", "1: queue seles")

OLD_TONE, NEW_TONE, BOX_TONE, STORM_TONE = 440.0, 550.0, 660.0, 770.0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    prompts = tone_prompts(
        tmp_path / "prompts",
        **{
            "main.old": OLD_TONE,
            "main.new": NEW_TONE,
            "box.greeting": BOX_TONE,
            "closed.storm": STORM_TONE,
        },
    )
    async with serving(tmp_path, RULES, prompts) as server:
        yield server


@pytest.fixture
def sipp(sipp_argv: tuple[str, ...], tmp_path: Path) -> Sipp:
    return Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)


def dial(server: Server) -> Any:
    return call(server.sip, "+4721000000", "+4790000001")


async def told(server: Server, *words: str | Path) -> Any:
    """What a command of this server's prints as JSON."""
    ran = await ivr(*words, "--home", server.home, "--json")
    assert ran.exit_code == 0, ran.err
    return json.loads(ran.out)


async def refused(server: Server, *words: str | Path) -> Ran:
    ran = await ivr(*words, "--home", server.home)
    assert ran.exit_code == 1, ran.out
    assert "Traceback" not in ran.err
    return ran


def put(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


async def test_rules_are_applied_and_rolled_back_while_a_call_is_under_way(
    server: Server, tmp_path: Path
) -> None:
    new = put(tmp_path / "new.yaml", NEW)
    async with asyncio.timeout(60), dial(server) as early:
        await early.hears(OLD_TONE)

        applied = await told(server, "apply", new, "-m", "a new voice", "--author", "kari")
        async with dial(server) as late:
            await late.hears(NEW_TONE)
        await early.key_to_tone("2", BOX_TONE)  # its rules, and its menu, are still there

        back = await told(server, "rollback", "-m", "the old voice was better")
        async with dial(server) as last:
            await last.hears(OLD_TONE)

    first, second = applied["before"], applied["change"]["revision"]
    history = await told(server, "history")
    records = await server.records(3)
    by_arrival = [record.revision for record in sorted(records, key=lambda r: r.arrived_at)]
    assert [(one["how"], one["revision"]) for one in history] == [
        ("rollback", first),
        ("apply", second),
        ("start", first),
    ]
    assert history[1]["author"] == "kari"
    assert back["change"]["revision"] == first
    assert by_arrival == [first, second, first]
    assert (server.home / "rules" / second / "new.yaml").stat().st_mode & 0o777 == 0o600


async def test_an_edit_of_the_file_is_taken_and_a_faulty_one_is_told(
    server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "rules.yaml"
    before = (await server.health())["rules_revision"]

    put(file, FAULTY)
    faulty = await server.becomes(lambda now: bool(now["rules_refused"]))
    async with asyncio.timeout(20), dial(server) as caller:
        await caller.hears(OLD_TONE)
    put(file, NEW)
    mended = await server.becomes(lambda now: not now["rules_refused"])
    async with asyncio.timeout(20), dial(server) as caller:
        await caller.hears(NEW_TONE)

    assert faulty["status"] == "degraded"
    assert faulty["rules_revision"] == before != mended["rules_revision"]
    assert "IVR204" in faulty["rules_refused"][0]["findings"][0]
    assert mended["status"] == "ok"
    assert mended["rules_in_force"]["how"] == "edit"


async def test_a_refused_apply_changes_nothing_and_says_what_to_write(
    server: Server, tmp_path: Path
) -> None:
    before = await server.health()
    faulty, new = put(tmp_path / "faulty.yaml", FAULTY), put(tmp_path / "new.yaml", NEW)

    with_faults = await refused(server, "apply", faulty, "-m", "a slip")
    not_planned = await refused(
        server, "apply", new, "-m", "x", "--planned", before["rules_revision"]
    )

    after = await server.health()
    assert "did you mean 'sales'" in with_faults.err
    assert "changed since" in not_planned.err
    assert after["rules_revision"] == before["rules_revision"]
    assert (after["status"], after["rules_refused"]) == ("ok", [])


async def test_a_queue_is_closed_by_hand_and_opened_again(server: Server) -> None:
    async def when_one_is_keyed(tone: float) -> None:
        async with asyncio.timeout(30), dial(server) as caller:
            await caller.hears(OLD_TONE)
            await caller.key_to_tone("1", tone)

    unknown = await refused(server, "close", "seles", "--until", "23:59")
    closed = await told(
        server, "close", "sales", "--until", tomorrow(), "--say", "closed.storm", "-m", "storm"
    )
    listed = await told(server, "overrides")
    await when_one_is_keyed(STORM_TONE)
    await told(server, "open", "sales")
    await when_one_is_keyed(BOX_TONE)  # nobody is logged in

    newest, oldest = await server.records(2)
    assert "did you mean 'sales'" in unknown.err
    assert listed == closed["overrides"]
    assert await told(server, "overrides") == []
    assert any("storm" in reason_told(reason) for reason in oldest.reasons)
    assert not any("storm" in reason_told(reason) for reason in newest.reasons)


async def test_an_agent_who_comes_with_new_rules_can_sign_in_and_takes_calls(
    server: Server, sipp: Sipp, tmp_path: Path
) -> None:
    more = put(
        tmp_path / "more.yaml", RULES + "  kari: {name: Kari, phone: kari, queues: [sales]}\n"
    )

    await told(server, "apply", more, "-m", "Kari begins today")
    password = keep_passwords(server.home, ["kari"]).phones["kari"]
    async with sipp.agent(
        AgentScript(answers_after=0.1), account=Credentials("kari", password, server.sip)
    ):
        await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        async with asyncio.timeout(30), dial(server) as caller:
            await caller.hears(OLD_TONE)
            caller.key_to_send.put_nowait("1")
            await server.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")

            await told(server, "rollback", "-m", "not yet")
            talking = await server.health()
            assert talking["agents"].get("kari", {}).get("state") == "talking"
            assert talking["calls"] == 1

    (record,) = await server.records(1)
    after = await server.becomes(lambda now: "kari" not in now["agents"])
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert "kari" not in after["agents"]


async def test_strangers_change_nothing(server: Server) -> None:
    control = server.health_url.replace("/health", "/control/rollback")
    body = json.dumps({"why": "mallory wants it"})
    statuses = []
    async with aiohttp.ClientSession() as session:
        for headers in (
            {"Content-Type": "application/json"},
            {"Content-Type": "application/json", "Authorization": "Bearer guessed"},
        ):
            async with session.post(control, data=body, headers=headers) as answer:
                statuses.append((answer.status, (await answer.json(content_type=None))["code"]))

    assert statuses == [(401, "not-known"), (401, "not-known")]
    assert (server.home / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (server.home / "server.json").stat().st_mode & 0o777 == 0o600


async def test_without_a_server_the_commands_say_so_and_the_history_can_be_read(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", **{"main.old": OLD_TONE, "box.greeting": BOX_TONE})
    async with serving(tmp_path, RULES, prompts) as server:
        assert (server.home / "server.json").exists()

    gone = await refused(server, "close", "sales", "--until", "23:59")
    assert "no server runs" in gone.err
    assert not (server.home / "server.json").exists()
    assert [one["how"] for one in await told(server, "history")] == ["start"]
    assert await told(server, "overrides") == []


def tomorrow() -> str:
    return (datetime.now(ZoneInfo("Europe/Oslo")) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
