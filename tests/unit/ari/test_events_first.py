"""Name it, listen, act: no verb misses its event, though it comes before the answer to the request."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ivr.ari.channel import Channel
from ivr.ari.events import Entered, LegEnded, PlaybackEnded, RecordingEnded
from ivr.ari.fake import Caller, FakeAsterisk
from ivr.ari.node import Node


@pytest.fixture
async def leg(asterisk: FakeAsterisk, node: Node) -> AsyncIterator[Channel]:
    """The caller's leg; every answer from here on comes three seconds after what it answers."""
    async with node.arrivals() as arrivals:
        asterisk.ring("+4790000001", dialled="100")
        arrival = await anext(arrivals)
    asterisk.faults.answers_take_seconds = 3.0
    with node.owning(arrival.channel_id) as leg:
        yield leg


def caller_at(asterisk: FakeAsterisk, leg: Channel) -> Caller:
    caller = asterisk.channels[leg.id].person
    assert isinstance(caller, Caller)
    return caller


async def test_play(leg: Channel) -> None:
    async with leg.listen(PlaybackEnded) as ends:
        await leg.play("sound:welcome", playback_id="1-pb")  # two seconds long

        assert await anext(ends) == PlaybackEnded("1-pb", ok=True)


async def test_play_of_what_is_missing(asterisk: FakeAsterisk, leg: Channel) -> None:
    asterisk.faults.missing_media.add("welcome")
    async with leg.listen(PlaybackEnded) as ends:
        await leg.play("sound:welcome", playback_id="1-pb")

        assert await anext(ends) == PlaybackEnded("1-pb", ok=False)


async def test_stop_of_a_playback(asterisk: FakeAsterisk, leg: Channel) -> None:
    asterisk.lengths["welcome"] = 60.0
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play("sound:welcome", playback_id="1-pb")
        await playback.stop().unless_gone()

        assert await anext(ends) == PlaybackEnded("1-pb", ok=True)


async def test_record(leg: Channel) -> None:
    async with leg.listen(RecordingEnded) as ends:
        await leg.record("1-rec", longest_seconds=1, silence_seconds=0, beep=False)

        assert await anext(ends) == RecordingEnded("1-rec", ok=True, seconds=1.0)


async def test_stop_of_a_recording(leg: Channel) -> None:
    async with leg.listen(RecordingEnded) as ends:
        recording = await leg.record("1-rec", longest_seconds=60, silence_seconds=0, beep=False)
        await recording.stop().unless_gone()

        assert (await anext(ends)).ok


async def test_hang_up(leg: Channel) -> None:
    async with leg.listen(LegEnded) as ends:
        await leg.hang_up()

        assert await anext(ends) == LegEnded(16)
    assert leg.ended.done()


async def test_continue_in_dialplan(leg: Channel) -> None:
    await leg.continue_in_dialplan()

    assert leg.ended.done()


async def test_originate_to_a_phone_that_answers_at_once(
    asterisk: FakeAsterisk, leg: Channel, node: Node
) -> None:
    asterisk.phone("PJSIP/kari", answers_after=0.0)
    with node.owning("02-leg") as agent_leg:
        async with agent_leg.listen(Entered) as happenings:
            await agent_leg.originate(
                "PJSIP/kari", caller_number="+4755301000", caller_name="", timeout_seconds=20
            )

            assert await anext(happenings) == Entered()


async def test_originate_to_a_phone_that_is_busy(
    asterisk: FakeAsterisk, leg: Channel, node: Node
) -> None:
    asterisk.phone("PJSIP/kari", busy=True)
    with node.owning("02-leg") as agent_leg:
        await agent_leg.originate(
            "PJSIP/kari", caller_number="+4755301000", caller_name="", timeout_seconds=20
        )

        assert agent_leg.ended.result().cause == 17


async def test_a_caller_who_hangs_up_before_the_answer_comes(
    asterisk: FakeAsterisk, leg: Channel
) -> None:
    caller = caller_at(asterisk, leg)
    asterisk.faults.after_request[len(asterisk.requests) + 1] = caller.hangs_up

    await leg.answer()

    assert leg.ended.done()
