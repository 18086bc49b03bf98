"""Stories of agents whose phone is in a call that no desk offered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ivr.ari.fake import Caller
from ivr.queues.agents import AgentState
from ivr.records.events import Offered


def state_of(switchboard: Any, name: str) -> AgentState:
    states: dict[str, AgentState] = {view.name: view.state for view in switchboard.desk.agents()}
    return states[name]


async def calls_customer_service(switchboard: Any, endpoint: str = "PJSIP/local") -> Caller:
    caller: Caller = switchboard.asterisk.ring(
        "+4790000001" if endpoint == "PJSIP/local" else endpoint.partition("/")[2],
        dialled="+4755301000",
        endpoint=endpoint,
    )
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(1)
    return caller


async def test_an_agent_in_a_call_of_their_own_is_not_rung_until_it_has_ended(
    switchboard: Any,
) -> None:
    kari = await switchboard.signs_in("kari", answers_after=1)
    own = switchboard.asterisk.ring("kari", dialled="+4755301000", endpoint="PJSIP/kari")
    await own.hears("welcome")
    assert state_of(switchboard, "kari") is AgentState.IN_OWN_CALL

    caller = await calls_customer_service(switchboard)
    await asyncio.sleep(30)
    assert kari.times_rung == 0
    own.hangs_up()

    await caller.is_talking_to("kari")
    caller.hangs_up()


async def test_an_agent_who_calls_the_own_queue_is_not_offered_to_themselves(
    switchboard: Any,
) -> None:
    kari = await switchboard.signs_in("kari", answers_after=1)
    await switchboard.signs_in("ola", answers_after=5)

    own = await calls_customer_service(switchboard, "PJSIP/kari")

    await own.is_talking_to("ola")
    assert kari.times_rung == 0
    own.hangs_up()


async def test_an_agent_who_calls_is_shown_by_name(switchboard: Any) -> None:
    await switchboard.signs_in("kari")
    ola = await switchboard.signs_in("ola", answers_after=1)

    own = await calls_customer_service(switchboard, "PJSIP/kari")
    await own.is_talking_to("ola")

    assert (ola.channel.caller_name, ola.channel.caller_number) == ("Kari", "kari")
    own.hangs_up()


@pytest.mark.parametrize("second", [True, False])
async def test_two_calls_of_one_phone_are_two(switchboard: Any, second: bool) -> None:
    await switchboard.signs_in("kari")
    calls = [
        switchboard.asterisk.ring("kari", dialled="+4755301000", endpoint="PJSIP/kari")
        for _ in range(2)
    ]
    await asyncio.sleep(1)
    calls[second].hangs_up()
    await asyncio.sleep(1)
    assert state_of(switchboard, "kari") is AgentState.IN_OWN_CALL
    calls[not second].hangs_up()
    await asyncio.sleep(1)

    assert state_of(switchboard, "kari") is AgentState.AVAILABLE


async def test_a_phone_that_goes_in_its_own_call_and_comes_back_is_still_in_it(
    switchboard: Any,
) -> None:
    kari = await switchboard.signs_in("kari")
    own = switchboard.asterisk.ring("kari", dialled="+4755301000", endpoint="PJSIP/kari")
    await asyncio.sleep(1)
    kari.unregisters()
    await asyncio.sleep(1)
    assert state_of(switchboard, "kari") is AgentState.SIGNED_OUT
    kari.registers()
    await asyncio.sleep(1)
    assert state_of(switchboard, "kari") is AgentState.IN_OWN_CALL
    own.hangs_up()
    await asyncio.sleep(1)

    assert state_of(switchboard, "kari") is AgentState.AVAILABLE


async def test_an_agent_who_talks_and_begins_another_call_is_followed_through_both(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = await calls_customer_service(switchboard)
    await caller.is_talking_to("kari")
    own = switchboard.asterisk.ring("kari", dialled="+4755301000", endpoint="PJSIP/kari")
    await asyncio.sleep(1)
    assert state_of(switchboard, "kari") is AgentState.TALKING
    caller.hangs_up()
    await asyncio.sleep(30)
    assert state_of(switchboard, "kari") is AgentState.IN_OWN_CALL
    own.hangs_up()
    await asyncio.sleep(1)

    assert state_of(switchboard, "kari") is AgentState.AVAILABLE


async def test_a_link_that_drops_and_comes_back_knows_the_calls_of_phones(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari")
    own = switchboard.asterisk.ring("kari", dialled="+4755301000", endpoint="PJSIP/kari")
    gone = switchboard.asterisk.ring("ola", dialled="+4755301000", endpoint="PJSIP/ola")
    await switchboard.signs_in("ola")
    await own.hears("welcome")
    own.keys("3")  # a message is recorded, and nothing asked of Asterisk meanwhile
    await asyncio.sleep(8)
    switchboard.asterisk.lose_link()
    gone.hangs_up()
    await asyncio.sleep(3)
    switchboard.asterisk.restore_link()
    await asyncio.sleep(5)

    assert state_of(switchboard, "kari") is AgentState.IN_OWN_CALL
    assert state_of(switchboard, "ola") is AgentState.AVAILABLE
    own.hangs_up()


async def test_the_talk_that_an_agent_was_offered_is_no_call_of_their_own(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = await calls_customer_service(switchboard)
    await caller.is_talking_to("kari")
    await asyncio.sleep(1)
    switchboard.asterisk.lose_link()
    await asyncio.sleep(1)
    switchboard.asterisk.restore_link()
    await asyncio.sleep(5)

    assert state_of(switchboard, "kari") is AgentState.TALKING
    assert len(switchboard.asterisk.phones) == 1
    caller.hangs_up()
    await asyncio.sleep(30)
    assert state_of(switchboard, "kari") is AgentState.AVAILABLE
    assert len(switchboard.events(Offered)) == 1
