"""What hangs: Asterisk is ended and started again, whatever stands in the way; without a server the floor speaks."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk import run
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import serving, tone_prompts

pytestmark = [pytest.mark.real, pytest.mark.long]

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent}
queues: {vent: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [vent]}}
"""
HEALED_SECONDS = 60.0
FLOOR_SECONDS = 20.0
NOBODY_WAITS = {"IVR_FLOOR__WAIT_SECONDS": "0"}


@pytest.mark.fault("F-08", "F-24")
async def test_a_server_that_hangs_leaves_new_callers_to_the_floor(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, RULES, tone_prompts(tmp_path / "prompts"), NOBODY_WAITS) as server,
        plain_phone(server.sip, "+4790000001") as phone,
    ):
        phone.patience_seconds = FLOOR_SECONDS
        os.kill(server.pid, signal.SIGSTOP)
        try:
            _, answered = await phone.call("100")
            farewell = await phone.receives("BYE")
            phone.answer(farewell, "200 OK")
        finally:
            os.kill(server.pid, signal.SIGCONT)

        dialog, taken = await phone.call("100")
        await phone.hang_up(dialog)

    assert answered.status == 200
    assert taken.status == 200


@pytest.mark.fault("F-21")
async def test_an_asterisk_that_hangs_is_started_again_as_soon_as_it_can_be(tmp_path: Path) -> None:
    async with serving(tmp_path, RULES, tone_prompts(tmp_path / "prompts")) as server:
        before = run.find_running(server.home)
        assert before is not None
        texts = server.home / "asterisk/etc"
        texts.rename(texts.with_name("etc.away"))
        texts.write_text("a file where its folder should be")

        os.kill(before.pid, signal.SIGSTOP)
        told = await server.becomes(cannot_be_started, within_seconds=HEALED_SECONDS)
        texts.unlink()
        texts.with_name("etc.away").rename(texts)

        await server.becomes(lambda now: now["status"] == "ok", within_seconds=HEALED_SECONDS)
        after = run.find_running(server.home)
        async with plain_phone(server.sip, "+4790000001") as phone:
            dialog, answered = await phone.call("100")
            await phone.hang_up(dialog)

    assert told["status"] == "down"
    assert after is not None
    assert after.pid != before.pid
    assert answered.status == 200


def cannot_be_started(health: Mapping[str, Any]) -> bool:
    return any("it cannot be started" in problem for problem in health["problems"])
