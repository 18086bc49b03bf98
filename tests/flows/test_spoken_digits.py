"""Stories of callers who say the digits that a question wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.ari.fake.people import Caller
from ivr.records.events import DigitsHeard, QuestionTry, Routed, SpeechGone
from ivr.rules.load import load_rules
from ivr.speech.fake import FakeSpeech
from tests.flows.conftest import NUMBERS, PROMPTS, Switchboard, answers, prompts

RULES = """
version: 1
numbers: {anything else: department henting}
site_of_call: [question postnummer]
questions: {postnummer: {say: ask, digits: 4, tries: 3, wait: 6s, speech: true, finds: site}}
hours: {always: {daily: 00:00-24:00}}
departments:
  henting: {hours: always, national: queue kundeservice, closed: {say: closed, to: hangup}}
sites:
  bergen: {postcodes: 5000-5999, departments: {henting: {local: queue bergen}}}
queues:
  kundeservice: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
"""
READ = ["read_back.you_keyed", "number.5", "number.0", "number.1", "number.3"]


@pytest.fixture
def speech() -> FakeSpeech:
    return FakeSpeech()


@pytest.fixture
async def board(speech: FakeSpeech) -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    known = prompts((*PROMPTS, *NUMBERS, "ask"))
    async with Switchboard(rules, known, speech=speech).running() as running:
        yield running
        await asyncio.sleep(300)
        assert running.supervisor.calls == 0
        assert running.asterisk.leftovers() == []
        assert speech.places == {}


async def asked(board: Switchboard, speech: FakeSpeech) -> Caller:
    """A caller who is asked for a postcode, and listened to."""
    caller = board.asterisk.ring("+4790000001", dialled="+4721000000")
    await caller.hears("ask")
    await board.asterisk.until(lambda: bool(speech.attending))
    return caller


async def over(caller: Caller) -> None:
    await asyncio.sleep(30)
    caller.hangs_up()
    await asyncio.sleep(1)


def tries(board: Switchboard) -> list[str]:
    return [one.result for one in board.events(QuestionTry)]


def ways(board: Switchboard) -> list[str]:
    return [one.to for one in board.events(Routed)]


@pytest.mark.parametrize("yes", ["ja", "1"], ids=["yes is said", "1 is pressed"])
async def test_digits_that_were_said_are_read_back_and_count_when_the_caller_says_yes(
    board: Switchboard, speech: FakeSpeech, yes: str
) -> None:
    caller = await asked(board, speech)
    (order,) = speech.attending.values()
    assert order.most_in_a_row == 4
    speech.says_digits("5013")
    await caller.hears("read_back.is_it_right")
    await asyncio.sleep(1)
    if yes == "1":
        caller.keys("1")
    else:
        speech.says("ja")
    await over(caller)

    place = caller.heard.index(READ[0])
    assert caller.heard[place : place + 5] == READ
    assert tries(board) == ["answered"]
    assert ways(board)[-1] == "queue bergen"


@pytest.mark.parametrize("answer", ["nei", "2", ""], ids=["no is said", "2 is pressed", "silence"])
async def test_digits_that_were_said_count_for_nothing_until_the_caller_says_yes(
    board: Switchboard, speech: FakeSpeech, answer: str
) -> None:
    caller = await asked(board, speech)
    speech.says_digits("5013")
    await caller.hears("read_back.is_it_right")
    await asyncio.sleep(1)
    if answer == "2":
        caller.keys("2")
    elif answer:
        speech.says(answer)
    await asyncio.sleep(15)
    caller.keys("5013")
    await over(caller)

    assert tries(board)[0] == "corrected"
    assert tries(board)[-1] == "answered"


@pytest.mark.parametrize("likelihood", [0.5, 0.01], ids=["not for sure", "none of the words"])
@pytest.mark.parametrize(
    ("then", "counts"), [("ja", True), ("1", True), ("2", False), ("", False), ("unclear", False)]
)
async def test_an_answer_that_is_not_understood_has_the_digits_read_once_more(
    board: Switchboard, speech: FakeSpeech, likelihood: float, then: str, *, counts: bool
) -> None:
    caller = await asked(board, speech)
    speech.says_digits("5013")
    await caller.hears("read_back.is_it_right")
    await asyncio.sleep(3)  # what is none of the words stops no prompt
    speech.says("ja", likelihood)
    await asyncio.sleep(0.1)
    await caller.hears("read_back.is_it_right")
    await asyncio.sleep(3)
    answers(caller, speech, then, likelihood)
    await asyncio.sleep(60)  # who is asked anew is silent, and led on without an answer
    caller.hangs_up()
    await asyncio.sleep(1)

    assert caller.heard.count("read_back.is_it_right") == 2
    assert tries(board)[0] == ("answered" if counts else "corrected")
    assert ways(board)[-1] == ("queue bergen" if counts else "queue kundeservice")


async def test_digits_may_be_said_in_pieces_and_keyed_in_between(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await asked(board, speech)
    speech.says_digits("50")
    await asyncio.sleep(1)
    caller.keys("1")
    await asyncio.sleep(1)
    speech.says_digits("3")
    await caller.hears("read_back.is_it_right")
    caller.keys("1")
    await over(caller)

    assert READ[1:] == caller.heard[caller.heard.index(READ[0]) + 1 :][:4]
    assert tries(board) == ["answered"]


async def test_who_keys_the_digits_is_not_asked_whether_they_are_right(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await asked(board, speech)
    caller.keys("5013")
    await over(caller)

    assert READ[0] not in caller.heard
    assert tries(board) == ["answered"]
    assert ways(board)[-1] == "queue bergen"


async def test_what_is_no_digits_or_too_many_is_asked_again_and_after_two_there_are_keys(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await asked(board, speech)
    await asyncio.sleep(3)
    speech.says_digits("50", 0.2)
    await asyncio.sleep(8)
    speech.says_digits("501350")
    await asyncio.sleep(8)
    caller.keys("5013")
    await over(caller)

    assert tries(board) == ["no_match", "no_match", "answered"]
    assert [one.result for one in board.events(DigitsHeard)] == ["not_understood", "heard"]
    assert [one.why for one in board.events(SpeechGone)] == ["not understood 2 times"]


async def test_no_digit_that_was_said_stands_in_the_journal_or_the_log(
    board: Switchboard, speech: FakeSpeech, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = await asked(board, speech)
    speech.says_digits("5013")
    await caller.hears("read_back.is_it_right")
    speech.says("ja")
    await over(caller)

    events = board.events(DigitsHeard)
    assert [(one.question, one.engine, one.result) for one in events] == [
        ("postnummer", "twin", "heard")
    ]
    kept = repr(board.events())
    shown = capsys.readouterr()
    for told in (kept, shown.out, shown.err):
        assert "5013" not in told
        assert "'5', '0', '1', '3'" not in told
        assert "number.5" not in told


async def test_a_worker_that_dies_while_digits_are_said_leaves_the_keys(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await asked(board, speech)
    speech.says_digits("50")
    speech.is_lost()
    caller.keys("13")
    await caller.hears("read_back.is_it_right")
    caller.keys("1")
    await over(caller)

    assert tries(board) == ["answered"]
    assert ways(board)[-1] == "queue bergen"


@pytest.mark.parametrize("after_seconds", [0.001, 0.02, 0.5, 2.0, 3.0])
async def test_a_caller_who_hangs_up_anywhere_leaves_nothing(
    board: Switchboard, speech: FakeSpeech, after_seconds: float
) -> None:
    caller = await asked(board, speech)
    speech.says_digits("5013")
    await asyncio.sleep(after_seconds)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert board.records[0].ended_by == "caller"
