"""Played callers against played agents: real SIPp on both sides, and no server between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ivr.sipp import (
    AgentPhone,
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Pause,
    Press,
    PutDown,
    Sipp,
)
from tests.acceptance import probe
from tests.acceptance.tones import speech
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

PRESSES_AND_HANGS_UP = (Pause(0.1), Press("1"), PutDown())


@pytest.fixture
def sipp(sipp_argv: tuple[str, ...], tmp_path: Path) -> Iterator[Sipp]:
    before = set(psutil.Process().children())
    yield Sipp(
        sipp_argv,
        tmp_path / "sipp",
        sip_ports=SIP,
        media_ports=MEDIA,
    )
    assert set(psutil.Process().children()) <= before


def to(phone: AgentPhone) -> tuple[str, int]:
    return "127.0.0.1", phone.port


async def test_caller_is_answered_and_hangs_up(sipp: Sipp) -> None:
    async with sipp.agent(AgentScript(answers_after=0.1)) as phone:
        report = await sipp.call(
            CallerScript("ola", "+4790000001", PRESSES_AND_HANGS_UP), to(phone)
        )
        answered = await phone.answered_calls()

    assert report.failures == ()
    assert answered == (report.call_id,)


async def test_agent_hangs_up(sipp: Sipp) -> None:
    async with sipp.agent(AgentScript(answers_after=0.0, hangs_up_after=0.2)) as phone:
        report = await sipp.call(CallerScript("ola", "+4790000001", (AwaitHangUp(),)), to(phone))

    assert report.failures == ()


@pytest.mark.parametrize(
    ("behaviour", "status"), [(Behaviour.BUSY, "486"), (Behaviour.DECLINES, "603")]
)
async def test_caller_whose_call_is_not_taken_is_told_so(
    sipp: Sipp, behaviour: Behaviour, status: str
) -> None:
    async with sipp.agent(AgentScript(behaviour=behaviour)) as phone:
        report = await sipp.call(CallerScript("ola", "+4790000001", (PutDown(),)), to(phone))

    assert not report.ok
    assert f"SIP/2.0 {status}" in " ".join(report.failures)


async def test_many_calls_to_many_names_at_one_phone_are_all_accounted_for(sipp: Sipp) -> None:
    script = CallerScript("a17", "+4790000001", PRESSES_AND_HANGS_UP)

    async with sipp.agent(AgentScript(answers_after=0.05)) as phone:
        report = await sipp.load(script, to(phone), calls=10, rate_per_second=20)
        answered = await phone.answered_calls()

    assert (report.successful, report.failed, report.failures) == (10, 0, ())
    assert len(set(report.call_ids)) == 10
    assert set(answered) == set(report.call_ids)


async def test_agent_who_answers_sends_back_what_is_heard(sipp: Sipp) -> None:
    async with (
        asyncio.timeout(10),
        sipp.agent(AgentScript(answers_after=0.0)) as phone,
        probe.call(to(phone), "ola", "+4790000001") as placed,
    ):
        _, packet = await placed.media.packets.get()

    assert speech(packet) == probe.SILENCE
