"""Stories of a queue that is split, while sites are closed by hand and rules are changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.ari.fake import Caller
from ivr.server.present import Gatherer
from ivr.store.memory_ledger import MemoryLedger
from tests.flows.live import LiveSwitchboard

SPLIT = """
version: 1
languages: [nb]
numbers: {anything else: queue national}
sites: {oslo: {name: Oslo}, bergen: {name: Bergen}}
queues:
  national: {answer: 80% within 20s, split: {oslo: 50%, bergen: 50%}, while_waiting: [{after: 5m, to: hangup}]}
agents:
  kari: {phone: kari, site: oslo, queues: [national]}
  ola: {phone: ola, site: bergen, queues: [national]}
"""


@pytest.fixture
async def split(tmp_path: Path) -> AsyncIterator[LiveSwitchboard]:
    async with LiveSwitchboard(tmp_path, MemoryLedger(), SPLIT).running() as running:
        yield running
        await asyncio.sleep(60)
        assert running.supervisor.calls == 0


async def decisions_of(live: LiveSwitchboard, caller: Caller) -> int:
    """How often it was decided where the call goes, once it is over."""
    caller.hangs_up()
    await asyncio.sleep(5)
    return len(live.records[0].decisions)


async def test_who_waits_while_the_only_site_is_closed_by_hand_is_served_when_it_opens(
    split: LiveSwitchboard,
) -> None:
    await split.signs_in("ola", answers_after=1)
    await split.closes("bergen", "12:00")
    caller = split.asterisk.ring("+4790000001", dialled="+4755301000")

    await asyncio.sleep(30)
    assert caller.talking_to() == set()
    await split.opens("bergen")

    await caller.is_talking_to("ola")
    assert await decisions_of(split, caller) == 2


async def test_who_waits_is_served_when_the_closing_ends_by_itself(split: LiveSwitchboard) -> None:
    await split.signs_in("ola", answers_after=1)
    await split.closes("bergen", "10:01")
    caller = split.asterisk.ring("+4790000001", dialled="+4755301000")

    await caller.is_talking_to("ola")

    assert await decisions_of(split, caller) == 2


async def test_a_site_that_is_closed_under_its_callers_leaves_them_to_another(
    split: LiveSwitchboard,
) -> None:
    ola = await split.signs_in("ola", answers_after=600)
    first = split.asterisk.ring("+4790000001", dialled="+4755301000")
    await ola.rings()
    caller = split.asterisk.ring("+4790000002", dialled="+4755301000")
    await asyncio.sleep(2)
    await split.closes("bergen", "12:00")
    await split.signs_in("kari", answers_after=1)

    await caller.is_talking_to("kari")

    for one in (first, caller):
        one.hangs_up()


@pytest.mark.parametrize(
    "rules",
    [
        SPLIT.replace("split: {oslo: 50%, bergen: 50%}, ", ""),
        SPLIT.replace("split: {oslo: 50%, bergen: 50%}", "split: {oslo: 100%}"),
    ],
)
@pytest.mark.parametrize("first", [None, "ola"])
async def test_who_waits_is_served_though_other_rules_share_calls_otherwise(
    split: LiveSwitchboard, rules: str, first: str | None
) -> None:
    gone = await split.signs_in(first, answers_after=600) if first else None
    caller = split.asterisk.ring("+4790000001", dialled="+4755301000")
    await asyncio.sleep(2)
    if gone is not None:
        gone.unregisters()
    await split.applies(rules)
    await split.signs_in("kari", answers_after=1)

    await caller.is_talking_to("kari")

    assert await decisions_of(split, caller) <= 2


async def test_a_site_that_is_closed_by_hand_is_shown_as_one_that_takes_no_calls(
    split: LiveSwitchboard,
) -> None:
    for name in ("kari", "ola"):
        await split.signs_in(name)
    rules, closed = split.rulebook.present.rules, split.overrides
    gatherer = Gatherer(
        split.desk, split.under_way, lambda: rules, split.clock, lambda: closed.present
    )

    await split.closes("bergen", "12:00")

    (queue,) = gatherer.present().queues
    assert {share.site: share.here for share in queue.shares} == {"oslo": True, "bergen": False}
