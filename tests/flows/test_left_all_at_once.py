"""Phones that rang at once for a server that was killed as one of them was taken: whose it was is known."""

from __future__ import annotations

import asyncio

import pytest

from ivr.records.events import Connected, Offered, OfferFailed
from ivr.rules.load import load_rules
from tests.flows.conftest import CARRIER, RULES, Switchboard, prompts
from tests.flows.test_left_behind import crashing

AT_ONCE = RULES.replace("ring: longest idle", "ring: all at once")


def build(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(AT_ONCE.encode(), "rules.yaml")
    return Switchboard(rules, prompts(), after=after, trunks=(CARRIER,))


@pytest.mark.parametrize("lost", [(Connected,), (Connected, OfferFailed)])
@pytest.mark.parametrize("taker", ["kari", "ola"])
async def test_the_talk_is_counted_for_who_has_it_though_it_was_not_written_down(
    taker: str, lost: tuple[type, ...]
) -> None:
    (other,) = {"kari", "ola"} - {taker}
    async with crashing(build()) as first:
        phones = {
            name: await first.signs_in(name, answers_after=2.0 if name == taker else 50.0)
            for name in ("kari", "ola")
        }
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        caller.keys("1")
        await caller.is_talking_to(taker)
    (entries,) = first.journal._entries.values()
    entries[:] = [entry for entry in entries if not isinstance(entry.event, lost)]

    async with build(first).running() as second:
        phones[other].answers_after = 1.0
        await asyncio.sleep(20)
        next_caller = second.asterisk.ring("+4790000002", dialled="+4755301000")
        await next_caller.hears("welcome")
        next_caller.keys("1")
        await next_caller.is_talking_to(other)
        assert phones[taker].times_rung == 1
        next_caller.hangs_up()
        phones[taker].hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        ended = next(one for one in second.records if str(one.caller) == "+4790000001")
        assert (ended.disposition, ended.agent, ended.ended_by) == ("answered", taker, "agent")
        told = [entry.event for entry in second.journal.events(ended.call_id)]
        assert len([one for one in told if isinstance(one, Offered)]) == 2
        failed = [one for one in told if isinstance(one, OfferFailed)]
        assert [(one.agent, one.result) for one in failed] == [(other, "other_answered")]
        assert second.asterisk.leftovers() == []
