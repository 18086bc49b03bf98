"""Whatever happens in whatever order, two agents never get one caller, nor one agent two; and nobody is stuck."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ivr.desk import Desk, Place, Wish
from ivr.desk.seat import account_of
from ivr.errors import ChangeRefused
from ivr.queues.agents import AgentState
from ivr.rules.load import load_rules
from ivr.rules.model import Agent
from ivr.rules.visit import WaitInQueue

NAMES = ("kari", "ola", "per", "siri")
RULES = load_rules(
    b"""
version: 1
languages: [nb]
numbers: {anything else: {to: queue a}}
queues:
  a: {answer: 80% within 20s, while_waiting: [{after: 1h, to: hangup}], wrap_up: 20s}
  b: {answer: 80% within 20s, while_waiting: [{after: 1h, to: hangup}], wrap_up: 0s}
agents:
  kari: {phone: kari, queues: [a]}
  ola: {phone: ola, queues: [a, b]}
  per: {phone: per, queues: [b]}
  siri: {phone: siri, queues: [a, b]}
duty: {pause_reasons: [lunch], missed: pause after 2}
""",
    "rules.yaml",
)[0]
WITHOUT_OLA = load_rules(
    b"""
version: 1
languages: [nb]
numbers: {anything else: {to: queue a}}
queues:
  a: {answer: 80% within 20s, while_waiting: [{after: 1h, to: hangup}], wrap_up: 20s}
  b: {answer: 80% within 20s, while_waiting: [{after: 1h, to: hangup}], wrap_up: 0s}
agents:
  kari: {phone: kari, queues: [a]}
  per: {phone: per, queues: [b]}
  siri: {phone: siri, queues: [a, b]}
""",
    "rules.yaml",
)[0]
BUSY = {AgentState.OFFERED, AgentState.TALKING}


def claims(place: Place) -> tuple[Agent, ...]:
    """The agents who are rung for a caller, or the one who talks."""
    found: Any = place.claimed
    return found if isinstance(found, tuple) else () if found is None else (found,)


class Bustle:
    """A desk, callers who come and go, and agents who misbehave."""

    def __init__(self, seed: int) -> None:
        self.drawn = Random(seed)
        self.desk = Desk(RULES)
        self.scopes: dict[str, AbstractContextManager[Place]] = {}
        self.places: dict[str, Place] = {}
        self.came = 0

    def step(self) -> None:
        """One thing happens."""
        self.drawn.choice(
            [
                self.caller_comes,
                self.caller_comes,
                self.caller_leaves,
                self.offer_ends,
                self.offer_ends,
                self.phone_changes,
                self.phone_changes,
                self.wish,
                self.rules_change,
                self.colleague_calls,
            ]
        )()

    def caller_comes(self) -> None:
        self.came += 1
        name = f"{self.came}-call"
        queue = RULES.queues[self.drawn.choice("ab")]
        self.scopes[name] = self.desk.place_in(WaitInQueue(queue), name)
        place = self.places[name] = self.scopes[name].__enter__()
        if len(self.places) % 8 == 1:
            estimate = place.estimate()
            assert estimate is None or 0.0 <= estimate.low_seconds <= estimate.high_seconds

    def caller_leaves(self) -> None:
        if self.places:
            name = self.drawn.choice([*self.places])
            del self.places[name]
            self.scopes.pop(name).__exit__(None, None, None)

    def offer_ends(self) -> None:
        offered = [place for place in self.places.values() if place.claimed and place.is_waiting]
        talking = [place for place in self.places.values() if not place.is_waiting]
        if offered and self.drawn.random() < 0.7:
            place = self.drawn.choice(offered)
            ends: list[Callable[[], None]] = [
                place.took,
                place.missed,
                partial(place.missed, is_declined=True),
            ]
            self.drawn.choice(ends)()
        elif talking:
            place = self.drawn.choice(talking)
            self.drawn.choice([place.lost, place.silent])()

    def phone_changes(self) -> None:
        self.desk.phone_changed(
            self.drawn.choice(NAMES),
            is_reachable=self.drawn.random() < 0.8,
            is_in_own_call=self.drawn.random() < 0.2,
        )

    def wish(self) -> None:
        name, other, wishes = self.drawn.choice(NAMES), self.drawn.choice(NAMES), self.desk.wishes
        by = Wish("anna")
        asked = [
            lambda: wishes.pause(name, "lunch", by),
            lambda: wishes.resume(name, by),
            lambda: wishes.sign_in(name, by),
            lambda: wishes.sign_out(name, by),
            lambda: wishes.take_queue(name, "b", by),
            lambda: wishes.leave_queue(name, "a", by),
            lambda: wishes.end_wrap_up(name, by),
            lambda: wishes.sit_down(name, other, by),
            lambda: wishes.stand_up(name, by),
        ]
        with suppress(ChangeRefused):
            self.drawn.choice(asked)()

    def rules_change(self) -> None:
        self.desk.take_agents(self.drawn.choice([RULES, RULES, WITHOUT_OLA]))

    def colleague_calls(self) -> None:
        colleague = RULES.agents[self.drawn.choice(NAMES)]
        with self.desk.in_call_with_colleague(colleague):
            self.look()

    def look(self) -> None:
        self.look_at_phones()
        claimed = Counter(agent.name for place in self.places.values() for agent in claims(place))
        states = {view.name: view.state for view in self.desk.agents()}
        assert all(count == 1 for count in claimed.values()), claimed
        busy = {name for name, state in states.items() if state in BUSY}
        assert busy == set(claimed), (states, claimed)
        for place in self.places.values():
            for agent in claims(place):
                wanted = AgentState.OFFERED if place.is_waiting else AgentState.TALKING
                assert states[agent.name] is wanted

    def look_at_phones(self) -> None:
        """Who sits where is found at once; here all are looked at, one by one."""
        seats = [*self.desk.wishes.seats]
        for account in NAMES:
            here = [one for one in seats if one.account == account and not one.is_leaving]
            sitters = [one for one in here if one.sits_at == account]
            # A phone at which nobody sits does codes for whose it is, who sits elsewhere.
            is_empty = all(one.account != account for one in seats)
            owners = [one for one in seats if account_of(one.own) == account and not one.is_leaving]
            away = owners if is_empty else []
            wanted = next(iter(sitters or here or away), None)
            found = self.desk.agent_at(account)
            assert found == (wanted.agent if wanted is not None else None)
        for queue, count in self.desk.signed_in().items():
            assert count == sum(queue in one.on_duty.queues and one.is_signed_in for one in seats)

    def all_leave(self) -> None:
        while self.places:
            self.caller_leaves()
            self.look()
        assert not {view.state for view in self.desk.agents()} & BUSY
        self.desk.take_agents(RULES)
        for name in NAMES:
            with suppress(ChangeRefused):
                self.desk.wishes.stand_up(name, Wish("anna"))
        for name in NAMES:
            self.desk.phone_changed(name, is_reachable=True)
            self.desk.wishes.sign_in(name, Wish("anna"))
            for undo in (self.desk.wishes.resume, self.desk.wishes.end_wrap_up):
                with suppress(ChangeRefused):
                    undo(name, Wish("anna"))
        assert {view.state for view in self.desk.agents()} == {AgentState.AVAILABLE}


@given(st.integers(0, 2**32), st.integers(10, 120))
def test_no_caller_has_two_agents_and_no_agent_two_callers_whatever_happens(
    seed: int, steps: int
) -> None:
    async def story() -> None:
        bustle = Bustle(seed)
        for _ in range(steps):
            bustle.step()
            bustle.look()
        bustle.all_leave()

    asyncio.run(story())
