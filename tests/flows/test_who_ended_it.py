"""Stories of how calls end, and whose doing that was."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest


async def waits(switchboard: Any) -> Any:
    await switchboard.signs_in("kari")
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.hears("music:calm")
    await asyncio.sleep(8)
    return caller


@pytest.mark.parametrize(
    ("end", "ended_by", "disposition", "outcome"),
    [
        ("hangs_up", "caller", "abandoned", "abandoned"),
        ("is_lost", "lost", "failed", "system_dropped"),
    ],
)
async def test_a_phone_that_is_gone_has_not_abandoned_the_queue(
    switchboard: Any, end: str, ended_by: str, disposition: str, outcome: str
) -> None:
    caller = await waits(switchboard)
    getattr(caller, end)()
    await asyncio.sleep(5)

    (record,) = switchboard.records
    assert (record.ended_by, record.disposition) == (ended_by, disposition)
    assert [visit.outcome for visit in record.visits] == [outcome]
