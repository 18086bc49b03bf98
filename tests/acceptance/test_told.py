"""What an operator sees of what only Asterisk knows: wrong passwords, refused emergency calls, deaf phones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk.log_file import held
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.run import letterbox
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import serving, tone_prompts

pytestmark = pytest.mark.real

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent}
queues: {vent: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [vent]}}
"""
WANTED = (
    "phone kari: a wrong password",
    "emergency call to 113 from phone kari",
    "phone kari has signed in, but",
)
LARGEST_LOG = 65_536


async def test_wrong_passwords_emergency_calls_and_deaf_phones_are_told_and_names_are_not(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, RULES, tone_prompts(tmp_path / "prompts")) as server:
        password = keep_passwords(server.home, ["kari"]).phones["kari"]
        async with plain_phone(server.sip, "kari", "not-the-password") as guesser:
            for _ in range(100):
                assert await guesser.register() == 401
        async with plain_phone(server.sip, "Kari Nordmann <sip:+4790000001@x>", "") as named:
            named.send(named.dialog("100"), "INVITE")
        async with plain_phone(server.sip, "kari", password) as deaf:
            deaf.answers_options = False
            assert await deaf.register() == 200
            _, refused = await deaf.call("0047113")
            health = await server.becomes(all_are_told)
        size = held(letterbox(server.home))

    assert refused.status == 503
    assert health["counts"]["wrong_passwords"] == 100
    assert health["counts"]["emergency_calls_refused"] == 1
    assert size < LARGEST_LOG
    assert "Nordmann" not in server.log.read_text()
    assert "+4790000001" not in server.log.read_text()


def all_are_told(health: Mapping[str, Any]) -> bool:
    return all(any(one in problem for problem in health["problems"]) for one in WANTED)
