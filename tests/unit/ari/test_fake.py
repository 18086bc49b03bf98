"""What a test can say to the twin, and the faults that it can have."""

from __future__ import annotations

import asyncio

import pytest

from ivr.ari.channel import Channel
from ivr.ari.events import PlaybackEnded
from ivr.ari.fake import Caller, FakeAsterisk
from ivr.ari.generated import models as m
from ivr.ari.node import Node
from ivr.ari.request import Request
from ivr.errors import AsteriskRefused, AsteriskUnreachable, ChannelGone


async def arrived(asterisk: FakeAsterisk, node: Node) -> tuple[Caller, Channel]:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="100")
        return caller, node.channel((await anext(arrivals)).channel_id)


async def test_a_caller_hears_things_in_order_and_each_once(
    asterisk: FakeAsterisk, node: Node
) -> None:
    caller, leg = await arrived(asterisk, node)
    await leg.play("sound:/prompts/no/welcome", "sound:/prompts/no/choices", playback_id="1-pb")
    await leg.play("sound:/prompts/no/welcome", playback_id="2-pb")

    await caller.hears("welcome")
    await caller.hears("welcome")

    assert caller.heard == ["welcome", "choices", "welcome"]


async def test_a_caller_talks_to_the_phone_in_the_same_bridge(
    asterisk: FakeAsterisk, node: Node
) -> None:
    asterisk.phone("PJSIP/direct/sip:kari@127.0.0.1:5091", answers_after=1.0)
    caller, leg = await arrived(asterisk, node)
    with node.owning("02-leg") as agent_leg:
        await agent_leg.originate(
            "PJSIP/direct/sip:kari@127.0.0.1:5091",
            caller_number="+4755301000",
            caller_name="",
            timeout_seconds=20,
        )
        await asyncio.sleep(2)
        bridge = node.legs("a-call").bridge("1-br")
        await bridge.create()
        await bridge.add(leg)
        assert not caller.talking_to()
        await bridge.add(agent_leg)

        await caller.is_talking_to("kari")


async def test_leftovers_are_named(asterisk: FakeAsterisk, node: Node) -> None:
    _, leg = await arrived(asterisk, node)
    await node.legs("a-call").bridge("1-br").create()
    await leg.play("sound:welcome", playback_id="1-pb")
    await leg.record("1-rec", longest_seconds=5, silence_seconds=0, beep=False)

    assert asterisk.leftovers() == [
        f"channel {leg.id}",
        "bridge 1-br",
        "playback 1-pb",
        "recording 1-rec",
    ]


async def test_a_call_without_a_link_falls_through_and_is_hung_up(
    asterisk: FakeAsterisk, node: Node
) -> None:
    asterisk.lose_link()
    caller = asterisk.ring("+4790000001", dialled="100")

    await caller.is_hung_up()


async def test_a_recording_ends_when_the_caller_has_been_silent(
    asterisk: FakeAsterisk, node: Node
) -> None:
    caller, leg = await arrived(asterisk, node)
    caller.speaks_seconds = 4.0
    await leg.record("1-rec", longest_seconds=60, silence_seconds=3, beep=True)
    await asyncio.sleep(60)

    assert asterisk.stored_recordings == {"1-rec": 7.0}
    assert caller.heard == ["beep"]


async def test_fault_requests_take_time(asterisk: FakeAsterisk, node: Node) -> None:
    _, leg = await arrived(asterisk, node)
    asterisk.faults.requests_take_seconds = 3.0
    loop = asyncio.get_running_loop()
    began = loop.time()
    await leg.answer()

    assert loop.time() - began == pytest.approx(3.0)


async def test_fault_a_request_that_takes_too_long_is_given_up(
    asterisk: FakeAsterisk, node: Node
) -> None:
    _, leg = await arrived(asterisk, node)
    asterisk.faults.requests_take_seconds = 60.0

    with pytest.raises(AsteriskUnreachable):
        await leg.answer()


async def test_fault_the_link_drops_while_a_request_waits(
    asterisk: FakeAsterisk, node: Node
) -> None:
    _, leg = await arrived(asterisk, node)
    asterisk.faults.requests_take_seconds = 3.0
    asyncio.get_running_loop().call_later(1.0, asterisk.lose_link)

    with pytest.raises(AsteriskUnreachable):
        await leg.answer()


async def test_fault_the_next_such_request_is_refused_and_only_that(
    asterisk: FakeAsterisk, node: Node
) -> None:
    _, leg = await arrived(asterisk, node)
    asterisk.faults.refuse_next("/play/", status=404)
    await leg.answer()
    with pytest.raises(ChannelGone):
        await leg.play("sound:welcome", playback_id="1-pb")

    await leg.play("sound:welcome", playback_id="2-pb")


async def test_fault_an_event_that_never_comes(asterisk: FakeAsterisk, node: Node) -> None:
    _, leg = await arrived(asterisk, node)
    asterisk.faults.untold.add(m.PlaybackFinished)
    async with leg.listen(PlaybackEnded) as ends:
        await leg.play("sound:welcome", playback_id="1-pb")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(60):
                await anext(ends)


async def test_fault_something_happens_just_before_a_request(
    asterisk: FakeAsterisk, node: Node
) -> None:
    caller, leg = await arrived(asterisk, node)
    asterisk.faults.before_request[len(asterisk.requests) + 1] = caller.hangs_up

    with pytest.raises(ChannelGone):
        await leg.answer()


async def test_what_the_twin_has_not_learnt_is_said(asterisk: FakeAsterisk, node: Node) -> None:
    with pytest.raises(AsteriskRefused, match="has not learnt"):
        await Request(asterisk, "GET", "sounds", {}, None, str)
