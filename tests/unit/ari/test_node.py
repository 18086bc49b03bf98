"""The node, on the twin."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ivr.ari.events import Digit, Entered, LegEnded, Linked, PhoneState, PlaybackEnded, Unlinked
from ivr.ari.fake import FakeAsterisk
from ivr.ari.generated import models as m
from ivr.ari.node import Node
from ivr.errors import ApplicationTaken, AsteriskRefused, AsteriskTooOld, ChannelGone


async def test_a_call_that_comes_in_is_handed_out_with_its_numbers(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="+4755301000", args=("in",))
        arrival = await anext(arrivals)

    assert arrival.channel_id == caller.channel_id
    assert arrival.caller_number == "+4790000001"
    assert arrival.dialled == "+4755301000"
    assert arrival.args == ("in",)
    assert arrival.endpoint == "PJSIP/local"


async def test_a_caller_who_hangs_up_before_anybody_looks_has_ended(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="100")
        caller.hangs_up()
        arrival = await anext(arrivals)
        with node.owning(arrival.channel_id) as leg:
            ended = await leg.ended

    assert ended == LegEnded(16, "")
    assert not node.followed()


async def test_nothing_is_followed_after_the_scope(asterisk: FakeAsterisk, node: Node) -> None:
    async with node.arrivals() as arrivals:
        asterisk.ring("+4790000001", dialled="100").hangs_up()
        with node.owning((await anext(arrivals)).channel_id):
            assert len(node.followed()) == 1

    assert not node.followed()
    assert asterisk.is_clean()


@pytest.mark.parametrize("made_by", ["Local/90000009@from-phone", "Message/ast_msg_queue"])
async def test_a_channel_that_asterisk_made_by_itself_is_no_call(
    asterisk: FakeAsterisk, node: Node, made_by: str
) -> None:
    async with node.arrivals() as arrivals:
        ghost = asterisk.ring("+4790000001", dialled="90000009", endpoint=made_by)
        caller = asterisk.ring("+4790000002", dialled="100")
        arrival = await anext(arrivals)
        node.release(arrival.channel_id)
        await asyncio.sleep(1)

    assert arrival.channel_id == caller.channel_id
    assert ghost.channel_id not in asterisk.channels
    assert node.arrivals_refused == 1
    assert not node.followed()


async def test_what_our_dialplan_says_was_dialled_goes_before_its_extension(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        more = ("from=192.0.2.10:5060", "forwarded=+4755301000", "time=2026-11-26T10:00", "x")
        asterisk.ring("+4790000001", dialled="trunk", args=("call", "02222", "id@phone", *more))
        arrival = await anext(arrivals)
        node.release(arrival.channel_id)

    assert arrival.dialled == "02222"
    assert arrival.sent_from == "192.0.2.10"
    assert (arrival.forwarded_by, arrival.call_time) == ("+4755301000", "2026-11-26T10:00")


async def test_a_call_that_nobody_takes_is_counted(asterisk: FakeAsterisk, node: Node) -> None:
    asterisk.ring("+4790000001", dialled="100")
    await asyncio.sleep(1)

    assert node.arrivals_missed == 1
    assert not node.followed()


async def test_a_listener_that_falls_behind_is_counted_and_stays_counted(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="100")
        with node.owning((await anext(arrivals)).channel_id) as leg:
            await leg.set_variable("TIMEOUT(absolute)", "600")
            async with leg.listen(Digit):
                caller.keys("1" * 300)
                await asyncio.sleep(100)
            assert node.overflows == 1

    assert node.overflows == 1
    caller.hangs_up()


async def test_a_leg_that_answers_after_it_was_given_up_is_no_arrival(
    asterisk: FakeAsterisk, node: Node
) -> None:
    phone = asterisk.phone("PJSIP/kari")

    async with node.arrivals():
        with node.owning("01-leg") as leg:
            await leg.originate("PJSIP/kari", caller_number="", caller_name="", timeout_seconds=20)
        phone.answers()
        await asyncio.sleep(1)

    assert node.arrivals_missed == 0
    assert not node.followed()


async def test_each_listener_hears_only_what_it_asked_for(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
        async with leg.listen(Digit) as digits, leg.listen(PlaybackEnded) as playbacks:
            await leg.play("sound:welcome", playback_id="1-pb")
            await caller.hears("welcome")
            caller.keys("42")

            assert (await anext(playbacks)).playback_id == "1-pb"
            assert [(await anext(digits)).digit, (await anext(digits)).digit] == ["4", "2"]


async def test_an_end_that_came_before_listening_is_still_heard(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
        caller.hangs_up()
        await leg.ended

    async with leg.listen(Digit, LegEnded) as happenings:
        assert await anext(happenings) == LegEnded(16, "")


async def test_a_call_that_ended_while_the_link_was_down_ends_at_the_reconnect(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals, node.links() as links:
        caller = asterisk.ring("+4790000001", dialled="100")
        other = asterisk.ring("+4790000002", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
        other_leg = node.channel((await anext(arrivals)).channel_id)
        asterisk.lose_link()
        assert isinstance(await anext(links), Unlinked)
        caller.hangs_up()
        asterisk.restore_link()
        linked = await anext(links)

    assert leg.ended.done()
    assert not other_leg.ended.done()
    assert isinstance(linked, Linked)
    assert [channel.channel_id for channel in linked.channels] == [other.channel_id]


async def test_a_leg_that_was_named_and_not_yet_rung_does_not_end_at_a_reconnect(
    asterisk: FakeAsterisk, node: Node
) -> None:
    with node.owning("01-leg") as leg:
        asterisk.lose_link()
        asterisk.restore_link()
        await asyncio.sleep(1)

        assert node.is_linked
        assert not leg.ended.done()


async def test_an_answer_that_came_while_the_link_was_down_is_heard_at_the_reconnect(
    asterisk: FakeAsterisk, node: Node
) -> None:
    phone = asterisk.phone("PJSIP/kari")
    with node.owning("01-leg") as leg:
        async with leg.listen(Entered) as entered:
            await leg.originate("PJSIP/kari", caller_number="", caller_name="", timeout_seconds=20)
            asterisk.lose_link()
            phone.answers()
            asterisk.restore_link()

            assert await anext(entered) == Entered()


async def test_calls_in_flight_when_asterisk_restarts_have_all_ended(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
        asterisk.restart()
        ended = await leg.ended

    assert ended.cause is None
    assert node.is_linked


async def test_phones_are_told_first_as_they_are_then_as_they_change(
    asterisk: FakeAsterisk,
) -> None:
    kari = asterisk.phone("PJSIP/kari")
    asterisk.phone("PJSIP/ola", gone=True)
    node = Node(asterisk, app="ivr")
    async with node.phones() as phones, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run())
        first = {await anext(phones), await anext(phones)}
        kari.unregisters()
        then = await anext(phones)
        running.cancel()

    assert first == {PhoneState("kari", True), PhoneState("ola", False)}
    assert then == PhoneState("kari", False)


async def test_who_asks_for_phones_late_hears_how_they_are_now(
    asterisk: FakeAsterisk, node: Node
) -> None:
    asterisk.phone("PJSIP/kari", gone=True).registers()
    await asyncio.sleep(1)

    async with node.phones() as phones:
        assert await anext(phones) == PhoneState("kari", True)


async def test_an_asterisk_that_is_too_old_is_refused_with_both_versions() -> None:
    node = Node(FakeAsterisk(version="22.9.0+dfsg-1"), app="ivr")

    with pytest.raises(AsteriskTooOld) as refused:
        await node.run()

    assert refused.value.found == "22.9.0+dfsg-1"
    assert refused.value.wanted == "22.10.1"


@pytest.mark.parametrize("version", ["22.10.1+dfsg+~cs6.17.60671434-1", "22.11.0-rc1", "23.4.0"])
async def test_an_asterisk_that_is_new_enough_is_taken(version: str) -> None:
    node = Node(FakeAsterisk(version=version), app="ivr")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run())
        await node.ready()
        running.cancel()

    assert node.asterisk_version == version


async def test_a_server_whose_application_is_taken_steps_down(asterisk: FakeAsterisk) -> None:
    node = Node(asterisk, app="ivr")
    asyncio.get_running_loop().call_later(1, asterisk.report, m.ApplicationReplaced)

    with pytest.raises(ApplicationTaken):
        await node.run()


async def test_only_the_events_that_are_read_are_asked_for(
    asterisk: FakeAsterisk, node: Node
) -> None:
    assert node.is_linked
    assert "ChannelVarset" not in asterisk.filters["ivr"]
    assert "RESTResponse" in asterisk.filters["ivr"]
    assert asterisk.subscriptions == {("ivr-phones", "endpoint:PJSIP")}


async def test_a_link_that_cannot_be_set_up_is_made_again(asterisk: FakeAsterisk) -> None:
    asterisk.faults.refuse_next("subscription", status=422)
    node = Node(asterisk, app="ivr")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run())
        await node.ready()
        running.cancel()

    assert asterisk.requests.count("GET asterisk/info") == 2


async def test_a_verb_on_a_channel_that_has_ended_says_that_it_is_gone(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        caller = asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
    caller.hangs_up()

    with pytest.raises(ChannelGone):
        await leg.play("sound:welcome", playback_id="1-pb")
    await leg.hang_up()


@pytest.mark.parametrize(
    ("request_of_hang_up", "cause"),
    [({}, 16), ({"cause": 26}, 26), ({"soft": True}, None), ({"soft": True, "cause": 44}, 44)],
    ids=["a phone's goodbye", "with a reason", "by Asterisk itself", "by Asterisk, with a reason"],
)
async def test_a_hang_up_without_a_cause_is_a_goodbye_unless_asterisk_did_it(
    asterisk: FakeAsterisk, node: Node, request_of_hang_up: dict[str, Any], cause: int | None
) -> None:
    async with node.arrivals() as arrivals:
        asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
    channel = asterisk.channels[leg.id].shown()
    asterisk.report(m.ChannelHangupRequest, **request_of_hang_up, channel=channel)
    asterisk.report(m.StasisEnd, channel=channel)

    assert (await leg.ended).cause == cause


@pytest.mark.parametrize("cause", [16, None])  # a phone's BYE gives no cause until all is over
async def test_a_caller_who_has_hung_up_is_not_hung_up_again(
    asterisk: FakeAsterisk, node: Node, cause: int | None
) -> None:
    async with node.arrivals() as arrivals:
        asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
    channel = asterisk.channels[leg.id].shown()
    asterisk.report(m.ChannelHangupRequest, cause=cause, channel=channel)
    asterisk.report(m.StasisEnd, channel=channel)
    await leg.ended
    before = len(asterisk.requests)

    await leg.hang_up()

    assert asterisk.requests[before:] == []


async def test_a_channel_that_went_back_to_the_dialplan_can_still_be_hung_up(
    asterisk: FakeAsterisk, node: Node
) -> None:
    async with node.arrivals() as arrivals:
        asterisk.ring("+4790000001", dialled="100")
        leg = node.channel((await anext(arrivals)).channel_id)
    await leg.continue_in_dialplan()
    await leg.ended

    await leg.hang_up()

    assert asterisk.requests[-1] == f"DELETE channels/{leg.id}"


async def test_an_id_is_taken_only_once(asterisk: FakeAsterisk, node: Node) -> None:
    # Not among the contract tests: a real Asterisk refuses too, but leaks a channel and then takes 15 s to stop.
    asterisk.phone("PJSIP/kari")
    with node.owning("01-leg") as leg:
        await leg.originate("PJSIP/kari", caller_number="", caller_name="", timeout_seconds=20)

        with pytest.raises(AsteriskRefused):
            await leg.originate("PJSIP/kari", caller_number="", caller_name="", timeout_seconds=20)
