"""Stories of callers who are asked, after a talk, how it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from ivr.ari.fake import Caller
from ivr.numbers import parse_number
from ivr.records.events import Ended, Routed, SurveyAsked, SurveyTry
from ivr.records.record import CallRecord
from ivr.rules.load import load_rules
from ivr.server.survey_book import SurveyBook
from ivr.why import NotInShare
from tests.flows.conftest import PROMPTS, Switchboard, ended_cleanly, prompts

RULES = """
version: 1
numbers: {anything else: queue kundeservice}
queues: {kundeservice: {answer: 80% within 20s, survey: short, nobody_logged_in: hangup}}
surveys: {short: {by: voice, say: rate, scale: 1-10, tries: 2, wait: 5s, between: 2s, not_again_within: 30d}}
agents: {kari: {phone: kari, queues: [kundeservice]}}
"""


def switchboard(rules: str = RULES) -> Switchboard:
    read, _ = load_rules(rules.encode(), "rules.yaml")
    return Switchboard(read, prompts((*PROMPTS, "rate")))


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    async with ended_cleanly(switchboard().running()) as board:
        yield board


async def has_talked(board: Switchboard, number: str = "+4790000001") -> Caller:
    """A caller whose agent has just hung up."""
    kari = await board.signs_in("kari", answers_after=1)
    caller = board.asterisk.ring(number, dialled="+4755301000")
    await caller.is_talking_to("kari")
    await asyncio.sleep(10)
    kari.hangs_up()
    return caller


async def over(board: Switchboard) -> CallRecord:
    await asyncio.sleep(30)
    return board.records[0]


async def test_who_stays_on_the_line_is_asked_and_the_answer_is_kept(board: Switchboard) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    caller.keys("9")
    await caller.hears("goodbye")
    await caller.is_hung_up()

    record = await over(board)
    (reply,) = record.surveys
    assert (reply.survey, reply.queue, reply.agent) == ("short", "kundeservice", "kari")
    assert (reply.score, reply.lowest, reply.highest) == (9, 1, 10)
    assert (record.disposition, record.ended_by) == ("answered", "agent")
    assert [one.to for one in board.events(Routed)] == [
        "queue kundeservice",
        "survey short",
        "hangup",
    ]


@pytest.mark.parametrize(
    ("keys", "score"), [("10", 10), ("1", 1), ("1#", 1), ("7", 7), ("0", None), ("11", None)]
)
async def test_a_number_counts_when_it_is_whole_and_on_the_scale(
    board: Switchboard, keys: str, score: int | None
) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    caller.keys(keys)

    record = await over(board)
    assert record.surveys[0].score == score
    assert board.events(SurveyTry)[0].result == ("answered" if score else "no_match")


async def test_what_is_wrong_is_asked_again_and_what_was_keyed_is_not_kept(
    board: Switchboard,
) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    caller.keys("0")
    await caller.hears("no_match")
    await caller.hears("rate")
    caller.keys("8")

    record = await over(board)
    assert record.surveys[0].score == 8
    assert [(one.result, one.score) for one in board.events(SurveyTry)] == [
        ("no_match", None),
        ("answered", 8),
    ]
    assert len(board.events(SurveyAsked)) == 1


async def test_who_says_nothing_is_thanked_all_the_same(board: Switchboard) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    await caller.hears("no_input")
    await caller.hears("goodbye")
    await caller.is_hung_up()

    record = await over(board)
    assert [reply.score for reply in record.surveys] == [None]


async def test_who_hangs_up_meanwhile_was_asked_and_did_not_answer(board: Switchboard) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    caller.hangs_up()

    record = await over(board)
    assert [reply.score for reply in record.surveys] == [None]
    assert (record.disposition, record.ended_by) == ("answered", "caller")


async def test_who_hangs_up_first_is_not_asked(board: Switchboard) -> None:
    await board.signs_in("kari", answers_after=1)
    caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.is_talking_to("kari")
    caller.hangs_up()

    record = await over(board)
    assert record.surveys == ()


async def test_keys_of_the_talk_are_no_answer(board: Switchboard) -> None:
    kari = await board.signs_in("kari", answers_after=1)
    caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.is_talking_to("kari")
    caller.keys("5")
    await asyncio.sleep(2)
    kari.hangs_up()
    await caller.hears("rate")
    caller.keys("9")

    assert (await over(board)).surveys[0].score == 9


async def test_the_agent_is_free_while_the_caller_answers(board: Switchboard) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    other = board.asterisk.ring("+4790000002", dialled="+4755301000")
    await other.is_talking_to("kari")
    caller.hangs_up()
    other.hangs_up()


async def test_who_was_asked_is_left_in_peace_for_as_long_as_the_rules_say(
    board: Switchboard,
) -> None:
    first = board.clock.at
    for days, is_asked in ((0, True), (29, False), (31, True)):
        board.clock.at = first + timedelta(days=days)
        caller = await has_talked(board)
        if is_asked:
            await caller.hears("rate")
            caller.keys("9")
        await caller.is_hung_up()
        assert bool((await over(board)).surveys) is is_asked


async def test_a_server_that_comes_after_leaves_them_in_peace_too(board: Switchboard) -> None:
    caller = await has_talked(board)
    await caller.hears("rate")
    caller.keys("9")
    await over(board)

    later = SurveyBook(board.clock)
    later.remember(board.journal)

    assert later.last(parse_number("+4790000001")) == board.records[0].surveys[0].asked_at
    assert later.last(parse_number("+4790000002")) is None


async def test_nobody_is_asked_whom_the_lot_does_not_fall_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ivr.flows.inbound.secrets.randbelow", lambda lots: lots // 4)
    async with switchboard(RULES.replace("tries: 2", "tries: 2, share: 25%")).running() as board:
        caller = await has_talked(board)
        await caller.is_hung_up()

        assert (await over(board)).surveys == ()
        assert board.events(Routed)[-1].steps[0].because == NotInShare("short", 0.25)


async def test_a_call_that_is_told_to_be_asked_twice_was_asked_once(board: Switchboard) -> None:
    """As the journal has it of a call that a second server took up in the survey."""
    caller = await has_talked(board)
    await caller.hears("rate")
    (record,) = board.journal.open_calls()
    again = SurveyAsked(survey="short", lowest=1, highest=10)
    board.journal.note(record.call_id, again)
    caller.keys("4")

    assert [reply.score for reply in (await over(board)).surveys] == [4]
    assert len([one for one in board.events() if isinstance(one, Ended)]) == 1
