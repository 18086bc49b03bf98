"""Stories of callers who are told how long they are likely to wait, for as long as that can be told rightly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from ivr.ari.fake import Caller
from ivr.control import PresentEstimate
from ivr.queues.experience import ENOUGH_ERRORS, LATEST_ERRORS
from ivr.records.events import WaitEstimated
from ivr.records.record import QueueVisit
from ivr.rules.load import load_rules
from ivr.server.present import Gatherer
from ivr.server.under_way import CallsUnderWay
from tests.flows.conftest import MONDAY_MORNING, NUMBERS, PROMPTS, Switchboard, prompts
from tests.flows.test_hangup_at_every_await import around_request, at_await, nowhere, tell
from tests.flows.test_left_behind import crashing

RULES = """
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 01: {to: queue main}
  +47 21 00 00 02: {to: queue both}
  +47 21 00 00 03: {language: en, to: queue main}
queues:
  main:
    answer: 80% within 20s
    say_wait: {right_within: 1m}
    while_waiting: [{after: 20m, to: hangup}]
  both:
    answer: 80% within 20s
    say_place: every 45s
    say_wait: {every: 20s, right_within: 1m}
    while_waiting: [{after: 20m, to: hangup}]
agents:
  kari: {phone: kari, queues: [main, both]}
