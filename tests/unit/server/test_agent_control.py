"""What is answered to who tells an agent something: also what holds only later."""

from __future__ import annotations

import asyncio

import pytest

from ivr.control import AgentAsked
from ivr.desk import Desk
from ivr.errors import ChangeRefused
from ivr.rules.load import load_rules
from ivr.rules.visit import WaitInQueue
from ivr.server.agent_control import AgentControl
from tests.unit.desk.test_desk import RULES


async def told(*asked: AgentAsked) -> tuple[str, ...]:
    """The notes on the last of what is asked."""
    desk = Desk(load_rules(RULES.encode(), "rules.yaml")[0])
    desk.phone_changed("kari", is_reachable=True)
    notes: tuple[str, ...] = ()
    for one in asked:
        notes = (await AgentControl(desk).agent(one, "anna")).notes
    return notes


async def test_a_pause_of_who_is_signed_out_waits_for_them() -> None:
    notes = await told(
        AgentAsked(agent="kari", act="sign_out"), AgentAsked(agent="kari", act="pause")
    )
    assert notes == ("paused (pause) as soon as they sign in",)


async def test_a_pause_that_holds_at_once_needs_no_note() -> None:
    assert await told(AgentAsked(agent="kari", act="pause")) == ()


@pytest.mark.parametrize("phone", [None, ""])
async def test_who_is_to_sit_at_no_phone_is_asked_at_which(phone: str | None) -> None:
    with pytest.raises(ChangeRefused, match="at which phone"):
        await told(AgentAsked(agent="kari", act="sit_down", phone=phone))


async def test_who_is_paused_and_has_no_phone_gets_no_calls_when_it_is_there() -> None:
    notes = await told(AgentAsked(agent="ola", act="sign_in"), AgentAsked(agent="ola", act="pause"))
    assert notes == ("no phone is there (ola): paused (pause) when it is",)


async def test_a_wrap_up_is_made_longer_by_a_minute_where_no_time_is_given() -> None:
    rules = load_rules(RULES.encode(), "rules.yaml")[0]
    desk = Desk(rules)
    desk.phone_changed("kari", is_reachable=True)
    waits = WaitInQueue(rules.queues["kundeservice"], leaves_when_deserted=False)
    with desk.place_in(waits, "caller") as place:
        await place.next()
        place.took()

    told = await AgentControl(desk).agent(AgentAsked(agent="kari", act="longer_wrap_up"), "anna")

    assert told.state == "wrapping up"
    states = []
    for seconds in (79, 2):  # the queue's own wrap-up is 20 s
        await asyncio.sleep(seconds)
        (kari, *_) = desk.agents()
        states.append(kari.state.value)
    assert states == ["wrapping up", "available"]
