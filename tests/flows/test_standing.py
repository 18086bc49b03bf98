"""What the journal keeps of a call is enough to go on with it as if nothing had happened."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from ivr.flows.standing import standing, visit_left_off
from ivr.numbers import PhoneNumber, parse_number
from ivr.records.events import Arrived as CallArrived
from ivr.records.events import CallEvent, Connected, Routed
from ivr.records.journal import Entry
from ivr.records.taking_up import LeftOff, left_off
from ivr.rules.decision import (
    AnswerKeyed,
    Facts,
    NobodyLoggedIn,
    NotTaken,
    OptionChosen,
    Spoken,
    SurveyDone,
    WaitedLong,
)
from ivr.rules.load import load_rules
from ivr.rules.visit import (
    AskQuestion,
    AskSurvey,
    HangUp,
    Happened,
    InVain,
    Move,
    OfferMenu,
    Present,
    PromptsSaid,
    Refuse,
    RingPhone,
    Say,
    TakeMessage,
    WaitInQueue,
    after,
    again,
    begin,
)
from tests.flows.conftest import Switchboard

ROOT = Path(__file__).parents[2]
FILES = (ROOT / "routing_rules.yaml", ROOT / "tests" / "data" / "rules" / "whole_language.yaml")
BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)


def as_stored(entries: Sequence[Entry]) -> list[Entry]:
    """As another process reads them."""
    return msgspec.json.decode(msgspec.json.encode(entries), type=list[Entry])


def journal_of(move: Move, dialled: PhoneNumber | None, caller: PhoneNumber | None) -> list[Entry]:
    assert move.decision is not None
    arrived = CallArrived(
        dialled=dialled.digits if dialled else "?",
        caller=caller.digits if caller else None,
        call_time="",
        revision="",
        channel="leg",
    )
    routed = Routed(
        to=move.decision.to,
        language="",
        standing=standing(move.visit),
    )
    told: tuple[CallEvent, ...] = (arrived, routed)
    return as_stored(
        [
            Entry(call_id="call", seq=seq, at=BEGAN, monotonic_ns=0, event=event)
            for seq, event in enumerate(told, 1)
        ]
    )


def something_happens(  # noqa: C901, PLR0911 - a line for each act
    move: Move, drawn: Random
) -> Happened | None:
    match move.act:
        case Say():
            return PromptsSaid()
        case OfferMenu(menu):
            if menu.speech and drawn.random() < 0.2:
                return Spoken(menu.name, "faktura")
            key = drawn.choice([None, *menu.options])
            return OptionChosen(menu.name, key) if key else InVain("no_input")
        case AskQuestion(question):
            answer = drawn.choice([None, "5003", "0000"])
            return AnswerKeyed(question.name, answer) if answer else InVain("no_match")
        case AskSurvey(survey):
            if drawn.random() < 0.5:
                return InVain("no_match")
            return SurveyDone(survey.name, answered=True)
        case WaitInQueue(queue, step=int(step)):
            waited: list[Happened] = [WaitedLong(queue.name, step), NobodyLoggedIn(queue.name)]
            return drawn.choice(waited)
        case WaitInQueue(queue):
            return NobodyLoggedIn(queue.name)
        case RingPhone(phone):
            return NotTaken(phone.name)
        case TakeMessage() | HangUp() | Refuse():
            return None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_whoever_goes_on_from_the_last_standing_decides_the_same(file: Path) -> None:
    rules, _ = load_rules(file.read_bytes(), file.name)
    drawn = Random(8)
    compared = 0
    for _ in range(400):
        dialled = drawn.choice([*rules.numbers, parse_number("+4799999999"), None])
        listed = [number for one in rules.callers.values() for number in sorted(one.numbers)]
        caller = drawn.choice([None, parse_number("+4745678901"), *listed])
        present = Present(BEGAN + timedelta(hours=drawn.randrange(24 * 365)))
        facts = Facts(
            at=present.at,
            dialled=dialled,
            caller=caller,
            language=rules.languages[0],
            withheld=caller is None and drawn.random() < 0.5,
        )
        move = begin(rules, present.added_to(facts))
        for _ in range(20):
            happened = something_happens(move, drawn)
            if happened is None:
                break
            present = replace(
                present.later(drawn.randrange(1, 300)),
                signed_in={name: drawn.randint(0, 1) for name in rules.queues},
                waiting={name: drawn.choice([0, 40]) for name in rules.queues},
            )
            there = after(rules, move.visit, happened, present)
            if move.decision is not None:
                left = left_off(journal_of(move, dialled, caller))
                assert left is not None
                assert after(rules, visit_left_off(left), happened, present) == there
                compared += 1
            move = there

    assert compared > 500


async def left_now(board: Switchboard) -> LeftOff:
    await asyncio.sleep(1)
    (call,) = board.journal.open_calls()
    left = left_off(as_stored(board.journal.events(call.call_id)))
    assert left is not None
    return left


async def test_a_call_that_waits_can_be_taken_up_in_its_queue_with_its_place(
    switchboard: Switchboard,
) -> None:
    await switchboard.signs_in("kari", busy=True)
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(60)

    left = await left_now(switchboard)
    act = again(switchboard.rules, visit_left_off(left))

    assert isinstance(act, WaitInQueue)
    assert left.standing.place == f"queue {act.queue.name}"
    assert [one.queue for one in left.standing.waits] == [act.queue.name]
    assert left.standing.menus == ("main",)
    assert left.standing.unsaid == ()
    assert left.bridge is None
    assert left.legs == (left.arrived.channel,)
    caller.hangs_up()


async def test_of_a_talk_the_journal_knows_the_legs_and_the_bridge(
    switchboard: Switchboard,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(30)

    left = await left_now(switchboard)
    (connected,) = (
        entry.event
        for entry in switchboard.journal.events(left.call_id)
        if isinstance(entry.event, Connected)
    )

    assert left.legs == (left.arrived.channel, connected.leg)
    assert left.bridge == connected.bridge
    assert left.bridge is not None
    caller.hangs_up()


async def test_a_call_that_has_ended_is_not_taken_up(switchboard: Switchboard) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(5)

    (record,) = switchboard.records
    assert left_off(switchboard.journal.events(record.call_id)) is None


def test_a_journal_of_an_earlier_version_tells_no_standing() -> None:
    earlier = '{"type":"routed","to":"queue bergen","language":"nb"}'
    routed = msgspec.json.decode(earlier, type=Routed)

    assert routed.standing is None
    assert left_off([Entry(call_id="call", seq=1, at=BEGAN, monotonic_ns=0, event=routed)]) is None
