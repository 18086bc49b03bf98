"""Figures and the work list of lost callers, of real calls, by the real commands."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ivr.asterisk.passwords import keep_passwords
from ivr.sipp import AgentScript, Credentials, Sipp
from tests.acceptance.probe import call
from tests.acceptance.serving import Server, ivr, serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.long]

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: queue salg
  +47 55 30 10 01: queue tom
  +47 55 30 10 02: menu main
menus:
  main: {say: welcome, keys: {1: queue tom}, wait: 6s, nothing_chosen: queue tom}
queues:
  salg: {answer: 80% within 20s, wrap_up: 0s}
  tom: {answer: 80% within 20s}
agents:
  ola: {phone: ola, queues: [salg]}
"""
SALG, TOM, MENU = "+4755301000", "+4755301001", "+4755301002"
KARI, PER = "+4790000001", "+4790000002"
LONGER_THAN_SHORT_SECONDS = 6.0


async def told(server: Server, *words: str) -> Any:
    ran = await ivr(*words, "--home", server.home, "--json")
    assert ran.exit_code == 0, ran.err
    return json.loads(ran.out)


async def gives_up(server: Server, caller: str, after_seconds: float) -> None:
    async with call(server.sip, TOM, caller):
        await asyncio.sleep(after_seconds)


async def leaves_the_menu(server: Server) -> None:
    async with call(server.sip, MENU, "+4790000004"):
        await asyncio.sleep(1.0)


async def ended_waits(server: Server, outcome: str) -> dict[str, float]:
    """What `/metrics` counts of waits that ended so, by queue."""
    url = server.health_url.replace("/health", "/metrics")
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        families = list(text_string_to_metric_families(await answer.text()))
    return {
        sample.labels["queue"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "sentralbord_queue_waits_ended_total"
        and sample.labels["outcome"] == outcome
    }


async def listed(server: Server) -> list[tuple[str, int]]:
    return [(one["caller"], one["tries"]) for one in (await told(server, "lost"))["callers"]]


async def both_ledgers(server: Server, *, calls: int) -> Any:
    """What the audit says once so many calls are in both."""
    while True:
        ran = await ivr("records", "audit", "--home", server.home, "--json")
        found = json.loads(ran.out)
        if found["audit"]["compared"] == calls:
            return found | {"exit_code": ran.exit_code}


ASKING = """\
version: 1
country: Norway
languages: [nb]
numbers: {anything else: queue salg}
queues: {salg: {answer: 80% within 20s, wrap_up: 0s, survey: short}}
surveys: {short: {by: voice, say: rate, scale: 1-10, between: 1s, wait: 2s, tries: 1, thanks: thanks}}
agents: {ola: {phone: ola, queues: [salg]}}
"""
RATE_HZ, THANKS_HZ = 600.0, 800.0


async def test_who_stays_on_the_line_is_asked_and_counted(
    sipp_argv: tuple[str, ...], tmp_path: Path
) -> None:
    sipp = Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)
    prompts = tone_prompts(tmp_path / "p", rate=RATE_HZ, thanks=THANKS_HZ)
    async with asyncio.timeout(120), serving(tmp_path, ASKING, prompts) as server:
        password = keep_passwords(server.home, ["ola"]).phones["ola"]
        script = AgentScript(answers_after=0.1, hangs_up_after=1.0)
        account = Credentials("ola", password, server.sip)
        async with sipp.agent(script, account=account):
            await server.becomes(lambda now: now["agents"]["ola"]["state"] == "available")
            async with call(server.sip, SALG, PER) as caller:
                await caller.hears(RATE_HZ)
                await caller.key_to_tone("9", THANKS_HZ)
            await server.records(1)
            async with call(server.sip, SALG, KARI) as caller:
                await caller.hears(RATE_HZ)
            await server.records(2)
        figures = await told(server, "kpi")
        (last, first) = (await told(server, "calls"))[:2]

    (survey,) = figures["csat"]
    assert (survey["survey"], survey["csat"], survey["csat_scale"]) == ("short", 9.0, "1-10")
    assert (survey["survey_asked"], survey["survey_answered"]) == (2, 1)
    assert (first["disposition"], first["surveys"][0]["score"]) == ("answered", 9)
    assert (last["ended_by"], last["surveys"][0]["score"]) == ("caller", None)


