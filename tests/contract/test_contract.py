"""What the twin and the real Asterisk must both do. A test that passes on one must pass on the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import (
    Digit,
    Entered,
    LegEnded,
    PhoneState,
    PlaybackEnded,
    RecordingEnded,
    Sounding,
)
from ivr.errors import AsteriskRefused, ChannelGone, Gone

if TYPE_CHECKING:
    from tests.contract.conftest import Calls, Rig


async def rung(rig: Rig, endpoint: str, *, timeout_seconds: int = 10) -> Channel:
    leg = rig.node.channel(ids.new("leg"))
    await leg.originate(
        endpoint, caller_number="+4755301000", caller_name="Bergen", timeout_seconds=timeout_seconds
    )
    return leg


async def test_a_call_arrives_with_its_number_and_is_answered(calls: Calls) -> None:
    caller, leg = await calls.one()

    await leg.answer()
    await caller.is_answered()


async def test_a_playback_ends_when_all_is_played(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play(rig.hello, playback_id=ids.new("pb"))

        assert await anext(ends) == PlaybackEnded(playback.id, ok=True)


async def test_a_playback_is_heard_while_it_plays_and_not_before_or_after(
    calls: Calls, rig: Rig
) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        first = await leg.play(rig.hello, playback_id=ids.new("pb"))
        second = await leg.play(rig.hello, playback_id=ids.new("pb"))
        assert not await second.is_heard()
        # Asterisk tells of no moment at which it is heard.
        while not await first.is_heard():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await anext(ends)
        assert not await first.is_heard()
        await anext(ends)


async def test_several_media_are_one_playback(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play(rig.hello, rig.hello, playback_id=ids.new("pb"))
        after = await leg.play(rig.hello, playback_id=ids.new("pb"))

        assert await anext(ends) == PlaybackEnded(playback.id, ok=True)
        assert await anext(ends) == PlaybackEnded(after.id, ok=True)


async def test_a_playback_that_is_stopped_has_ended_well(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play(rig.hello, playback_id=ids.new("pb"))
        await playback.stop().unless_gone()

        assert await anext(ends) == PlaybackEnded(playback.id, ok=True)
    await playback.stop().unless_gone()


async def test_a_playback_that_waits_its_turn_can_be_stopped(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        first = await leg.play(rig.hello, playback_id=ids.new("pb"))
        second = await leg.play(rig.hello, playback_id=ids.new("pb"))
        await second.stop().unless_gone()
        await first.stop().unless_gone()

        assert {(await anext(ends)).playback_id, (await anext(ends)).playback_id} == {
            first.id,
            second.id,
        }


async def test_a_playback_that_cannot_be_stopped_is_refused_and_ends_by_itself(
    calls: Calls, rig: Rig
) -> None:
    """Asterisk stops files and tones; numbers it speaks to their end."""
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        await leg.set_variable("CHANNEL(language)", "en_US_f_Allison")
        spoken = await leg.play("digits:1111", playback_id=ids.new("pb"))
        while not await spoken.is_heard():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        with pytest.raises(AsteriskRefused):
            await spoken.stop()
        assert await spoken.is_heard()

        assert await anext(ends) == PlaybackEnded(spoken.id, ok=True)


async def test_a_playback_of_what_is_missing_is_accepted_and_fails(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play(rig.missing, playback_id=ids.new("pb"))

        assert await anext(ends) == PlaybackEnded(playback.id, ok=False)


async def test_what_is_missing_before_something_else_is_skipped_in_silence(
    calls: Calls, rig: Rig
) -> None:
    _, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play(rig.missing, rig.hello, playback_id=ids.new("pb"))

        assert await anext(ends) == PlaybackEnded(playback.id, ok=True)


async def test_a_hang_up_in_the_middle_of_a_playback_fails_it_and_ends_the_channel(
    calls: Calls, rig: Rig
) -> None:
    caller, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded, LegEnded) as happenings:
        playback = await leg.play(rig.hello, playback_id=ids.new("pb"))
        await caller.hangs_up()

        assert await anext(happenings) == PlaybackEnded(playback.id, ok=False)
        assert await anext(happenings) == LegEnded(16)


async def test_a_caller_who_hangs_up_ends_the_channel_and_every_verb_says_it_is_gone(
    calls: Calls, rig: Rig
) -> None:
    caller, leg = await calls.one_answered()
    await caller.hangs_up()
    ended = await leg.ended

    assert ended.cause == 16
    with pytest.raises(ChannelGone):
        await leg.answer()
    with pytest.raises(ChannelGone):
        await leg.play(rig.hello, playback_id=ids.new("pb"))
    with pytest.raises(ChannelGone):
        await leg.start_music("calm")
    with pytest.raises(ChannelGone):
        await leg.set_variable("IVR_PLACE", "menu main")
    await leg.hang_up()


async def test_a_channel_that_we_hang_up_has_ended(calls: Calls) -> None:
    _, leg = await calls.one_answered()

    await leg.hang_up()

    assert (await leg.ended).cause == 16
    await leg.hang_up()


async def test_keys_are_heard_in_order(calls: Calls) -> None:
    caller, leg = await calls.one_answered()
    async with leg.listen(Digit) as digits:
        await caller.keys("12#")

        assert [(await anext(digits)).digit for _ in range(3)] == ["1", "2", "#"]


async def test_a_key_during_a_playback_does_not_stop_it(calls: Calls, rig: Rig) -> None:
    caller, leg = await calls.one_answered()
    async with leg.listen(PlaybackEnded, Digit) as happenings:
        playback = await leg.play(rig.hello, playback_id=ids.new("pb"))
        await caller.keys("1")

        assert isinstance(await anext(happenings), Digit)
        assert await anext(happenings) == PlaybackEnded(playback.id, ok=True)


async def test_a_phone_that_answers_enters(calls: Calls, rig: Rig) -> None:
    leg = rig.node.channel(ids.new("leg"))
    async with leg.listen(Entered, LegEnded) as happenings:
        await leg.originate(
            rig.answers, caller_number="+4755301000", caller_name="Bergen", timeout_seconds=10
        )

        assert await anext(happenings) == Entered()


async def test_a_phone_that_answers_and_hangs_up_has_ended(calls: Calls, rig: Rig) -> None:
    leg = rig.node.channel(ids.new("leg"))
    async with leg.listen(Entered, LegEnded) as happenings:
        await leg.originate(
            rig.hangs_up, caller_number="+4755301000", caller_name="Bergen", timeout_seconds=10
        )

        assert await anext(happenings) == Entered()
        ended = await anext(happenings)
    assert isinstance(ended, LegEnded)
    assert ended.cause == 16


async def test_a_phone_that_rings_says_so(calls: Calls, rig: Rig) -> None:
    leg = rig.node.channel(ids.new("leg"))
    async with leg.listen(Sounding, Entered, LegEnded) as happenings:
        await leg.originate(
            rig.never,
            caller_number="+4755301000",
            caller_name="",
            timeout_seconds=5,
            codecs=("alaw",),
        )

        assert await anext(happenings) == Sounding()
        leg.hang_up_soon()
        assert isinstance(await anext(happenings), LegEnded)


async def test_a_phone_that_is_busy_ends_with_user_busy(calls: Calls, rig: Rig) -> None:
    leg = await rung(rig, rig.busy)

    assert (await leg.ended).cause == 17


async def test_a_phone_that_nobody_answers_ends_with_no_answer(calls: Calls, rig: Rig) -> None:
    leg = await rung(rig, rig.never, timeout_seconds=1)

    assert (await leg.ended).cause == 19


async def test_what_is_told_is_done_before_what_is_asked_after_it(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    leg.start_music("calm").tell()
    leg.set_variable("IVR_PLACE", "queue sales").tell()
    leg.stop_music().tell()

    assert await leg.get_variable("IVR_PLACE") == "queue sales"


async def test_a_call_asks_over_a_lane_of_its_own(calls: Calls, rig: Rig) -> None:
    for call in ("a-call", "b-call", "c-call", "d-call"):
        _, leg = await calls.one_answered()
        own = rig.node.legs(call).channel(leg.id)
        own.set_variable("IVR_PLACE", call).tell()

        assert await own.get_variable("IVR_PLACE") == call


async def test_what_is_told_of_a_call_that_is_gone_is_told_in_vain(calls: Calls, rig: Rig) -> None:
    caller, leg = await calls.one_answered()
    await caller.hangs_up()
    await leg.ended
    leg.set_variable("IVR_PLACE", "queue sales").tell()
    leg.hang_up_soon()

    with pytest.raises(ChannelGone):
        await leg.answer()


async def test_a_phone_that_is_given_up_before_it_is_answered_ends(calls: Calls, rig: Rig) -> None:
    leg = await rung(rig, rig.never)
    leg.hang_up_soon()

    assert (await leg.ended).cause == 16


async def test_a_phone_that_is_not_registered_cannot_be_rung(calls: Calls, rig: Rig) -> None:
    with pytest.raises(AsteriskRefused):
        await rung(rig, rig.unregistered)


async def test_a_leg_that_has_not_answered_yet_takes_no_verbs(calls: Calls, rig: Rig) -> None:
    leg = await rung(rig, rig.never)

    with pytest.raises(ChannelGone):
        await leg.play(rig.hello, playback_id=ids.new("pb"))


async def test_a_bridge_holds_two_legs_and_is_destroyed_twice_without_complaint(
    calls: Calls, rig: Rig
) -> None:
    _, caller_leg = await calls.one_answered()
    agent_leg = rig.node.channel(ids.new("leg"))
    async with agent_leg.listen(Entered) as entered:
        await agent_leg.originate(
            rig.answers, caller_number="+4755301000", caller_name="", timeout_seconds=10
        )
        await anext(entered)
    bridge = rig.node.legs("a-call").bridge(ids.new("br"))
    await bridge.create()
    await bridge.add(caller_leg)
    await bridge.add(agent_leg)
    await bridge.remove(agent_leg).unless_gone()
    await bridge.remove(agent_leg).unless_gone()
    await bridge.destroy().unless_gone()
    await bridge.destroy().unless_gone()

    assert not caller_leg.ended.done()
    assert not agent_leg.ended.done()


async def test_a_bridge_id_is_taken_only_once(calls: Calls, rig: Rig) -> None:
    bridge = rig.node.legs("a-call").bridge(ids.new("br"))
    await bridge.create()

    with pytest.raises(AsteriskRefused):
        await rig.node.legs("a-call").bridge(bridge.id).create()
    await bridge.destroy().unless_gone()


async def test_a_leg_that_is_gone_cannot_be_bridged_and_need_not_be_removed(
    calls: Calls, rig: Rig
) -> None:
    caller, leg = await calls.one_answered()
    bridge = rig.node.legs("a-call").bridge(ids.new("br"))
    await bridge.create()
    await caller.hangs_up()
    await leg.ended

    with pytest.raises(ChannelGone) as raised:
        await bridge.add(leg)
    await bridge.remove(leg).unless_gone()
    await bridge.destroy().unless_gone()
    assert raised.value.id == leg.id


async def test_a_bridge_that_is_gone_is_named_and_not_taken_for_a_leg(
    calls: Calls, rig: Rig
) -> None:
    _, leg = await calls.one_answered()
    bridge = rig.node.legs("a-call").bridge(ids.new("br"))
    await bridge.create()
    await bridge.destroy()

    for legs in ([leg], [leg, leg]):
        with pytest.raises(Gone) as raised:
            await bridge.add(*legs)
        assert (raised.value.noun, raised.value.id) == ("bridge", bridge.id)
    assert not leg.ended.done()


async def test_of_two_legs_that_are_bridged_together_a_gone_one_keeps_out_both(
    calls: Calls, rig: Rig
) -> None:
    _, stays = await calls.one_answered()
    caller, leg = await calls.one_answered()
    bridge = rig.node.legs("a-call").bridge(ids.new("br"))
    await bridge.create()
    await caller.hangs_up()
    await leg.ended

    with pytest.raises(ChannelGone):
        await bridge.add(stays, leg)
    await bridge.add(stays)
    await bridge.destroy().unless_gone()

    assert not stays.ended.done()


async def test_a_key_in_a_bridge_is_still_heard(calls: Calls, rig: Rig) -> None:
    caller, leg = await calls.one_answered()
    bridge = rig.node.legs("a-call").bridge(ids.new("br"))
    await bridge.create()
    await bridge.add(leg)
    async with leg.listen(Digit) as digits:
        await caller.keys("5")

        assert (await anext(digits)).digit == "5"
    await bridge.destroy().unless_gone()


async def test_a_recording_is_stopped_and_kept(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    name = f"2026/{ids.new('rec')}"
    async with leg.listen(RecordingEnded) as ends:
        assert not await leg.is_recorded_as(name)
        recording = await leg.record(name, longest_seconds=10, silence_seconds=0, beep=False)
        assert await leg.is_recorded_as(name)
        await recording.stop().unless_gone()
        ended = await anext(ends)

    assert (ended.name, ended.ok) == (name, True)
    async with asyncio.timeout(2):
        while await leg.is_recorded_as(name):  # noqa: ASYNC110 - Asterisk lists it for a moment longer
            await asyncio.sleep(0.02)
    await recording.stop().unless_gone()


async def test_a_recording_ends_at_its_longest(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    name = ids.new("rec")
    async with leg.listen(RecordingEnded) as ends:
        await leg.record(name, longest_seconds=1, silence_seconds=0, beep=False)
        ended = await anext(ends)

    assert ended.ok
    assert 1 <= ended.seconds <= 2  # Asterisk rounds to whole seconds
    assert rig.recorded_bytes(name) > 0


async def test_a_recording_ends_at_a_key(calls: Calls, rig: Rig) -> None:
    caller, leg = await calls.one_answered()
    name = ids.new("rec")
    async with leg.listen(RecordingEnded) as ends:
        await leg.record(name, longest_seconds=10, silence_seconds=0, beep=False, terminate_on="#")
        await caller.keys("#")

        assert (await anext(ends)).ok


async def test_a_recording_that_the_caller_hangs_up_on_is_kept(calls: Calls, rig: Rig) -> None:
    caller, leg = await calls.one_answered()
    name = ids.new("rec")
    async with leg.listen(RecordingEnded, LegEnded) as happenings:
        await leg.record(name, longest_seconds=10, silence_seconds=0, beep=False)
        await caller.hangs_up()
        first = await anext(happenings)

        assert isinstance(first, RecordingEnded)
        assert first.ok
        assert isinstance(await anext(happenings), LegEnded)


async def test_a_recording_s_name_is_taken_only_once(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    name = ids.new("rec")
    async with leg.listen(RecordingEnded) as ends:
        await leg.record(name, longest_seconds=1, silence_seconds=0, beep=False)
        await anext(ends)

    with pytest.raises(AsteriskRefused):
        await leg.record(name, longest_seconds=1, silence_seconds=0, beep=False)


async def test_music_is_started_and_stopped_and_stopped_again(calls: Calls) -> None:
    _, leg = await calls.one_answered()

    await leg.start_music("calm")
    await leg.stop_music()
    await leg.stop_music()


async def test_a_playback_is_heard_through_music(calls: Calls, rig: Rig) -> None:
    _, leg = await calls.one_answered()
    await leg.start_music("calm")
    async with leg.listen(PlaybackEnded) as ends:
        playback = await leg.play(rig.hello, playback_id=ids.new("pb"))

        assert await anext(ends) == PlaybackEnded(playback.id, ok=True)


async def test_a_variable_is_kept_and_one_that_was_never_set_is_none(calls: Calls) -> None:
    _, leg = await calls.one()
    await leg.set_variable("IVR_PLACE", "menu main, try 2")

    assert await leg.get_variable("IVR_PLACE") == "menu main, try 2"
    assert await leg.get_variable("IVR_NOTHING") is None


async def test_a_call_that_is_given_back_to_the_dialplan_has_ended_for_us(calls: Calls) -> None:
    _, leg = await calls.one()

    await leg.continue_in_dialplan()

    assert (await leg.ended).was_freed


async def test_a_caller_who_hangs_up_was_not_freed(calls: Calls) -> None:
    caller, leg = await calls.one()

    await caller.hangs_up()

    assert not (await leg.ended).was_freed


async def test_phones_with_an_account_are_told_as_not_reachable_until_they_register(
    rig: Rig,
) -> None:
    async with rig.node.phones() as phones:
        while (state := await anext(phones)).name != "kari":
            pass
        assert state == PhoneState("kari", is_reachable=False)

        await rig.registers("kari")
        while (state := await anext(phones)).name != "kari":
            pass
        assert state == PhoneState("kari", is_reachable=True)


async def test_a_channel_that_only_the_dialplan_has_is_made_once_and_is_no_call(rig: Rig) -> None:
    async with rig.node.arrivals() as arrivals:
        for _ in range(2):
            await rig.node.begin_in_dialplan("watch", rig.answers, "contract", "answers")
        found = [one for one in (await rig.node.look()).channels if one.channel_id == "watch"]

        assert [one.is_ours for one in found] == [False]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await anext(arrivals)
    await rig.node.channel("watch").hang_up()
