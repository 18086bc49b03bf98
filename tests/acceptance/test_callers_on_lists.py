"""Callers on lists, on a real Asterisk: led elsewhere, told goodbye, not answered; and the list changes under way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import serving, tone_prompts, write_tone

pytestmark = pytest.mark.real

VIP, NUISANCE, ROBOT, ANYBODY = (f"+479000000{number}" for number in (7, 8, 9, 1))
RULES = f"""\
version: 1
languages: [nb]
numbers: {{anything else: queue vent}}
callers:
  vip: {{numbers: "{VIP}", first_in_line: true, to: queue gode_kunder}}
  nuisance: {{numbers: ["{NUISANCE}", withheld], say: not_today, to: hangup}}
  robots: {{file: lists/robots.csv, to: refuse}}
queues:
  vent: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
  gode_kunder: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
agents: {{kari: {{phone: kari, queues: [vent, gode_kunder]}}}}
"""


async def test_callers_on_lists_meet_what_the_lists_say(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "p")
    write_tone(prompts / "nb" / "not_today.wav", 500, seconds=0.5)
    robots = tmp_path / "lists" / "robots.csv"
    robots.parent.mkdir()
    robots.write_text(f"nummer;navn\n{ROBOT[3:]};robot\n", "utf-8")
    async with serving(tmp_path, RULES, prompts) as server:
        async with plain_phone(server.sip, ROBOT) as phone:
            _, refused = await phone.call("100")
        async with plain_phone(server.sip, NUISANCE) as phone:
            _, answered = await phone.call("100")
            phone.answer(await phone.receives("BYE"), "200 OK")
        async with plain_phone(server.sip, "anonymous") as phone:
            _, hidden = await phone.call("100")
            phone.answer(await phone.receives("BYE"), "200 OK")
        async with plain_phone(server.sip, VIP) as phone:
            waiting, _ = await phone.call("100")
            await phone.hang_up(waiting)

        before = (await server.health())["rules_revision"]
        robots.write_text(f"{ROBOT[3:]}\n{ANYBODY[3:]}\n", "utf-8")
        await server.becomes(lambda now: now["rules_revision"] != before)
        async with plain_phone(server.sip, ANYBODY) as phone:
            _, refused_now = await phone.call("100")
        records = await server.records(5)

    assert (refused.status, refused_now.status) == (403, 403)
    assert (answered.status, hidden.status) == (200, 200)
    told = [(one.disposition, one.ended_by, one.queue) for one in reversed(records)]
    assert told == [
        ("refused", "rules", None),
        ("refused", "rules", None),
        ("refused", "rules", None),
        ("abandoned", "caller", "gode_kunder"),
        ("refused", "rules", None),
    ]
    log = (tmp_path / "server.log").read_text("utf-8")
    assert not [number for number in (VIP, NUISANCE, ROBOT, ANYBODY) if number[3:] in log]
