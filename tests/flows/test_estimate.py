"""Stories of waits that are estimated as they begin, and held against what they become."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.ari.fake import FakePhone
from ivr.control import PresentEstimate
from ivr.desk import Wish
from ivr.records.events import Arrived, CallEvent, WaitEstimated
from ivr.records.record import QueueVisit
from ivr.rules.load import load_rules
from ivr.server.present import Gatherer
from ivr.server.under_way import CallsUnderWay
from tests.flows.conftest import NUMBERS, PROMPTS, Switchboard, prompts

RULES = """
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 01: {to: queue kundeservice}
  +47 21 00 00 02: {to: queue outside}
queues:
  kundeservice:
    answer: 80% within 20s
    wrap_up: 10s
    while_waiting: [{after: 100s, also_ring: queue bergen}, {after: 20m, to: hangup}]
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
  outside: {answer: 80% within 20s, split: {partner: 100%}}
phones:
  outside: {phone: vakt}
sites:
  partner: {name: Partner, phone: outside}
agents:
  kari: {phone: kari, queues: [kundeservice]}
"""
RULE_SET = load_rules(RULES.encode(), "rules.yaml")[0]


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    async with Switchboard(RULE_SET, prompts((*PROMPTS, *NUMBERS))).running() as running:
        yield running
        await asyncio.sleep(60)
        assert running.supervisor.calls == 0
        assert running.asterisk.leftovers() == []


def estimates(board: Switchboard, caller: str) -> list[WaitEstimated]:
    """What was expected of the waits of this caller."""
    found: list[CallEvent] = []
    for record in (*board.journal.open_calls(), *board.records):
        events = [entry.event for entry in board.journal.events(record.call_id)]
        if isinstance(events[0], Arrived) and events[0].caller == caller:
            found += events
    return [event for event in found if isinstance(event, WaitEstimated)]


def visit_of(board: Switchboard, caller: str) -> QueueVisit:
    (record,) = (one for one in board.records if one.caller == caller)
    return record.visits[-1]


async def talks(board: Switchboard, number: int, kari: FakePhone, seconds: float) -> None:
    """A caller talks with Kari, who hangs up."""
    caller = board.asterisk.ring(f"+47900000{number:02}", dialled="+4721000001")
    await caller.is_talking_to("kari")
    await asyncio.sleep(seconds)
    kari.hangs_up()
    await asyncio.sleep(11)


async def test_who_finds_an_agent_free_waits_for_nothing_that_could_be_estimated(
    board: Switchboard,
) -> None:
    kari = await board.signs_in("kari", answers_after=2)

    await talks(board, 1, kari, 30)

    assert estimates(board, "+4790000001") == []


async def test_the_wait_for_an_agent_who_talks_is_estimated_and_measured(
    board: Switchboard,
) -> None:
    kari = await board.signs_in("kari", answers_after=2)
    board.asterisk.ring("+4790000001", dialled="+4721000001")
    await asyncio.sleep(10)
    second = board.asterisk.ring("+4790000002", dialled="+4721000001")
    await asyncio.sleep(1)

    (estimate,) = estimates(board, "+4790000002")
    assert (estimate.ahead, estimate.agents) == (0, 1)
    assert 0 < estimate.low_seconds < estimate.seconds < estimate.high_seconds

    await asyncio.sleep(60)
    kari.hangs_up()
    await second.is_talking_to("kari")
    second.hangs_up()
    await asyncio.sleep(1)
    visit = visit_of(board, "+4790000002")
    assert visit.estimated_seconds == estimate.seconds
    assert visit.wait_seconds is not None
    assert visit.estimate_error_seconds == pytest.approx(
        visit.wait_seconds - estimate.seconds, abs=0.5
    )
    assert board.desk.estimates.worth("kundeservice").measured == 1


async def test_where_nobody_is_there_nothing_is_estimated(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await asyncio.sleep(30)
    caller.hangs_up()

    assert estimates(board, "+4790000001") == []


async def test_an_agent_who_is_to_pause_after_the_talk_is_not_counted_on(
    board: Switchboard,
) -> None:
    kari = await board.signs_in("kari", answers_after=2)
    first = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await first.is_talking_to("kari")
    board.desk.wishes.pause("kari", board.desk.wishes.seats.rules.pause_reasons[0], Wish())
    second = board.asterisk.ring("+4790000002", dialled="+4721000001")
    await asyncio.sleep(5)
    second.hangs_up()
    kari.hangs_up()

    assert estimates(board, "+4790000002") == []


async def test_a_step_of_the_wait_changes_nothing_of_what_was_expected(board: Switchboard) -> None:
    kari = await board.signs_in("kari", answers_after=2)
    board.asterisk.ring("+4790000001", dialled="+4721000001")
    await asyncio.sleep(5)
    second = board.asterisk.ring("+4790000002", dialled="+4721000001")
    await asyncio.sleep(120)  # the step is at 100 s
    kari.hangs_up()
    await second.is_talking_to("kari")
    second.hangs_up()
    await asyncio.sleep(1)

    assert len(estimates(board, "+4790000002")) == 1
    error = visit_of(board, "+4790000002").estimate_error_seconds
    assert error is not None
    measured = board.desk.estimates.worth("kundeservice")
    assert measured.measured == 1


async def test_what_estimates_are_worth_is_seen_and_known_to_the_next_server(
    board: Switchboard,
) -> None:
    kari = await board.signs_in("kari", answers_after=2)
    waiting = [
        board.asterisk.ring(f"+479000000{number}", dialled="+4721000001") for number in range(7)
    ]
    for caller in waiting:
        await caller.is_talking_to("kari")
        await asyncio.sleep(20)
        kari.hangs_up()
    await asyncio.sleep(12)

    worth = board.desk.estimates.worth("kundeservice")
    assert worth.measured == 6  # the first found Kari free
    assert worth.mean_error_seconds is not None
    now = Gatherer(
        board.desk, CallsUnderWay(board.journal, board.clock), lambda: board.rules, board.clock
    ).present()
    assert now.queues[0].estimate == PresentEstimate(
        measured=6, mean_error_seconds=worth.mean_error_seconds
    )

    after = Switchboard(RULE_SET, prompts(), after=board)
    known = after.desk.estimates.worth("kundeservice")
    assert known.measured == 6
    assert known.mean_error_seconds == pytest.approx(worth.mean_error_seconds, abs=0.5)


async def test_of_a_wait_for_a_phone_outside_nothing_is_known(board: Switchboard) -> None:
    board.asterisk.phone("PJSIP/vakt", answers_after=30)
    caller = board.asterisk.ring("+4790000001", dialled="+4721000002")
    await asyncio.sleep(10)
    caller.hangs_up()

    assert estimates(board, "+4790000001") == []
