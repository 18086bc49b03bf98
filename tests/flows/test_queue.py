"""Stories of callers who wait."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from ivr.records.events import Connected, LeftQueue, OfferFailed, Routed


async def arrives_at_customer_service(switchboard: Any) -> Any:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    return caller


async def test_a_caller_talks_with_an_agent_and_hangs_up(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=3)

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")
    await asyncio.sleep(60)
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.disposition, record.ended_by, record.agent) == ("answered", "caller", "kari")
    assert round(record.wait_seconds) == 3
    assert round(record.talk_seconds) == 60


async def test_a_talk_is_set_up_and_cleared_away_without_asking_anything_twice(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=3)

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")
    before = len(switchboard.asterisk.requests)
    caller.hangs_up()
    await asyncio.sleep(1)

    asked = [request.split("/")[0] for request in switchboard.asterisk.requests]
    assert asked.count("POST bridges") == 2  # one to make it, one for both legs
    assert asked[before:] == ["DELETE channels", "DELETE bridges"]


async def test_an_agent_who_hangs_up_ends_the_call(switchboard: Any) -> None:
    phone = await switchboard.signs_in("kari", answers_after=3)

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")
    phone.hangs_up()
    await caller.is_hung_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.disposition, record.ended_by) == ("answered", "agent")


async def test_a_caller_whose_bridge_is_gone_is_not_cut_and_gets_the_next_agent(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    await switchboard.signs_in("ola", answers_after=1)
    switchboard.asterisk.faults.refuse_next("/addChannel", status=404)

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("ola")
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.disposition, record.ended_by, record.agent) == ("answered", "caller", "ola")
    assert [(visit.outcome, visit.offers) for visit in record.visits] == [("answered", 2)]
    assert [event.agent for event in switchboard.events(OfferFailed)] == ["kari"]


async def test_a_caller_keeps_waiting_while_every_bridge_is_gone_and_is_told_at_the_next_step(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    for _ in range(100):
        switchboard.asterisk.faults.refuse_next("/addChannel", status=404)

    caller = await arrives_at_customer_service(switchboard)
    await asyncio.sleep(110)
    assert not caller.channel.is_gone
    await asyncio.sleep(20)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [event.result for event in switchboard.events(LeftQueue)] == ["overflowed"]
    assert switchboard.records[0].ended_by == "caller"


async def test_a_caller_who_hangs_up_while_waiting_counts_as_abandoned(switchboard: Any) -> None:
    await switchboard.signs_in("kari")

    caller = await arrives_at_customer_service(switchboard)
    await asyncio.sleep(12)
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert record.disposition == "abandoned"
    assert [visit.outcome for visit in record.visits] == ["abandoned"]


async def test_the_next_agent_is_rung_when_one_does_not_answer_is_busy_or_gone(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", busy=True)
    await switchboard.signs_in("ola", answers_after=1)

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("ola")
    caller.hangs_up()
    await asyncio.sleep(1)

    failed = switchboard.events(OfferFailed)
    assert [(event.agent, event.result) for event in failed] == [("kari", "busy")]
    assert switchboard.records[0].visits[0].offers == 2


async def test_a_sole_agent_who_missed_the_call_is_rung_again(switchboard: Any) -> None:
    kari = await switchboard.signs_in("kari", busy=True)

    caller = await arrives_at_customer_service(switchboard)
    await asyncio.sleep(5)
    kari.busy, kari.answers_after = False, 1.0

    await caller.is_talking_to("kari")
    caller.hangs_up()


async def test_a_caller_who_has_waited_long_overflows_and_is_answered_there(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari")
    switchboard.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091", answers_after=1)

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("tommy")
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert [visit.outcome for visit in record.visits] == ["overflowed", "answered"]
    assert record.decisions[-1].to == "queue bergen"


async def test_a_queue_with_nobody_logged_in_says_where_to_go(switchboard: Any) -> None:
    caller = await arrives_at_customer_service(switchboard)

    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(5)

    assert switchboard.events(Routed)[-1].to == "voicemail kundeservice"
    assert [(visit.queue, visit.outcome) for visit in switchboard.records[0].visits] == [
        ("kundeservice", "blocked")
    ]


async def test_a_caller_is_not_left_waiting_when_the_last_agent_signs_out(switchboard: Any) -> None:
    kari = await switchboard.signs_in("kari", busy=True)
    caller = await arrives_at_customer_service(switchboard)
    await asyncio.sleep(5)

    kari.unregisters()

    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(5)
    assert [event.result for event in switchboard.events(LeftQueue)] == ["nobody_logged_in"]


async def test_two_callers_never_get_one_agent(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=2)
    first = await arrives_at_customer_service(switchboard)
    second = await arrives_at_customer_service(switchboard)

    await first.is_talking_to("kari")
    await asyncio.sleep(30)
    assert not second.talking_to()
    first.hangs_up()

    await second.is_talking_to("kari")
    second.hangs_up()
    await asyncio.sleep(1)
    assert all(len(record.visits) == 1 for record in switchboard.records)


async def test_outside_the_hours_a_caller_hears_closed_and_may_leave_a_message(
    switchboard: Any,
) -> None:
    switchboard.clock.at += timedelta(hours=12)

    caller = await arrives_at_customer_service(switchboard)
    await caller.hears("closed")
    await caller.hears("voicemail")
    await asyncio.sleep(10)
    caller.hangs_up()
    await asyncio.sleep(5)

    (record,) = switchboard.records
    assert record.messages
    assert record.disposition in {"voicemail", "closed"}
    assert not switchboard.events(Connected)


@pytest.mark.parametrize("cause", [18, 27, 38, 41, 44, 102])
async def test_a_caller_whose_agents_phone_is_gone_hears_so_and_is_the_next_to_be_served(
    switchboard: Any, cause: int
) -> None:
    kari = await switchboard.signs_in("kari", answers_after=3)
    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")
    ahead_of = switchboard.asterisk.ring("+4790000009", dialled="+4755301000")
    await ahead_of.hears("welcome")
    ahead_of.keys("1")
    await asyncio.sleep(60)

    kari.answers_after = None
    kari.channel.end(cause, "gone", asked_with=cause)
    await caller.hears("sorry")
    kari.unregisters()
    await switchboard.signs_in("ola", answers_after=1)
    await caller.is_talking_to("ola")
    await asyncio.sleep(30)
    caller.hangs_up()
    ahead_of.hangs_up()
    await asyncio.sleep(1)

    record = next(one for one in switchboard.records if one.caller == "+4790000001")
    assert (record.disposition, record.ended_by) == ("answered", "caller")
    assert [visit.agent for visit in record.visits] == ["kari", "ola"]
    assert round(record.talk_seconds) == 90
    assert switchboard.asterisk.leftovers() == []


async def test_who_answers_and_is_silent_is_left_for_the_next_agent_and_the_wait_was_not_over(
    switchboard: Any,
) -> None:
    dead = await switchboard.signs_in("kari", answers_after=1)
    dead.sends_sound = False

    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")
    await caller.hears("sorry")
    await switchboard.signs_in("ola", answers_after=1)
    await caller.is_talking_to("ola")
    await asyncio.sleep(30)
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.disposition, record.agent) == ("answered", "ola")
    (visit,) = record.visits
    assert (visit.outcome, visit.offers, visit.agent) == ("answered", 2, "ola")
    assert visit.wait_seconds > 6
    assert round(record.talk_seconds) == 30
    failed = switchboard.events(OfferFailed)
    assert [(event.agent, event.result) for event in failed] == [("kari", "silent")]
    states = {view.name: (view.state, view.reason) for view in switchboard.desk.agents()}
    assert states["kari"] == ("paused", "silent")
    assert dead.times_rung == 1


async def test_who_gives_up_after_a_silent_phone_was_answered_by_nobody(switchboard: Any) -> None:
    dead = await switchboard.signs_in("kari", answers_after=1)
    dead.sends_sound = False

    caller = await arrives_at_customer_service(switchboard)
    await caller.hears("sorry")
    await asyncio.sleep(10)
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.disposition, record.talk_seconds) == ("abandoned", None)
    assert [visit.outcome for visit in record.visits] == ["abandoned"]


async def test_where_no_sound_comes_from_either_the_agent_is_not_blamed(switchboard: Any) -> None:
    silent = await switchboard.signs_in("kari", answers_after=1)
    silent.sends_sound = False

    caller = await arrives_at_customer_service(switchboard)
    caller.sends_sound = False
    await caller.is_talking_to("kari")
    await asyncio.sleep(60)

    assert "kari" in caller.talking_to()
    caller.hangs_up()


async def test_a_silent_phone_that_was_started_anew_is_rung_again(switchboard: Any) -> None:
    phone = await switchboard.signs_in("kari", answers_after=1)
    phone.sends_sound = False
    caller = await arrives_at_customer_service(switchboard)
    await caller.hears("sorry")

    phone.unregisters()
    phone.sends_sound = True
    phone.registers()

    await caller.is_talking_to("kari")
    await asyncio.sleep(30)
    assert "kari" in caller.talking_to()
    caller.hangs_up()


async def test_a_link_that_is_gone_when_the_sound_is_asked_for_ends_no_talk(
    switchboard: Any,
) -> None:
    phone = await switchboard.signs_in("kari", answers_after=1)
    phone.sends_sound = False
    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")

    switchboard.asterisk.lose_link()
    await asyncio.sleep(10)
    assert "kari" in caller.talking_to()
    switchboard.asterisk.restore_link()
    await asyncio.sleep(10)
    assert "kari" in caller.talking_to()
    caller.hangs_up()
