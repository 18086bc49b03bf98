"""Stories of numbers outside: over which trunk they are called, who takes the call, and what if nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ivr.ari.fake import FakePhone
from ivr.records.events import (
    CalledOut,
    CallOutFailed,
    PhoneNotTaken,
    PhoneTaken,
    Routed,
    TalkEnded,
)
from ivr.rules.load import load_rules
from ivr.settings import Outgoing, TrunkSettings
from ivr.trunks import open_trunk
from ivr.why import CalledOutside, NumberBarred
from tests.flows.conftest import PROMPTS, Switchboard, prompts

RULES = """
version: 1
languages: [nb]
numbers:
  +47 55 30 10 00: {site: bergen, to: phone vakt}
  +47 55 30 10 01: {to: phone sure}
  +47 55 30 10 02: {to: phone open}
  +47 55 30 10 03: {to: phone premium}
phones:
  vakt: {phone: +47 90 00 00 01, ring_time: 20s, no_answer: voicemail box}
  sure: {phone: +47 90 00 00 01, music: calm, ring_time: 20s, no_answer: voicemail box, confirm: true}
  open: {phone: +47 90 00 00 01, ring_time: 20s, no_answer: voicemail box, caller_id: caller}
  premium: {phone: 829 00 000, no_answer: voicemail box}