async def test_who_gave_up_is_counted_and_listed_until_reached_or_seen_to(
    sipp_argv: tuple[str, ...], tmp_path: Path
) -> None:
    sipp = Sipp(
        sipp_argv,
        tmp_path / "sipp",
        sip_ports=SIP,
        media_ports=MEDIA,
    )
    async with (
        asyncio.timeout(180),
        serving(tmp_path, RULES, tone_prompts(tmp_path / "p", welcome=440.0)) as server,
    ):
        await asyncio.gather(
            gives_up(server, KARI, LONGER_THAN_SHORT_SECONDS),
            gives_up(server, PER, LONGER_THAN_SHORT_SECONDS),
            gives_up(server, "+4790000003", 1.0),
            leaves_the_menu(server),
        )
        await server.records(4)
        both = await listed(server)
        given_up = await ended_waits(server, "abandoned")

        password = keep_passwords(server.home, ["ola"]).phones["ola"]
        script, account = AgentScript(answers_after=0.1), Credentials("ola", password, server.sip)
        async with sipp.agent(script, account=account):
            await server.becomes(lambda now: now["agents"]["ola"]["state"] == "available")
            async with call(server.sip, SALG, PER):
                await server.becomes(lambda now: now["agents"]["ola"]["state"] == "talking")
        await server.records(5)
        only_kari = await listed(server)

        await told(server, "lost", "done", "0047 900 00 001", "-m", "called back")
        nobody = await listed(server)
        figures = await told(server, "kpi")
        behind = await told(server, "kpi", "--calls", "--outcome", "abandoned")
        in_menu = await told(server, "kpi", "--calls", "--menu", "main", "--key", "left")
        page = tmp_path / "today.html"
        words = ("report", "day", "--for", "today", "--html", page, "--language", "nb")
        reported = await ivr(*words, "--home", server.home)

        audit = await both_ledgers(server, calls=5)

        forgotten = await told(server, "forget", PER, "--yes", "-m", "has asked for it")
        figures_since = await told(server, "kpi")
        removals = await told(server, "removals")

    assert sorted(both) == [(KARI, 1), (PER, 1)]
    assert given_up == {"tom": 3.0}
    assert only_kari == [(KARI, 1)]
    assert nobody == []
    salg, tom = figures["rows"]
    assert (salg["queue"], salg["offered"], salg["answered"], salg["service_level"]) == (
        "salg", 1, 1, 1.0,
    )  # fmt: skip
    assert (tom["queue"], tom["offered"], tom["abandoned"], tom["abandoned_short"]) == (
        "tom", 3, 2, 1,
    )  # fmt: skip
    assert salg["aht_seconds"] > 0
    assert 0 < figures["occupancy"] < 1
    assert figures["handling"]["handling_seconds"] >= salg["aht_seconds"]
    assert sorted(one["caller"] for one in behind) == [KARI, PER]
    (menu,) = figures["menus"]
    assert (menu["visits"], menu["hung_up"], menu["attrition"]) == (1, 1, 1.0)
    assert [one["path"] for one in in_menu] == ["menu main"]
    assert reported.exit_code == 0, reported.err
    assert "+47…001" not in page.read_text("utf-8")  # seen to: nobody calls back any more
    assert "la på i menyen" in page.read_text("utf-8")
    assert audit["audit"]["odd"] == []
    assert audit["exit_code"] == 0
    assert forgotten["removal"]["taken"]["numbers"] == 2
    assert figures_since == figures
    assert [(one["what"], one["why"]) for one in removals] == [("forget", "has asked for it")]
