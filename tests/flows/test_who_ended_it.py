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
    assert switchboard.counts.as_dict() == {"calls_arrived": 1, f"calls_ended_{ended_by}": 1}


async def talks_with_kari(switchboard: Any) -> tuple[Any, Any]:
    kari = await switchboard.signs_in("kari", answers_after=1)
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(30)
    return caller, kari


async def test_a_caller_whose_agent_is_lost_hears_so_and_is_the_next_to_be_served(
    switchboard: Any,
) -> None:
    caller, kari = await talks_with_kari(switchboard)
    others = [switchboard.asterisk.ring(f"+479000001{n}", dialled="+4755301000") for n in range(2)]
    for other in others:
        await other.hears("welcome")
        other.keys("1")
        await other.hears("music:calm")
    kari.is_lost()
    await caller.hears("sorry")
    await switchboard.signs_in("ola", answers_after=1)

    await caller.is_talking_to("ola")
    assert not any(other.talking_to() for other in others)
    for one in (*others, caller):
        one.hangs_up()
    await asyncio.sleep(60)
    (record,) = [record for record in switchboard.records if record.agent]
    assert (record.disposition, record.ended_by) == ("answered", "caller")
    assert [(visit.outcome, visit.agent) for visit in record.visits] == [
        ("answered", "kari"),
        ("answered", "ola"),
    ]


async def test_a_talk_lasts_as_long_as_the_agents_phone_was_heard(switchboard: Any) -> None:
    caller, kari = await talks_with_kari(switchboard)
    await asyncio.sleep(170)
    kari.is_lost(since_seconds=150)
    await caller.hears("sorry")
    caller.hangs_up()
    await asyncio.sleep(5)

    (record,) = switchboard.records
    assert record.talk_seconds == pytest.approx(50, abs=0.1)
    assert record.visits[0].talk_seconds == record.talk_seconds


async def test_a_talk_lasts_as_long_as_the_callers_phone_was_heard(switchboard: Any) -> None:
    caller, _ = await talks_with_kari(switchboard)
    await asyncio.sleep(170)
    caller.is_lost(since_seconds=150)
    await asyncio.sleep(5)

    (record,) = switchboard.records
    assert (record.ended_by, record.disposition) == ("lost", "answered")
    assert record.talk_seconds == pytest.approx(50, abs=0.1)


async def test_a_long_talk_that_is_lost_makes_no_step_of_the_wait_due(switchboard: Any) -> None:
    caller, kari = await talks_with_kari(switchboard)
    await asyncio.sleep(600)
    kari.is_lost()
    await asyncio.sleep(5)
    await switchboard.signs_in("ola", answers_after=1)

    await caller.is_talking_to("ola")
    caller.hangs_up()
    await asyncio.sleep(60)
    assert [visit.queue for visit in switchboard.records[0].visits] == ["kundeservice"] * 2


async def test_an_agent_who_hangs_up_has_ended_the_call_and_nobody_is_rung_again(
    switchboard: Any,
) -> None:
    caller, kari = await talks_with_kari(switchboard)
    kari.hangs_up()
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert "sorry" not in caller.heard
    assert switchboard.records[0].ended_by == switchboard.events()[-1].by == "agent"
