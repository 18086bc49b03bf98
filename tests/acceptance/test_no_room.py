"""More calls than there are ports for speech, on a real Asterisk with four ports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import Addresses, addresses, started, tone_prompts

pytestmark = pytest.mark.real

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent}
queues: {vent: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [vent]}}
"""


@pytest.mark.fault("F-26")
async def test_callers_beyond_the_ports_are_sent_elsewhere_written_down_and_told(
    tmp_path: Path,
) -> None:
    with addresses() as at:
        first = int(at.rtp.split("-")[0])
        eight_ports = Addresses(at.sip, f"{first}-{first + 7}", at.web)
        async with started(tmp_path, RULES, tone_prompts(tmp_path / "p"), eight_ports) as server:
            async with plain_phone(server.sip, "+4790000001") as phone:
                waiting, answered = await phone.call("100")
                refused = [(await phone.call("100"))[1].status for _ in range(3)]
                health = await server.health()
                await phone.hang_up(waiting)
            records = await server.records(4)

    assert answered.status == 200
    assert refused == [503, 503, 503]
    assert health["status"] == "degraded"
    assert any("no more calls fit" in problem for problem in health["problems"])
    assert [record.error for record in records] == ["no-room", "no-room", "no-room", None]
