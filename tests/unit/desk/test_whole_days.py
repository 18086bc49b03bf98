"""Ten thousand steps of a centre's days, beside a naive centre: order, splits and states agree after each.

`IVR_WALKS=1000-1400` walks these days instead of the usual ones; the number of a day is its seed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from ivr.desk import (
    Desk,
    LedAway,
    Logbook,
    Wish,
)
from ivr.errors import ChangeRefused
from ivr.rules.decision import (
    Facts,
    KeptPlace,
    LastTalk,
    Override,
)
from ivr.rules.visit import Present
from tests.unit.desk.days_rules import (
    RULES,
    missed_of,
    naive_centre,
    people_of,
    rings_of,
    room_of,
)
from tests.unit.desk.naive import AWAY, Caller, Person
from tests.unit.desk.phoned import NOON, Came, FromNoon, Phoned

WALKS, STEPS = 25, 400
BY = Wish("lead", "")
_A_MOMENT = 1e-6
"""Seconds: longer than what the loop takes for now, shorter than anything in these days."""

_AT_SITE: tuple[Came, ...] = ("takes", "takes", "misses")
_OF_OFFERS: tuple[Came, ...] = ("takes", "takes", "misses", "declines")
_OF_TALKS: tuple[Came, ...] = ("over", "over", "over", "lost", "silent")


class Centre:
    """The real desk and the naive centre, to which the same happens."""

    def __init__(self, seed: int, group: asyncio.TaskGroup) -> None:
        self.drawn = Random(seed)
        self.rush = self.drawn.choice([1, 3, 5, 8])
        self.group = group
        self.clock = FromNoon()
        self.rules = RULES["usual"]
        self.desk = Desk(self.rules, Logbook(None, self.clock))
        self.naive = naive_centre(self.clock.began)
        self.left: tuple[str, float, float] | None = None
        self.calls: dict[str, tuple[Caller, Phoned, asyncio.Task[None]]] = {}
        self.came = 0
        self.closed: set[str] = set()
        self.done: list[str] = []

    def present(self, call: Phoned) -> Present:
        return Present(
            self.clock.now(),
            self.desk.signed_in(call.rules.queues),
            self.desk.waiting(),
            tuple(
                Override("queue", name, NOON + timedelta(days=9)) for name in sorted(self.closed)
            ),
            dues=self.desk.sites.dues(call.rules.queues, (), call.name),
            last_talk=call.facts.last_talk,
            kept_place=None if call.has_old_place else call.facts.kept_place,
            free=self.desk.free_for(call.name),
        )

    async def settled(self) -> None:
        """Until nothing more happens at this moment: a timer, however short, waits for all that is ready."""
        await asyncio.sleep(_A_MOMENT)
        self.naive.advance(asyncio.get_running_loop().time())

    async def step(self) -> None:
        """Some time passes, and one thing happens."""
        await self.time_passes()
        things: list[tuple[int, Callable[[], str]]] = [
            (self.rush, self.comes),
            (2, self.hangs_up),
            (9, self.offer_ends),
            (5, self.talk_ends),
            (3, self.phone_changes),
            (4, self.agent_wishes),
            (1, self.queue_changes),
            (2, self.wrap_up_changes),
            (1, self.closes_or_opens),
            (2, self.supervisor),
            (1, self.rules_change),
        ]
        thing = self.drawn.choices([one for _, one in things], [weight for weight, _ in things])[0]
        self.done.append(f"{self.naive.now:.2f} {thing()}")
        await self.settled()
        self.compare()

    async def only_one_moves_at_once(self) -> None:
        """Of those who would leave a site in the same instant, one stays: which is first then is nobody's promise."""
        seen: set[float] = set()
        for caller, _, task in [*self.calls.values()]:
            since = caller.away_since
            if since is not None and since in seen and caller.gone is None:
                task.cancel()
                self.naive.hangs_up(caller)
                self.done.append(
                    f"{self.naive.now:.2f} {caller.name} hangs up, for its site is away"
                )
                await self.settled()
                self.compare()
            seen |= {since} if since is not None else set()

    async def time_passes(self) -> None:
        left = self.drawn.choice([0.01, 1.0, 4.0, 12.0]) * self.drawn.uniform(0.1, 2.0)
        while left > 0:
            await self.only_one_moves_at_once()
            seconds = min(left, AWAY - 1)  # so that nobody can both lose their site and leave it
            left -= seconds
            self.naive.advance(self.naive.now + seconds)
            await asyncio.sleep(self.naive.now - asyncio.get_running_loop().time())
            await self.settled()
        self.done.append(f"{self.naive.now:.2f} time passed")
        self.compare()

    def comes(self) -> str:
        self.came += 1
        name = f"{self.came:04}-call"
        language = self.drawn.choice(["nb", "nb", "en"])
        priority = self.drawn.choice([0, 0, 0, -1, 1, 2, 3])
        last, days = (
            self.drawn.choice([None, "siri", "yngve", "odd", "nils"]),
            self.drawn.choice([1, 6, 8]),
        )
        queue, kept = self.drawn.choice("aabcdeessss"), self.left
        if kept is not None and self.drawn.random() < 0.4:
            self.left, queue = None, kept[0] if self.drawn.random() < 0.8 else queue
        else:
            kept = None
        talk = LastTalk(last, self.clock.now() - timedelta(days=days)) if last else None
        facts = Facts(
            self.clock.now(),
            None,
            language=language,
            priority=0 if priority == 3 else priority,
            first_in_line=priority == 3,
            last_talk=talk,
            kept_place=KeptPlace("", kept[0], *map(self.clock.at, kept[1:])) if kept else None,
        )
        phoned = Phoned(name, facts, self, self.rules)
        task = self.group.create_task(phoned.run(queue))
        talked = (last, self.naive.now - days * 86400.0) if last else None
        caller = Caller(name, language, priority, talked, kept)
        self.calls[name] = caller, phoned, task
        self.naive.calls(caller, queue)
        return f"{name} ({language}, {priority}, {talked}, {kept}) comes to {queue}"

    def one(
        self, fits: Callable[[Caller], bool]
    ) -> tuple[Caller, Phoned, asyncio.Task[None]] | None:
        found = [one for one in self.calls.values() if one[0].gone is None and fits(one[0])]
        return self.drawn.choice(found) if found else None

    def hangs_up(self) -> str:
        if (found := self.one(lambda _: True)) is None:
            return "nobody hangs up"
        caller, _, task = found
        task.cancel()
        if caller.is_waiting:
            self.left = caller.queue, caller.since, self.naive.now
        self.naive.hangs_up(caller)
        return f"{caller.name} hangs up"

    def offer_ends(self) -> str:
        if (found := self.one(lambda one: bool(one.rung) or one.at_phone == "rings")) is None:
            return "no phone rings"
        caller, phoned, _ = found
        if caller.at_phone:
            told = self.drawn.choice(_AT_SITE)
            phoned.orders.put_nowait((told, ""))
            if told == "takes":
                self.naive.site_takes(caller)
            else:
                self.naive.site_refuses(caller, is_lost=False)
            return f"the site's phone {told} {caller.name}"
        name = self.drawn.choice(caller.rung)
        told = self.drawn.choice(_OF_OFFERS)
        phoned.orders.put_nowait((told, name))
        if told == "takes":
            self.naive.takes(caller, name)
        else:
            self.naive.misses(caller, name, is_declined=told == "declines")
        return f"{name} {told} {caller.name}"

    def talk_ends(self) -> str:
        if (found := self.one(lambda one: not one.is_waiting)) is None:
            return "nobody talks"
        caller, phoned, _ = found
        told = self.drawn.choice(_OF_TALKS)
        if caller.at_phone and told == "silent":
            told = "over"
        phoned.orders.put_nowait((told, ""))
        if told == "over":
            self.naive.hangs_up(caller)
        elif caller.at_phone:
            self.naive.site_refuses(caller, is_lost=True)
        else:
            self.naive.is_lost(caller, is_silent=told == "silent")
        return f"the talk of {caller.name}: {told}"

    def agent(self) -> Person:
        people = [*self.naive.people.values()]
        resting = [
            one
            for one in people
            if one.state == "wrapping up" or one.reason in {"missed", "silent"}
        ]
        return self.drawn.choice(resting if resting and self.drawn.random() < 0.4 else people)

    def phone_changes(self) -> str:
        person = self.agent()
        is_there, own_call = self.drawn.random() < 0.8, self.drawn.random() < 0.25
        self.desk.phone_changed(person.name, is_reachable=is_there, is_in_own_call=own_call)
        self.naive.phone(person, is_there=is_there, own_call=own_call)
        return f"{person.name}'s phone: {is_there=} {own_call=}"

    def agent_wishes(self) -> str:
        person, wishes = self.agent(), self.desk.wishes
        if person.is_let_go:
            with pytest.raises(ChangeRefused):
                wishes.sign_in(person.name, BY)
            return f"{person.name} is not asked"
        what = self.drawn.choice(
            ["in", "in", "in", "out", "back", "back", "back", "lunch", "training"]
        )
        match what:
            case "in":
                wishes.sign_in(person.name, BY)
            case "out":
                wishes.sign_out(person.name, BY)
            case "back":
                if person.reason is None:
                    with pytest.raises(ChangeRefused):
                        wishes.resume(person.name, BY)
                    return f"{person.name} is not paused"
                wishes.resume(person.name, BY)
            case reason:
                wishes.pause(person.name, reason, BY)
        self.naive.wants(person, what)
        return f"{person.name} wants: {what}"

    def queue_changes(self) -> str:
        person, queue = self.agent(), self.drawn.choice("abcde")
        if person.is_let_go:
            return f"{person.name} serves nothing"
        is_taken = queue not in person.queues
        change = self.desk.wishes.take_queue if is_taken else self.desk.wishes.leave_queue
        change(person.name, queue, BY)
        self.naive.serves(person, queue, is_taken=is_taken)
        return f"{person.name} serves {queue}: {is_taken}"

    def wrap_up_changes(self) -> str:
        people, longer = [*self.naive.people.values()], self.drawn.random() < 0.5
        if not (resting := [one for one in people if one.state == "wrapping up"]):
            return "nobody wraps up"
        person = self.drawn.choice(resting)
        if longer:
            self.desk.wishes.longer_wrap_up(person.name, 7.0, BY)
            person.until = (person.until or 0.0) + 7.0
        else:
            self.desk.wishes.end_wrap_up(person.name, BY)
            self.naive.is_ready(person)
            self.naive.settle()
        return f"{person.name}'s wrap-up: {longer=}"

    def rules_change(self) -> str:
        name = self.drawn.choice(["usual", "full", "full", "fewer", "others"])
        self.rules = rules = RULES[name]
        self.desk.take_agents(rules)
        self.naive.rules_changed(
            people_of(rules), rings_of(rules), room_of(rules), missed_of(rules)
        )
        return f"the rules: {name}"

    def closes_or_opens(self) -> str:
        queue = self.drawn.choice("abcd")
        self.closed ^= {queue}
        self.naive.lines[queue].is_closed = queue in self.closed
        if len(self.closed) > 2:
            self.closed.clear()
            for line in self.naive.lines.values():
                line.is_closed = False
        return f"closed: {self.closed}"

    def supervisor(self) -> str:
        if (found := self.one(lambda _: True)) is None:
            return "nobody to move"
        caller, _, _ = found
        is_free = caller.is_waiting and not caller.rung and caller.at_phone is None
        if self.drawn.random() < 0.4:
            if not is_free:
                with pytest.raises(ChangeRefused):
                    self.desk.take_to_front(caller.name)
                return f"{caller.name} cannot be taken to the front"
            self.desk.take_to_front(caller.name)
            self.naive.to_front(caller)
            return f"{caller.name} to the front"
        back = [one for one in caller.waits if one != caller.queue]
        queue = self.drawn.choice(back if back and self.drawn.random() < 0.7 else [*"abcdes"])
        if not is_free or queue == caller.queue:
            with pytest.raises(ChangeRefused):
                self.desk.lead_away(caller.name, LedAway(queue, "lead", ""))
            return f"{caller.name} cannot be taken to {queue}"
        self.desk.lead_away(caller.name, LedAway(queue, "lead", ""))
        self.naive.taken_to(caller, queue)
        return f"{caller.name} taken to {queue}"

    def compare(self) -> None:
        naive = self.naive
        there = [one for one in naive.people.values() if one.state != "gone"]
        wanted = {one.name: (one.state, one.reason) for one in there}
        found = {one.name: (one.state.value, one.reason) for one in self.desk.agents()}
        assert found == wanted, self.told(found, wanted)
        for caller, phoned, task in [*self.calls.values()]:
            assert phoned.is_over is (caller.gone is not None), self.told(caller, phoned)
            if task.done():
                del self.calls[caller.name]
                with suppress(asyncio.CancelledError):
                    task.result()
        wanted_calls = {
            name: (
                one.queue,
                one.is_waiting,
                {*one.rung, *filter(None, [one.talks_with])},
                one.at_phone is not None,
                one.site,
            )
            for name, (one, _, _) in self.calls.items()
        }
        found_calls = {
            name: (
                place.queue.name,
                place.is_waiting,
                {one.name for one in place.claimed},
                phoned.at_phone,
                place.site,
            )
            for name, (_, phoned, _) in self.calls.items()
            if (place := phoned.place) is not None
        }
        assert found_calls == wanted_calls, self.told(found_calls, wanted_calls)
        for queue in naive.lines:
            order = [*naive.line(queue)]
            in_line = sorted(order, key=self.desk.number_in_line)
            assert in_line == order, self.told(queue, in_line, order)
            assert self.desk.waiting().get(queue, 0) == len(order), self.told(queue)
            staffed = len(naive.signed_in(queue)) + (queue == "s")
            assert self.desk.signed_in()[queue] == staffed, self.told(queue)
        shares = naive.shares["s"]
        had = {
            view.site: (view.had, round(view.owed * 100)) for view in self.desk.sites.shares("s")
        }
        assert had == {one: (shares.had[one], shares.owed[one]) for one in had}, self.told(
            had, shares.had, shares.owed
        )

    def told(self, *what: object) -> str:
        lines = [*self.done[-int(os.environ.get("TOLD", "25")) :], "now:", *map(str, what)]
        return "\n".join(lines)

    async def all_go(self) -> None:
        for caller, _, task in [*self.calls.values()]:
            task.cancel()
            self.naive.hangs_up(caller)
            await self.settled()
            self.compare()


def seeds() -> list[int]:
    first, _, end = os.environ.get("IVR_WALKS", f"0-{WALKS}").partition("-")
    return [*range(int(first), int(end))]


@pytest.mark.parametrize("seed", seeds())
async def test_whatever_happens_the_desk_does_as_a_naive_centre_would(seed: int) -> None:
    async with asyncio.TaskGroup() as group:
        centre = Centre(seed, group)
        for person in centre.naive.people.values():
            centre.desk.phone_changed(person.name, is_reachable=True)
            centre.naive.phone(person, is_there=True, own_call=False)
        for _ in range(STEPS):
            await centre.step()
        await centre.all_go()
