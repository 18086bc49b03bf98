"""Stories of what goes wrong around a call: no caller is left in silence, no agent is lost."""

import asyncio
from typing import Any

import pytest

from ivr.queues.agents import AgentState
from ivr.records.events import Answered, Ended, RecordingStarted


async def arrives(switchboard: Any) -> Any:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    return caller


@pytest.mark.fault("F-16")
async def test_a_fault_of_ours_ends_in_an_apology_and_no_other_call_notices(
    switchboard: Any,
) -> None:
    other = await arrives(switchboard)
    switchboard.asterisk.faults.refuse_next("/moh", status=400)
    await switchboard.signs_in("kari")
    unlucky = await arrives(switchboard)

    unlucky.keys("1")

    await unlucky.hears("sorry")
    await unlucky.is_hung_up()
    other.keys("3")
    await other.hears("voicemail")
    other.hangs_up()
    await asyncio.sleep(5)
    record = next(record for record in switchboard.records if record.ended_by == "failed")
    assert record.error == "asterisk-refused"
    assert switchboard.counts["calls_failed"] == 1


@pytest.mark.fault("F-66")
async def test_a_journal_that_cannot_be_written_stops_no_call(switchboard: Any) -> None:
    switchboard.journal.fail("the disk is full")

    caller = await arrives(switchboard)
    caller.keys("3")
    await switchboard.asterisk.until(lambda: switchboard.asterisk.live_recordings)
    caller.hangs_up()
    await asyncio.sleep(5)
    switchboard.journal.mend()

    assert switchboard.counts["events_kept_late"] == 1
    assert switchboard.events(RecordingStarted)
    assert switchboard.events(Answered)
    assert switchboard.events(Ended)


async def test_while_draining_a_new_call_is_refused_and_one_under_way_goes_on(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = await arrives(switchboard)
    draining = asyncio.ensure_future(switchboard.supervisor.drain(600))
    await asyncio.sleep(1)

    refused = switchboard.asterisk.ring("+4790000002", dialled="+4755301000")
    await refused.is_hung_up()
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(60)
    assert not draining.done()
    caller.hangs_up()
    await draining

    assert refused.heard == []
    assert [record.ended_by for record in switchboard.records] == ["drain", "caller"]


async def test_when_the_drain_has_lasted_long_enough_the_rest_hear_goodbye(
    switchboard: Any,
) -> None:
    caller = await arrives(switchboard)
    caller.keys("3")
    await caller.hears("voicemail")

    await switchboard.supervisor.drain(3)

    assert "goodbye" in caller.heard
    assert switchboard.records[0].ended_by == "drain"


async def test_a_short_loss_of_the_link_costs_a_talk_nothing(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = await arrives(switchboard)
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(1)

    switchboard.asterisk.lose_link()
    await asyncio.sleep(3)
    switchboard.asterisk.restore_link()
    await asyncio.sleep(10)

    assert caller.talking_to()
    caller.hangs_up()
    await asyncio.sleep(30)
    assert switchboard.records[0].ended_by == "caller"


async def test_a_request_that_is_refused_for_long_ends_in_an_apology_and_not_in_a_circle(
    switchboard: Any,
) -> None:
    """A link that stands is no lost link: the call is taken up twice in it, and not again."""
    for _ in range(3):
        switchboard.asterisk.faults.refuse_next("/play/", status=500)

    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("sorry")
    await caller.is_hung_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.ended_by, record.error) == ("failed", "asterisk-unreachable")
    assert switchboard.counts["calls_taken_up"] == 2


async def test_an_asterisk_that_restarts_ends_its_calls_and_frees_their_agents(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = await arrives(switchboard)
    caller.keys("1")
    await caller.is_talking_to("kari")

    switchboard.asterisk.restart()
    await asyncio.sleep(30)

    assert switchboard.supervisor.calls == 0
    states = {view.name: view.state for view in switchboard.desk.agents()}
    assert states["kari"] is AgentState.AVAILABLE
    assert switchboard.records[0].ended_at is not None


async def test_a_caller_who_hides_the_number_is_served_like_any_other(switchboard: Any) -> None:
    caller = switchboard.asterisk.ring("", dialled="+4755301000")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(5)

    assert switchboard.records[0].caller is None


async def test_what_is_dialled_and_is_no_number_goes_where_anything_else_goes(
    switchboard: Any,
) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="reception")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(5)

    assert switchboard.records[0].dialled == "reception"
    assert switchboard.records[0].site is None