"""
RULE_SET = load_rules(RULES.encode(), "rules.yaml")[0]


def past_waits(
    error_seconds: float,
    queue: str = "main",
    count: int = ENOUGH_ERRORS,
    talk_seconds: float = 90.0,
) -> Sequence[tuple[str, QueueVisit]]:
    """Waits that were estimated, and how far off that was."""
    visit = QueueVisit(
        queue=queue,
        entered_at=MONDAY_MORNING,
        outcome="answered",
        wait_seconds=60.0 + error_seconds,
        agent="kari",
        talk_seconds=talk_seconds,
        estimated_seconds=60.0,
        estimate_error_seconds=error_seconds,
    )
    return [(f"earlier-{number}", visit) for number in range(count)]


@asynccontextmanager
async def board_with(*earlier: Sequence[tuple[str, QueueVisit]]) -> AsyncIterator[Switchboard]:
    """Kari talks already, with the first caller."""
    board = Switchboard(RULE_SET, prompts((*PROMPTS, *NUMBERS)))
    for visits in earlier:
        board.desk.estimates.remember(visits)
    async with board.running():
        yield board
        await asyncio.sleep(60)
        assert board.supervisor.calls == 0
        assert board.asterisk.leftovers() == []


async def kari_talks(board: Switchboard) -> Caller:
    await board.signs_in("kari", answers_after=1)
    first = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await first.is_talking_to("kari")
    return first


def told(caller: Caller) -> list[str]:
    """What a caller has heard of numbers, each time in one line."""
    names = [name for name in caller.heard if name in NUMBERS]
    return " ".join(names).replace("wait.is", "|wait").strip("| ").split(" |")


async def test_a_caller_is_told_the_wait_at_once_and_then_every_so_often() -> None:
    async with board_with(past_waits(20.0, talk_seconds=280.0, count=20)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await caller.hears("wait.is")
        await asyncio.sleep(100)
        caller.hangs_up()
        first.hangs_up()

        assert len(told(caller)) == 2
        assert told(caller)[0] == "wait number.4 minutes.to number.5 minutes.many"
        assert told(caller)[1] == "wait number.3 minutes.to number.4 minutes.many"


async def test_place_and_wait_are_told_in_one_breath() -> None:
    async with board_with(past_waits(20.0, "both", talk_seconds=100.0)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000002")
        await caller.hears("wait.is")
        await asyncio.sleep(5)
        caller.hangs_up()
        first.hangs_up()

        heard = " ".join(name for name in caller.heard if name in NUMBERS)
        assert heard.startswith("place.you_are_number number.1 place.in_line wait.is ")


async def test_nothing_is_told_before_it_is_known_what_it_is_worth() -> None:
    async with board_with(past_waits(0.0, count=ENOUGH_ERRORS - 1)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await asyncio.sleep(100)
        caller.hangs_up()
        first.hangs_up()

        assert told(caller) == [""]


@pytest.mark.parametrize("error_seconds", [-61.0, 61.0])
async def test_nothing_is_told_while_it_is_wrong_by_more_than_the_rules_allow(
    error_seconds: float,
) -> None:
    async with board_with(past_waits(error_seconds)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await asyncio.sleep(100)
        caller.hangs_up()
        first.hangs_up()

        assert told(caller) == [""]


async def test_it_is_told_again_when_it_has_become_right() -> None:
    async with board_with(past_waits(600.0), past_waits(10.0, count=LATEST_ERRORS)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await caller.hears("wait.is")
        caller.hangs_up()
        first.hangs_up()


async def test_it_is_told_in_the_callers_own_language_and_never_half() -> None:
    rules = prompts((*PROMPTS, *NUMBERS), languages=("en",))
    board = Switchboard(RULE_SET, rules)
    board.desk.estimates.remember(past_waits(10.0))
    async with board.running():
        first = await kari_talks(board)
        english = board.asterisk.ring("+4790000002", dialled="+4721000003")
        norwegian = board.asterisk.ring("+4790000003", dialled="+4721000001")
        await english.hears("wait.is")
        await asyncio.sleep(20)
        for caller in (english, norwegian, first):
            caller.hangs_up()

        assert told(norwegian) == [""]
        await asyncio.sleep(60)


async def test_nothing_is_told_where_nobody_is_there_any_more() -> None:
    async with board_with(past_waits(10.0)) as board:
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await asyncio.sleep(100)
        caller.hangs_up()

        assert told(caller) == [""]


async def test_nothing_is_told_where_the_rules_lead_the_caller_away_before_that() -> None:
    async with board_with(past_waits(10.0, talk_seconds=1_500.0, count=60)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await asyncio.sleep(100)
        caller.hangs_up()
        first.hangs_up()

        assert told(caller) == [""]  # twenty-five minutes, and after twenty the call is over


async def test_who_finds_an_agent_free_hears_nothing_of_a_wait() -> None:
    async with board_with(past_waits(10.0)) as board:
        first = await kari_talks(board)
        first.hangs_up()

        assert told(first) == [""]


async def test_whether_callers_hear_it_is_seen() -> None:
    async with board_with(past_waits(10.0), past_waits(90.0, "both")) as board:
        now = Gatherer(
            board.desk, CallsUnderWay(board.journal, board.clock), lambda: board.rules, board.clock
        ).present()

    assert [queue.estimate for queue in now.queues] == [
        PresentEstimate(measured=5, mean_error_seconds=10.0, allowed_error_seconds=60.0, told=True),
        PresentEstimate(
            measured=5, mean_error_seconds=90.0, allowed_error_seconds=60.0, told=False
        ),
    ]


@asynccontextmanager
async def with_kari_in_a_talk() -> AsyncIterator[Switchboard]:
    """Of an earlier server, for 40 s from now on."""
    board = Switchboard(RULE_SET, prompts((*PROMPTS, *NUMBERS)))
    board.desk.estimates.remember(past_waits(10.0, "both"))
    async with board.running():
        await board.signs_in("kari", answers_after=1)
        talk = board.desk.talk_goes_on("kari", "earlier-call", "both", 5.0)
        talk.__enter__()
        asyncio.get_running_loop().call_later(40.0, talk.__exit__, None, None, None)
        yield board


async def hears_the_wait_twice_and_talks(_: Switchboard, caller: Caller) -> None:
    await caller.hears("wait.is")
    await caller.hears("wait.is")
    await caller.is_talking_to("kari")


async def test_a_hang_up_at_any_moment_of_the_wait_leaves_nothing() -> None:
    make, story, to_both = with_kari_in_a_talk, hears_the_wait_twice_and_talks, "+4721000002"
    found = await tell(make, story, nowhere, dialled=to_both)
    assert found.awaits > 20

    for number in range(1, found.awaits + 1):
        await tell(make, story, at_await(number), dialled=to_both)
    for number in range(1, found.requests + 1):
        for when in ("before_request", "after_request"):
            await tell(make, story, around_request(number, when), dialled=to_both)


async def test_a_wait_that_outlasts_the_server_is_measured_from_its_beginning() -> None:
    before = Switchboard(RULE_SET, prompts((*PROMPTS, *NUMBERS)))
    before.desk.estimates.remember(past_waits(10.0, talk_seconds=280.0, count=20))
    async with crashing(before):
        first = await kari_talks(before)
        caller = before.asterisk.ring("+4790000002", dialled="+4721000001")
        await caller.hears("wait.is")
        await asyncio.sleep(20)

    after = Switchboard(RULE_SET, prompts((*PROMPTS, *NUMBERS)), after=before)
    after.clock.at += timedelta(seconds=20)
    after.desk.estimates.remember(past_waits(10.0, talk_seconds=280.0, count=20))
    async with after.running():
        await asyncio.sleep(100)
        assert len(told(caller)) == 2
        first.hangs_up()
        await caller.is_talking_to("kari")
        caller.hangs_up()
        await asyncio.sleep(60)

        (record,) = (one for one in after.records if one.caller == "+4790000002")
        (visit,) = record.visits
        events = [entry.event for entry in after.journal.events(record.call_id)]
        (estimate,) = (one for one in events if isinstance(one, WaitEstimated))
        assert visit.estimated_seconds == estimate.seconds
        assert visit.wait_seconds is not None
        assert visit.estimate_error_seconds == pytest.approx(
            visit.wait_seconds - estimate.seconds, abs=0.5
        )
        assert visit.estimate_error_seconds is not None
        live = after.desk.estimates.worth("main").mean_error_seconds
        assert live is not None
        expected = (10.0 * 19 + abs(visit.estimate_error_seconds)) / 20
        assert live == pytest.approx(expected, abs=0.5)


async def test_a_wait_that_outlasts_a_lost_link_is_measured_from_its_beginning() -> None:
    async with board_with(past_waits(10.0, talk_seconds=280.0, count=20)) as board:
        first = await kari_talks(board)
        caller = board.asterisk.ring("+4790000002", dialled="+4721000001")
        await caller.hears("wait.is")
        await asyncio.sleep(20)
        board.asterisk.lose_link()
        await asyncio.sleep(5)
        board.asterisk.restore_link()
        await asyncio.sleep(20)
        first.hangs_up()
        await caller.is_talking_to("kari")
        caller.hangs_up()
        await asyncio.sleep(60)

        (record,) = (one for one in board.records if one.caller == "+4790000002")
        (visit,) = record.visits
        assert visit.wait_seconds is not None
        assert visit.wait_seconds > 45.0
        assert visit.estimate_error_seconds is not None
        live = board.desk.estimates.worth("main").mean_error_seconds
        expected = (10.0 * 19 + abs(visit.estimate_error_seconds)) / 20
        assert live == pytest.approx(expected, abs=0.5)
