"""Stories of calls that agents make: codes, colleagues, and numbers outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC
from typing import Any

import pytest

from ivr.ari.fake import Caller
from ivr.cli.shared.call_lines import calls_table
from ivr.flows.own_call import NO_SUCH_NUMBER
from ivr.queues.agents import AgentState
from ivr.records.events import CalledOut, PhoneNotTaken, PhoneTaken, Routed
from ivr.rules.load import load_rules
from ivr.showing.record_lines import record_told
from ivr.showing.story import event_told
from tests.flows.conftest import CARRIER, NUMBERS, PROMPTS, RULES, Switchboard, prompts

OWN_CALLS = (
    RULES.replace("phone: kari,", "phone: kari, number: 21, may_call: [mobile],").replace(
        "phone: ola,", "phone: ola, number: 22,"
    )
    + """
duty:
  pause_reasons: [lunch, training]
  codes:
    star 11: sign in
    star 12: sign out
    star 13: pause
    star 14: pause lunch
    star 15: resume
    star 16: take bergen
    star 17: end wrap-up
"""
)
SPOKEN = (
    "agent.signed_in",
    "agent.signed_out",
    "agent.paused",
    "agent.resumed",
    "agent.done",
    "agent.not_done",
    "agent.no_such_code",
    "agent.choose_reason",
    "reason.lunch",
    "reason.training",
)
MOBILE = "+4790000005"
OUT = tuple(f"PJSIP/telia/sip:{MOBILE}@{host}" for host in CARRIER.said.addresses)


@pytest.fixture
async def house() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(OWN_CALLS.encode(), "rules.yaml")
    switchboard = Switchboard(rules, prompts((*PROMPTS, *SPOKEN, *NUMBERS)), trunks=(CARRIER,))
    async with switchboard.running() as running:
        yield running


def state_of(house: Switchboard, name: str) -> tuple[AgentState, str | None]:
    return next((one.state, one.reason) for one in house.desk.agents() if one.name == name)


def dials(house: Switchboard, text: str, who: str = "kari") -> Caller:
    caller: Caller = house.asterisk.ring(who, dialled=text, endpoint=f"PJSIP/{who}")
    return caller


async def over(house: Switchboard, caller: Caller) -> None:
    await caller.is_hung_up()
    await asyncio.sleep(1)


@pytest.mark.parametrize(
    ("code", "heard", "state"),
    [
        ("*12", "agent.signed_out", (AgentState.SIGNED_OUT, None)),
        ("*14", "agent.paused", (AgentState.PAUSED, "lunch")),
        ("*16", "agent.done", (AgentState.AVAILABLE, None)),
        ("*17", "agent.not_done", (AgentState.AVAILABLE, None)),
        ("*99", "agent.no_such_code", (AgentState.AVAILABLE, None)),
    ],
)
async def test_a_code_is_done_and_said(
    house: Switchboard, code: str, heard: str, state: tuple[AgentState, str | None]
) -> None:
    await house.signs_in("kari")

    caller = dials(house, code)
    await caller.hears(heard)
    await over(house, caller)

    assert state_of(house, "kari") == state
    (record,) = house.records
    assert record.disposition == "own_call"


async def test_a_pause_is_over_with_a_code_and_a_sign_out_too(house: Switchboard) -> None:
    await house.signs_in("kari")
    for code, heard in (
        ("*14", "agent.paused"),
        ("*15", "agent.resumed"),
        ("*12", "agent.signed_out"),
        ("*11", "agent.signed_in"),
    ):
        caller = dials(house, code)
        await caller.hears(heard)
        await over(house, caller)

    assert state_of(house, "kari") == (AgentState.AVAILABLE, None)


async def test_a_pause_without_a_reason_reads_the_list_and_takes_a_key(house: Switchboard) -> None:
    await house.signs_in("kari")

    caller = dials(house, "*13")
    for heard in ("agent.choose_reason", "reason.lunch", "number.1", "reason.training"):
        await caller.hears(heard)
    caller.keys("2")
    await caller.hears("agent.paused")
    await over(house, caller)

    assert state_of(house, "kari") == (AgentState.PAUSED, "training")


async def test_who_chooses_no_reason_is_not_paused(house: Switchboard) -> None:
    await house.signs_in("kari")

    caller = dials(house, "*13")
    await caller.hears("goodbye")
    await over(house, caller)

    assert state_of(house, "kari") == (AgentState.AVAILABLE, None)


@pytest.mark.parametrize("seconds", [0, 0.1, 0.5, 2, 5])
async def test_who_hangs_up_while_it_is_said_has_had_it_done_and_nothing_is_left(
    house: Switchboard, seconds: float
) -> None:
    await house.signs_in("kari")

    caller = dials(house, "*14")
    await asyncio.sleep(seconds)
    caller.hangs_up()
    await asyncio.sleep(10)

    state, reason = state_of(house, "kari")
    assert (state, reason) in {(AgentState.PAUSED, "lunch"), (AgentState.AVAILABLE, None)}
    assert seconds < 0.1 or state is AgentState.PAUSED
    assert house.asterisk.leftovers() == []


@pytest.mark.parametrize("dialled", ["22", "ola"])
async def test_agents_call_one_another_by_number_and_by_name_and_are_offered_nobody(
    house: Switchboard, dialled: str
) -> None:
    kari = await house.signs_in("kari")
    ola = await house.signs_in("ola", answers_after=1)

    own = dials(house, dialled)
    await own.is_talking_to("ola")
    assert state_of(house, "ola")[0] is AgentState.IN_OWN_CALL
    customer = house.asterisk.ring("+4790000001", dialled="+4755301000", endpoint="PJSIP/local")
    await customer.hears("welcome")
    customer.keys("1")
    await asyncio.sleep(30)
    assert (kari.times_rung, ola.times_rung) == (0, 1)

    own.hangs_up()
    await customer.is_talking_to("ola")
    customer.hangs_up()


async def test_a_colleague_who_talks_with_a_caller_is_busy(
    house: Switchboard,
) -> None:
    await house.signs_in("kari", answers_after=1)
    await house.signs_in("ola", answers_after=1)
    customer = house.asterisk.ring("+4790000001", dialled="+4755301000", endpoint="PJSIP/local")
    await customer.hears("welcome")
    customer.keys("1")
    await customer.is_talking_to("kari")

    own = dials(house, "21", "ola")
    await over(house, own)

    assert state_of(house, "ola") == (AgentState.AVAILABLE, None)
    assert [one.result for one in told(house, PhoneNotTaken)] == ["busy"]
    customer.hangs_up()


def told(house: Switchboard, kind: Callable[..., Any]) -> list[Any]:
    return [
        entry.event
        for record in house.records
        for entry in house.journal.events(record.call_id)
        if isinstance(entry.event, kind)  # type: ignore[arg-type]
    ]


def told_of(house: Switchboard) -> list[str]:
    """The events of the one call, in words."""
    return [event_told(one) for one in house.events()]


async def test_an_agent_calls_out_where_the_rules_let_them(house: Switchboard) -> None:
    await house.signs_in("kari")
    house.asterisk.phone(OUT[0], answers_after=1)

    own = dials(house, "90000005")
    await own.is_talking_to(OUT[0])
    own.hangs_up()
    await asyncio.sleep(1)

    (went,) = told(house, CalledOut)
    assert (went.phone, went.number) == ("kari", "+47…005")
    assert [one.trunk for one in told(house, PhoneTaken)] == ["telia"]
    (record,) = house.records
    shown = "\n".join((*calls_table([record], UTC), *record_told(record), *told_of(house)))
    assert MOBILE not in shown
    assert "+47…005" in shown
    assert "kari called +47…005" in shown
    assert "withheld" not in shown


@pytest.mark.parametrize("who", ["a colleague", "a number"])
async def test_it_may_ring_for_longer_than_asterisk_waits_for_a_server(
    house: Switchboard, who: str
) -> None:
    await house.signs_in("kari")
    await house.signs_in("ola", answers_after=30)
    house.asterisk.phone(OUT[0], answers_after=30)

    own = dials(house, "22" if who == "a colleague" else "90000005")
    await own.is_talking_to("ola" if who == "a colleague" else OUT[0])
    own.hangs_up()
    await asyncio.sleep(1)

    assert house.records[0].ended_by == "caller"


@pytest.mark.parametrize("dialled", ["+4755301001", "+4682000000", "+4782000000", "00467000000"])
async def test_a_number_of_another_kind_is_not_called(house: Switchboard, dialled: str) -> None:
    await house.signs_in("kari")

    own = dials(house, dialled)
    await over(house, own)

    assert told(house, CalledOut) == []
    (routed,) = told(house, Routed)
    assert routed.steps[0].because.kind == "may_not_call"
    assert house.outgoing.minutes_today() == 0


async def test_an_agent_who_may_call_nobody_is_a_caller_like_others(house: Switchboard) -> None:
    await house.signs_in("ola")

    own = dials(house, MOBILE, "ola")
    await own.hears("welcome")
    own.hangs_up()
    await asyncio.sleep(1)

    assert told(house, CalledOut) == []


@pytest.mark.parametrize("dialled", ["*11", "#21#", "*", "*21*90000005#"])
async def test_a_code_where_the_rules_have_none_ends_there_and_comes_to_no_queue(
    dialled: str,
) -> None:
    rules, _ = load_rules(OWN_CALLS.partition("duty:")[0].encode(), "rules.yaml")
    async with Switchboard(rules, prompts(PROMPTS)).running() as board:
        await board.signs_in("kari")
        own = dials(board, dialled)
        await over(board, own)

        (routed,) = told(board, Routed)
        assert routed.steps[0].because.kind == "no_such_code"
        assert own.heard == []
        (record,) = board.records
        assert (record.disposition, record.hangup_cause) == ("own_call", NO_SUCH_NUMBER)


async def test_a_caller_from_a_trunk_dials_no_code_and_no_agent(house: Switchboard) -> None:
    await house.signs_in("kari")
    for dialled in ("*12", "21", "kari"):
        caller = house.asterisk.ring("+4790000001", dialled=dialled, endpoint="PJSIP/local")
        await caller.hears("welcome")
        caller.hangs_up()
        await asyncio.sleep(1)

    assert state_of(house, "kari") == (AgentState.AVAILABLE, None)


async def test_a_colleague_sees_who_calls_and_what_to_dial_to_call_back(
    house: Switchboard,
) -> None:
    await house.signs_in("kari")
    await house.signs_in("ola", answers_after=1)

    own = dials(house, "ola")
    await own.is_talking_to("ola")

    shown = [(leg.caller_name, leg.caller_number) for leg in house.asterisk.channels.values()]
    assert ("Kari", "21") in shown
    own.hangs_up()


@pytest.mark.parametrize("seconds", [0, 0.001, 0.5, 1, 1.5, 3, 50])
@pytest.mark.parametrize("dialled", ["22", "90000005", "*13"])
async def test_an_agent_who_hangs_up_at_any_moment_leaves_nothing(
    house: Switchboard, dialled: str, seconds: float
) -> None:
    await house.signs_in("kari")
    await house.signs_in("ola", answers_after=1)
    house.asterisk.phone(OUT[0], answers_after=1)

    own = dials(house, dialled)
    await asyncio.sleep(seconds)
    own.hangs_up()
    await asyncio.sleep(60)

    assert house.asterisk.leftovers() == []
    assert state_of(house, "ola") == (AgentState.AVAILABLE, None)
    assert state_of(house, "kari")[0] in {AgentState.AVAILABLE, AgentState.PAUSED}
    assert house.trunks.calls_out["telia"] == 0


@pytest.mark.parametrize("behaviour", [{}, {"busy": True}, {"gone": True}])
async def test_a_colleague_who_is_not_reached_ends_the_call_and_is_free_again(
    house: Switchboard, behaviour: dict[str, bool]
) -> None:
    await house.signs_in("kari")
    await house.signs_in("ola")
    house.asterisk.phone("PJSIP/ola", **behaviour)

    own = dials(house, "ola")
    await over(house, own)

    assert len(told(house, PhoneNotTaken)) == 1
    assert state_of(house, "ola")[0] in {AgentState.AVAILABLE, AgentState.SIGNED_OUT}
    assert house.asterisk.leftovers() == []
