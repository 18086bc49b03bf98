"""Stories of people who sit down at a phone that is not theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.ari.fake import Caller
from ivr.queues.agents import AgentState
from ivr.rules.load import load_rules
from ivr.server.pins import LOCKED_SECONDS, Pins
from tests.flows.conftest import CARRIER, NUMBERS, PROMPTS, Switchboard, prompts
from tests.flows.test_own_calls import OWN_CALLS, SPOKEN, state_of

RULES = OWN_CALLS.rstrip("\n") + "\n    star 20: sit down\n    star 21: stand up\n"
PIN = "471147"


def is_right(_: Path, agent: str, pin: str) -> bool:
    return (agent, pin) == ("kari", PIN)


async def at_once(function: object, *given: object) -> object:
    return function(*given)  # type: ignore[operator]


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Switchboard]:
    monkeypatch.setattr(asyncio, "to_thread", at_once)  # minutes would pass while a thread works
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    asked = ("agent.your_number", "agent.your_pin", "agent.wrong_pin", "agent.locked")
    switchboard = Switchboard(
        rules, prompts((*PROMPTS, *SPOKEN, *asked, *NUMBERS)), trunks=(CARRIER,)
    )
    switchboard.supervisor.pins = Pins(Path("/nowhere"), is_right)
    async with switchboard.running() as running:
        yield running


def dials(house: Switchboard, text: str, phone: str) -> Caller:
    caller: Caller = house.asterisk.ring(phone, dialled=text, endpoint=f"PJSIP/{phone}")
    return caller


async def keys(caller: Caller, number: str, pin: str, heard: str) -> None:
    await caller.hears("agent.your_number")
    caller.keys(f"{number}#")
    await caller.hears("agent.your_pin")
    caller.keys(f"{pin}#")
    await caller.hears(heard)


@pytest.mark.parametrize("phone", ["ola", "vakt"])
async def test_kari_sits_down_at_another_phone_and_callers_come_to_her_there(
    house: Switchboard, phone: str
) -> None:
    await house.signs_in("kari")
    there = await house.signs_in(phone, answers_after=1)

    caller = dials(house, "*20", phone)
    await keys(caller, "21", PIN, "agent.signed_in")
    await caller.is_hung_up()
    await asyncio.sleep(1)

    kari = next(one for one in house.desk.agents() if one.name == "kari")
    assert (kari.state, kari.phone) == (AgentState.AVAILABLE, phone)
    assert state_of(house, "ola")[0] is AgentState.SIGNED_OUT
    customer = house.asterisk.ring("+4790000001", dialled="+4755301000", endpoint="PJSIP/local")
    await customer.hears("welcome")
    customer.keys("1")
    await customer.is_talking_to(phone)
    assert there.times_rung == 1
    customer.hangs_up()
    await asyncio.sleep(60)

    caller = dials(house, "*21", phone)
    await caller.hears("agent.signed_out")
    await caller.is_hung_up()
    await asyncio.sleep(1)
    assert state_of(house, "kari")[0] is AgentState.SIGNED_OUT
    if phone == "ola":
        assert state_of(house, "ola")[0] is AgentState.AVAILABLE


@pytest.mark.parametrize("number", ["21", "77"])
async def test_three_wrong_pins_lock_the_number_for_a_minute_whoever_has_it(
    house: Switchboard, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.signs_in("ola")
    caller = dials(house, "*20", "ola")
    for heard in ("agent.wrong_pin", "agent.wrong_pin", "agent.locked"):
        await keys(caller, number, "9182736", heard)
    await caller.is_hung_up()

    caller = dials(house, "*20", "ola")
    await keys(caller, "21", PIN, "agent.locked" if number == "21" else "agent.signed_in")
    await caller.is_hung_up()
    await asyncio.sleep(LOCKED_SECONDS)
    caller = dials(house, "*20", "ola")
    await keys(caller, "21", PIN, "agent.signed_in")
    await caller.is_hung_up()

    told = [house.journal.events(record.call_id) for record in house.records]
    kept = f"{told} {capsys.readouterr()}"
    assert "9182736" not in kept
    assert PIN not in kept


@pytest.mark.parametrize("seconds", [0, 0.2, 1, 3, 6, 9])
async def test_who_hangs_up_before_the_pin_is_known_changes_nothing(
    house: Switchboard, seconds: float
) -> None:
    await house.signs_in("ola")

    caller = dials(house, "*20", "ola")
    await asyncio.sleep(seconds)
    caller.hangs_up()
    await asyncio.sleep(20)

    assert state_of(house, "ola")[0] is AgentState.AVAILABLE
    assert house.asterisk.leftovers() == []


async def test_who_keys_nothing_is_told_goodbye(house: Switchboard) -> None:
    await house.signs_in("ola")

    caller = dials(house, "*20", "ola")
    await caller.hears("goodbye")
    await caller.is_hung_up()


async def test_nobodys_phone_does_no_other_code(house: Switchboard) -> None:
    await house.signs_in("vakt")

    caller = dials(house, "*14", "vakt")
    await caller.hears("agent.no_such_code")
    await caller.is_hung_up()


@pytest.mark.parametrize(("code", "state"), [("*11", "available"), ("*21", "signed out")])
async def test_who_sat_elsewhere_comes_back_with_a_code_at_their_own_phone(
    house: Switchboard, code: str, state: str
) -> None:
    await house.signs_in("kari")
    await house.signs_in("ola")
    await keys(dials(house, "*20", "ola"), "21", PIN, "agent.signed_in")
    await asyncio.sleep(1)

    await dials(house, code, "kari").is_hung_up()
    await asyncio.sleep(1)

    seats = {one.name: one for one in house.desk.agents()}
    assert (seats["kari"].phone, seats["kari"].state.value) == ("kari", state)
    assert (seats["ola"].phone, seats["ola"].state.value) == ("ola", "available")


async def test_codes_are_those_of_who_sits_at_a_phone_and_not_of_whose_it_is(
    house: Switchboard,
) -> None:
    await house.signs_in("kari")
    await house.signs_in("ola")
    await keys(dials(house, "*20", "ola"), "21", PIN, "agent.signed_in")
    await asyncio.sleep(1)

    await dials(house, "*14", "ola").is_hung_up()
    await asyncio.sleep(1)

    assert state_of(house, "kari") == (
        AgentState.PAUSED,
        "lunch",
    )  # who sits there, and not whose it is
    assert state_of(house, "ola") == (AgentState.SIGNED_OUT, None)


@pytest.mark.parametrize("dialled", [f"*2021{PIN}", f"*20#21#{PIN}", f"*3321{PIN}"])
async def test_a_pin_that_is_dialled_behind_the_code_is_kept_nowhere(
    house: Switchboard, dialled: str
) -> None:
    await house.signs_in("ola")

    await dials(house, dialled, "ola").is_hung_up()
    await asyncio.sleep(1)

    (record,) = house.records
    kept = f"{record} {house.events()}"
    assert "21" not in record.dialled
    assert PIN[:1] not in record.dialled
    assert PIN not in kept
    assert record.dialled.startswith(dialled[:3])
