"""One server, two Asterisks: a call is dealt with at the one where it came in."""

from __future__ import annotations

import asyncio

from ivr.ari.fake import FakeAsterisk
from ivr.rules.load import load_rules
from tests.flows.conftest import RULES, Switchboard, prompts


async def test_an_agent_is_rung_from_the_node_where_the_caller_is() -> None:
    there = FakeAsterisk()
    there.where = "there"
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with Switchboard(rules, prompts(), beside=[there]).running() as board:
        await board.signs_in("kari", answers_after=1)
        there.phone("PJSIP/kari", answers_after=1)
        caller = there.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        caller.keys("1")
        await caller.is_talking_to("kari")
        caller.hangs_up()
        await asyncio.sleep(60)

        (record,) = board.records
        assert (record.node, record.agent, record.ended_by) == ("there", "kari", "caller")
        assert there.leftovers() == board.asterisk.leftovers() == []
        assert [node.followed() for node in board.nodes] == [frozenset(), frozenset()]


async def test_one_node_that_goes_down_takes_the_calls_of_no_other_along() -> None:
    there = FakeAsterisk()
    there.where = "there"
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with Switchboard(rules, prompts(), beside=[there]).running() as board:
        await board.signs_in("kari", answers_after=1)
        lost = there.ring("+4790000001", dialled="+4755301000")
        kept = board.asterisk.ring("+4790000002", dialled="+4755301000")
        await lost.hears("welcome")
        there.restart()
        kept.keys("1")
        await kept.is_talking_to("kari")
        kept.hangs_up()
        await asyncio.sleep(60)

        assert {(one.node, one.ended_by) for one in board.records} == {
            ("there", "link_lost"),
            ("memory", "caller"),
        }