sites: {bergen: {name: Bergen, caller_id: +47 55 30 10 00}}
voicemails: {box: {}}
"""
VAKT, SURE, OPEN, PREMIUM = "+4755301000", "+4755301001", "+4755301002", "+4755301003"
FIRST, SECOND, LAST = (
    "PJSIP/telia/sip:+4790000001@192.0.2.10",
    "PJSIP/telia/sip:+4790000001@192.0.2.11",
    "PJSIP/lyse/sip:004790000001@192.0.2.20",
)
TRUNKS = tuple(
    open_trunk(said, lambda _: ())
    for said in (
        TrunkSettings(
            name="telia",
            addresses=("192.0.2.10", "192.0.2.11"),
            own_number="21 00 00 00",
            forward_callers=True,
        ),
        TrunkSettings(name="lyse", addresses=("192.0.2.20",), number_form="0047"),
    )
)


@asynccontextmanager
async def running(outgoing: Outgoing | None = None) -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    switchboard = Switchboard(rules, prompts(PROMPTS), trunks=TRUNKS, outgoing=outgoing)
    async with switchboard.running() as board:
        yield board
        await asyncio.sleep(60)
        assert board.supervisor.calls == 0
        assert board.asterisk.leftovers() == []
        assert board.node.followed() == frozenset()
        assert set(board.trunks.calls_out.values()) <= {0}


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    async with running() as switchboard:
        yield switchboard


def carrier(board: Any, endpoint: str, **does: Any) -> FakePhone:
    """What is at this address of a carrier: somebody who answers, or a status, or silence."""
    status, is_silent = does.pop("status", None), does.pop("is_silent", False)
    phone: FakePhone = board.asterisk.phone(endpoint, **does)
    phone.status, phone.is_silent = status, is_silent
    return phone


def shown_at(phone: FakePhone) -> str:
    assert phone.channel is not None
    return phone.channel.caller_number


def tried(board: Any) -> list[str]:
    return [one.address for one in board.events(CalledOut)]


async def test_whoever_answers_outside_talks_with_the_caller_who_heard_it_ring(board: Any) -> None:
    vakt = carrier(board, FIRST, answers_after=3)

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.is_talking_to(FIRST)
    assert board.trunks.calls_out["telia"] == 1
    await asyncio.sleep(30)
    vakt.hangs_up()
    await caller.is_hung_up()
    await asyncio.sleep(1)

    (record,) = board.records
    assert (record.disposition, record.ended_by) == ("answered", "agent")
    assert caller.heard == ["ringing"]
    assert board.events(CalledOut) == [
        CalledOut(phone="vakt", trunk="telia", address="192.0.2.10", number="+47…001")
    ]
    assert [one.trunk for one in board.events(PhoneTaken)] == ["telia"]
    assert shown_at(vakt) == "+4755301000"
    assert vakt.channel is not None
    seconds = 8 + 20 + 1 + 3600 + 30  # to answer, to talk, and Asterisk's own end of it
    assert vakt.channel.variables == {"TIMEOUT(absolute)": str(seconds)}


@pytest.mark.parametrize("status", [503, 408, 500, 401, 403, 407, 488])
async def test_a_trunk_that_fails_leads_on_address_by_address_and_counts(
    board: Any, status: int
) -> None:
    carrier(board, FIRST, status=status)
    carrier(board, SECOND, status=status)
    carrier(board, LAST, answers_after=1)

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.is_talking_to(LAST)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert tried(board) == ["192.0.2.10", "192.0.2.11", "192.0.2.20"]
    assert [one.status for one in board.events(CallOutFailed)] == [status, status]
    telia, lyse = board.trunks.views()
    assert (telia.out_failed, lyse.out_failed) == (2, 0)
    assert str(telia.last_failure) == f"{status} to INVITE"


@pytest.mark.parametrize(
    ("status", "result"),
    [(486, "busy"), (600, "busy"), (603, "busy"), (480, "no_answer"), (404, "wrong_number"),
     (410, "wrong_number"), (484, "wrong_number"), (604, "wrong_number"), (302, "gone")],
)  # fmt: skip
async def test_the_numbers_own_answer_ends_the_search_and_the_caller_goes_on_by_the_rules(
    board: Any, status: int, result: str
) -> None:
    carrier(board, FIRST, status=status)
    carrier(board, SECOND, answers_after=1)

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert tried(board) == ["192.0.2.10"]
    assert [one.result for one in board.events(PhoneNotTaken)] == [result]
    assert board.trunks.out_failed["telia"] == 0


async def test_a_silent_address_is_left_after_the_first_answer_limit_and_ringing_has_its_own(
    board: Any,
) -> None:
    carrier(board, FIRST, is_silent=True)
    carrier(board, SECOND, answers_after=19)
    began = asyncio.get_running_loop().time()

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.is_talking_to(SECOND)
    assert 27 < asyncio.get_running_loop().time() - began < 28
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [(one.result, one.status) for one in board.events(CallOutFailed)] == [("gone", None)]


async def test_a_phone_that_rings_in_vain_is_nobodys_failure(board: Any) -> None:
    carrier(board, FIRST)
    carrier(board, SECOND, answers_after=1)

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(PhoneNotTaken)] == ["no_answer"]
    assert board.trunks.out_failed["telia"] == 0


async def test_where_no_trunk_gets_it_there_the_call_goes_where_the_rules_say(board: Any) -> None:
    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert len(tried(board)) == 3
    assert [one.result for one in board.events(PhoneNotTaken)] == ["gone"]


async def test_an_answer_that_is_gone_before_a_word_is_heard_counts_against_the_trunk(
    board: Any,
) -> None:
    carrier(board, FIRST, answers_after=1)
    board.asterisk.faults.refuse_next("/addChannel", status=404)

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [(one.result, one.status) for one in board.events(CallOutFailed)] == [("gone", 200)]
    assert board.trunks.out_failed["telia"] == 1


async def test_a_person_who_presses_the_key_takes_the_call(board: Any) -> None:
    vakt = carrier(board, FIRST, answers_after=2)

    caller = board.asterisk.ring("+4799999999", dialled=SURE)
    await vakt.hears("take_call")
    assert caller.talking_to() == set()
    vakt.keys("1")
    await caller.is_talking_to(FIRST)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert caller.heard == ["music:calm"]
    assert board.records[0].disposition == "answered"


@pytest.mark.parametrize("keys", ["", "5"])
async def test_a_voicemail_that_answers_is_no_answer(board: Any, keys: str) -> None:
    vakt = carrier(board, FIRST, answers_after=2)

    caller = board.asterisk.ring("+4799999999", dialled=SURE)
    for _ in range(2):
        await vakt.hears("take_call")
        if keys:
            vakt.keys(keys)
    await caller.hears("voicemail")
    await vakt.is_hung_up()
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(PhoneNotTaken)] == ["not_confirmed"]
    assert board.events(PhoneTaken) == []


async def test_a_person_who_hangs_up_when_asked_gives_the_caller_back_to_the_rules(
    board: Any,
) -> None:
    vakt = carrier(board, FIRST, answers_after=2)

    caller = board.asterisk.ring("+4799999999", dialled=SURE)
    await vakt.hears("take_call")
    vakt.hangs_up()
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(PhoneNotTaken)] == ["not_confirmed"]


async def test_a_caller_who_hangs_up_while_the_person_is_asked_ends_both(board: Any) -> None:
    vakt = carrier(board, FIRST, answers_after=2)

    caller = board.asterisk.ring("+4799999999", dialled=SURE)
    await vakt.hears("take_call")
    caller.hangs_up()
    await vakt.is_hung_up()
    await asyncio.sleep(1)

    assert board.records[0].ended_by == "caller"


async def test_who_calls_is_shown_where_the_rules_and_the_trunk_say_so(board: Any) -> None:
    vakt = carrier(board, FIRST, answers_after=1)

    caller = board.asterisk.ring("+4799999999", dialled=OPEN)
    await caller.is_talking_to(FIRST)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert shown_at(vakt) == "+4799999999"
    assert vakt.channel is not None
    assert vakt.channel.variables["REDIRECTING(from-num,i)"] == "+4721000000"


async def test_a_caller_who_hides_the_number_is_hidden_from_whoever_is_called(board: Any) -> None:
    vakt = carrier(board, FIRST, answers_after=1)

    caller = board.asterisk.ring("", dialled=OPEN)
    await caller.is_talking_to(FIRST)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert vakt.channel is not None
    assert vakt.channel.variables["CONNECTEDLINE(pres)"] == "prohib"
    assert not {"+4799999999"} & set(vakt.channel.variables.values())


async def test_a_number_that_is_never_called_leads_on_by_the_rules_and_the_trace_says_why(
    board: Any,
) -> None:
    caller = board.asterisk.ring("+4799999999", dialled=PREMIUM)
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert tried(board) == []
    came, led_on = board.events(Routed)
    assert [one.because for one in came.steps if isinstance(one.because, CalledOutside)] == [
        CalledOutside("premium", "+47…000")
    ]
    assert led_on.steps[0].because == NumberBarred("premium", "never", "voicemail box")
    assert [one.barred for one in board.events(PhoneNotTaken)] == ["never"]


async def test_a_talk_that_lasts_too_long_is_ended_with_a_goodbye() -> None:
    async with running(Outgoing(longest_minutes=1)) as board:
        vakt = carrier(board, FIRST, answers_after=1)

        caller = board.asterisk.ring("+4799999999", dialled=VAKT)
        await caller.is_talking_to(FIRST)
        await asyncio.sleep(61)
        await vakt.is_hung_up()
        await caller.hears("goodbye")
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert [one.by for one in board.events(TalkEnded)] == ["limit"]
        assert (board.records[0].disposition, board.records[0].ended_by) == ("answered", "rules")


async def test_who_is_gone_as_soon_as_they_answer_has_not_answered(board: Any) -> None:
    carrier(board, FIRST, answers_after=1, hangs_up_after=0.001)
    carrier(board, SECOND, answers_after=1)

    caller = board.asterisk.ring("+4799999999", dialled=VAKT)
    await caller.is_talking_to(SECOND)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [(one.result, one.status) for one in board.events(CallOutFailed)] == [("gone", 200)]
    assert board.trunks.out_failed["telia"] == 1
