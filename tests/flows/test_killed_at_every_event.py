"""A server is killed after every event of every story, and the next one goes on: nobody is lost, nothing is left.

Checkpoints are events of the journal. So the server dies when the n-th event of a call is written, for every n.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ivr.queues.agents import SILENT_REASON, AgentState
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    PhoneTaken,
    Routed,
    TalkEnded,
)
from ivr.rules.load import load_rules
from tests.flows.conftest import ASKING, CARRIER, PROMPTS, Switchboard, prompts
from tests.flows.test_hangup_at_every_await import STORIES, Story
from tests.flows.test_left_behind import as_it_is_now, crashing

ENOUGH_SECONDS = 12.0
"""Until the next server has found what there is, and the caller has heard of it."""


class Cut:
    """The journal as it is when its n-th event is written; `is_due` from then on."""

    def __init__(self, switchboard: Switchboard, number: int) -> None:
        self.count = 0
        self.is_due = asyncio.Event()
        self.journal = switchboard.journal
        self._number = number
        self._switchboard = switchboard
        self._of(switchboard.journal)

    def _of(self, journal: Any) -> None:
        tell: Callable[..., None] = journal.note
        keep: Callable[..., Any] = journal.keep

        def note(call_id: str, event: CallEvent, *, at_once: bool = False) -> None:
            tell(call_id, event, at_once=at_once)
            self._heard()

        async def kept(call_id: str, event: CallEvent) -> None:
            await keep(call_id, event)
            self._heard()

        journal.note, journal.keep = note, kept

    def _heard(self) -> None:
        self.count += 1
        if self.count == self._number:
            self.journal = as_it_is_now(self._switchboard.journal)
            del self.journal.note, self.journal.keep  # ours: the next server's are not counted
            self.is_due.set()


def build(after: Switchboard | None = None) -> Switchboard:
    """With all that the stories need."""
    rules, _ = load_rules(ASKING.encode(), "rules.yaml")
    return Switchboard(rules, prompts(PROMPTS), after=after, trunks=(CARRIER,))


def written(switchboard: Switchboard) -> list[CallEvent]:
    """All events of the one call, whether it has ended or not."""
    return [entry.event for entries in switchboard.journal._entries.values() for entry in entries]


def is_at_its_end(event: CallEvent) -> bool:
    """The rules hang up; or two talk, and the story has the other one leave in the very same moment."""
    is_over = isinstance(event, Routed) and event.to == "hangup"
    return is_over or isinstance(event, Connected | PhoneTaken | TalkEnded)


async def cut_off(story: Story, number: int) -> bool:
    """Whether the story has an n-th event; if so, the server is killed there and the next one goes on."""
    first = build()
    cut = Cut(first, number)
    async with crashing(first):
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        telling = asyncio.ensure_future(story(first, caller))
        due = asyncio.ensure_future(cut.is_due.wait())
        await asyncio.wait((telling, due), return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            await telling
        telling.cancel()
        due.cancel()
        await asyncio.wait((telling, due))
        if not cut.is_due.is_set():
            return False
    first.journal = cut.journal
    was_over = any(isinstance(event, Ended) for event in written(first))
    may_end = is_at_its_end(written(first)[-1])
    heard = len(caller.heard)
    async with build(first).running() as second:
        second.clock.at += timedelta(seconds=60)
        await asyncio.sleep(ENOUGH_SECONDS)
        at = f"{story.__name__} {number}: {[type(one).__name__ for one in written(second)]}"
        assert caller.channel is not None
        if not was_over and not caller.channel.is_gone:
            goes_on = caller.talking_to() or second.asterisk.live_recordings
            assert second.supervisor.calls == 1, at
            assert goes_on or len(caller.heard) > heard or caller.heard[-1].startswith("music:"), at
        elif not was_over:
            ends = [event for event in written(second) if isinstance(event, Ended)]
            assert may_end or ends[-1].by != "lost_while_down", at
        caller.hangs_up()
        await asyncio.sleep(60)

        at = f"{story.__name__} {number}: {[type(one).__name__ for one in written(second)]}"
        assert second.supervisor.calls == 0, at
        assert second.asterisk.leftovers() == [], at
        assert second.node.followed() == frozenset(), at
        assert second.journal.open_calls() == (), at
        kinds = [type(event) for event in written(second)]
        assert kinds.count(Ended) == kinds.count(Arrived) == 1, at
        states = {one.state for one in second.desk.agents() if one.reason != SILENT_REASON}
        assert states <= {AgentState.AVAILABLE, AgentState.SIGNED_OUT}, at
    return True


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
@pytest.mark.fault("F-06")
async def test_a_server_killed_after_any_event_is_followed_by_one_that_goes_on(
    story: Story,
) -> None:
    number = 1
    while await cut_off(story, number):
        number += 1
    assert number > 4
