"""Stories of callers who wait, and whom somebody takes elsewhere or to the front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.ari.fake import Caller
from ivr.control import QueueAsked, QueueTold
from ivr.errors import ChangeRefused
from ivr.records.events import LeftQueue, Offered, Queued, Routed, TakenToFront
from ivr.rules.load import load_rules
from ivr.server.queue_control import QueueControl
from tests.flows.conftest import CARRIER, RULES, Switchboard, prompts


@pytest.fixture
async def house() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with Switchboard(rules, prompts(), trunks=(CARRIER,)).running() as running:
        await running.signs_in("kari", answers_after=600)
        running.desk.phone_changed("ola", is_reachable=True, is_in_own_call=True)
        yield running


async def waits(house: Switchboard, number: str) -> tuple[Caller, str]:
    """A caller of customer service, and the call's id."""
    known = {record.call_id for record in house.journal.open_calls()}
    caller: Caller = house.asterisk.ring(number, dialled="+4755301000", endpoint="PJSIP/local")
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(1)
    (call_id,) = {record.call_id for record in house.journal.open_calls()} - known
    return caller, call_id


def told(house: Switchboard, call_id: str, *kinds: type) -> list[object]:
    return [
        entry.event for entry in house.journal.events(call_id) if isinstance(entry.event, kinds)
    ]


async def asked(house: Switchboard, **words: str) -> QueueTold:
    control = QueueControl(house.desk, house.journal)
    return await control.queue(QueueAsked(**words, why="a test"), "anna")  # type: ignore[arg-type]


async def test_a_caller_is_taken_to_another_queue_and_rung_for_there(house: Switchboard) -> None:
    rung, _ = await waits(house, "+4790000001")
    caller, call_id = await waits(house, "+4790000002")

    moved = await asked(house, act="move", call=call_id, queue="kundeservice", to="bergen")
    await asyncio.sleep(2)

    assert (moved.queue, moved.to) == ("kundeservice", "bergen")
    queues = [one.queue for one in told(house, call_id, Queued, Offered)]  # type: ignore[attr-defined]
    assert queues[:3] == ["kundeservice", "bergen", "bergen"]
    assert told(house, call_id, LeftQueue) == [LeftQueue(queue="kundeservice", result="overflowed")]
    because = told(house, call_id, Routed)[-1].steps[0].because  # type: ignore[attr-defined]
    assert (because.kind, because.by, because.why) == ("moved_by_hand", "anna", "a test")
    for one in (rung, caller):
        one.hangs_up()


async def test_a_caller_at_the_front_is_served_before_those_who_waited_longer(
    house: Switchboard,
) -> None:
    rung, _ = await waits(house, "+4790000001")
    earlier, _ = await waits(house, "+4790000002")
    caller, call_id = await waits(house, "+4790000003")

    await asked(house, act="front", call=call_id, queue="kundeservice")
    house.asterisk.phone("PJSIP/ola", answers_after=1)
    house.desk.phone_changed("ola", is_reachable=True)

    await caller.is_talking_to("ola")
    (front,) = told(house, call_id, TakenToFront)
    assert front == TakenToFront(queue="kundeservice", author="anna", why="a test")
    for one in (rung, earlier, caller):
        one.hangs_up()


async def test_what_cannot_be_done_is_refused_with_what_to_do(house: Switchboard) -> None:
    rung, rung_id = await waits(house, "+4790000001")
    caller, call_id = await waits(house, "+4790000002")
    for words, said in (
        ({"act": "front", "call": rung_id}, "a phone rings for this caller"),
        ({"act": "move", "call": call_id, "to": "bergn"}, "no queue called 'bergn'; did you mean"),
        ({"act": "move", "call": call_id, "to": "kundeservice"}, "waits in kundeservice already"),
        ({"act": "move", "call": call_id, "queue": "bergen", "to": "bergen"}, "not wait in bergen"),
        ({"act": "front", "call": "nothing"}, "nobody waits whose call begins with 'nothing'"),
        ({"act": "front", "call": ""}, "which call"),
    ):
        with pytest.raises(ChangeRefused, match=said):
            await asked(house, **words)
    for one in (rung, caller):
        one.hangs_up()


@pytest.mark.parametrize("seconds", [0, 0.001, 0.01, 1])
async def test_a_caller_who_hangs_up_while_taken_elsewhere_leaves_nothing(
    house: Switchboard, seconds: float
) -> None:
    rung, _ = await waits(house, "+4790000001")
    caller, call_id = await waits(house, "+4790000002")

    await asked(house, act="move", call=call_id, to="bergen")
    await asyncio.sleep(seconds)
    caller.hangs_up()
    rung.hangs_up()
    await asyncio.sleep(60)

    assert house.asterisk.leftovers() == []
    assert house.desk.waiting() == {}
