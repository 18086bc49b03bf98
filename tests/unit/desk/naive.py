"""A call centre as one would tell of it: plain lists, all looked at anew whenever anything happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tests.unit.desk.naive_shares import Shares

MISSED_PEACE, AWAY, AGAIN = 10.0, 5.0, 30.0
FRONT = 1_000_000

Step: TypeAlias = tuple[float, Literal["to", "also"], str]


@dataclass
class Line:
    """A queue of the rules. `full` and `nobody` are where callers go then; `steps` are (seconds, where or whom too)."""

    name: str
    ring: str
    wrap_up: float
    skills: dict[str, int] = field(default_factory=dict)
    widen: float | None = 30.0
    at_most: int | None = None
    full: str | None = None
    nobody: str | None = None
    steps: tuple[Step, ...] = ()
    shares: dict[str, int] = field(default_factory=dict)
    owed_at_most: int = 3
    last_agent: float | None = None
    keeps_place: float = 0.0
    is_closed: bool = False
    last_rung: str | None = None
    last_order: int = -1


@dataclass
class Person:
    """An agent. `does` is what keeps them busy, `until` when a wrap-up or a missed call's peace is over.

    `by_rules` are the queues that the rules give them; `taken` and `left` is what they made of it themselves.
    `is_let_go`: the rules have them no more. Who has a caller then is there until that is over.
    """

    name: str
    order: int
    by_rules: list[str]
    languages: set[str]
    skills: dict[str, int]
    site: str | None
    taken: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    is_let_go: bool = False
    wants_in: bool = True
    reason: str | None = None
    has_phone: bool = False
    own_call: bool = False
    does: Literal["offered", "talking", "wrapping up"] | None = None
    until: float | None = None
    free_since: float | None = None
    missed_in_a_row: int = 0
    talks: int = 0

    @property
    def queues(self) -> set[str]:
        return ({*self.by_rules} | self.taken) - self.left

    @property
    def has_a_caller(self) -> bool:
        return self.does in {"offered", "talking"}

    @property
    def state(self) -> str:
        if self.is_let_go and not self.has_a_caller:
            return "gone"
        if self.does is not None:
            return self.does
        if not (self.wants_in and self.has_phone):
            return "signed out"
        if self.reason is not None:
            return "paused"
        return "in a call of their own" if self.own_call else "available"


@dataclass
class Caller:
    """Somebody who calls. `waits` has since when, and how many steps were taken, for each queue that they were in.

    `kept` is the place that they left in an earlier call: the queue, since when they had waited, and when they left it.
    `counted_from` is when the place was taken, or an agent was lost; steps come later by what is `behind`.
    """

    name: str
    language: str
    priority: int
    last_talk: tuple[str, float] | None
    kept: tuple[str, float, float] | None = None
    queue: str = ""
    waits: dict[str, tuple[float, int]] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    missed_by: set[str] = field(default_factory=set)
    is_at_front: bool = False
    rung: list[str] = field(default_factory=list)
    talks_with: str | None = None
    at_phone: Literal["rings", "talks"] | None = None
    refused: dict[str, float] = field(default_factory=dict)
    away_since: float | None = None
    was_missed: bool = False
    counted_from: float = 0.0
    behind: float = 0.0
    gone: str | None = None

    @property
    def since(self) -> float:
        return self.waits[self.queue][0]

    @property
    def is_waiting(self) -> bool:
        return self.talks_with is None and self.at_phone != "talks"

    @property
    def site(self) -> str | None:
        return self.sites.get(self.queue)

    @property
    def rank(self) -> tuple[int, float, str]:
        return (-FRONT if self.is_at_front else -self.priority, round(self.since, 3), self.name)


def most_asked(line: Line) -> int:
    """How many times less can be asked for; at last the language does not matter either."""
    return max(line.skills.values(), default=0) + 1


class NaiveCentre:
    """All of it. `callers` are in the order in which they took their present places."""

    def __init__(
        self,
        lines: list[Line],
        people: list[Person],
        phone_sites: set[str],
        room: dict[str, int],
        now: float,
    ) -> None:
        self.now = now
        self.lines = {one.name: one for one in lines}
        self.people = {one.name: one for one in people}
        self.callers: list[Caller] = []
        self.phone_sites = phone_sites
        self.room = room
        self.missed_at_most = 2
        self.shares = {
            one.name: Shares(one.shares, one.owed_at_most) for one in lines if one.shares
        }

    # What is so

    def signed_in(self, queue: str) -> list[Person]:
        return [
            one
            for one in self.people.values()
            if queue in one.queues and one.state != "signed out" and not one.is_let_go
        ]

    def has_room(self, site: str | None) -> bool:
        """Whether the site takes one more call; those that ring count too, at agents and at its phone."""
        at_agents = sum(1 for one in self.people.values() if one.site == site and one.has_a_caller)
        at_phone = sum(1 for one in self.callers if one.at_phone and one.site == site)
        return site not in self.room or at_agents + at_phone < self.room[site]

    def queues_of(self, caller: Caller, queue: str) -> list[str]:
        steps = self.lines[queue].steps[: caller.waits.get(queue, (0.0, 0))[1]]
        return [queue, *(name for _, how, name in steps if how == "also")]

    def here(self, caller: Caller, queue: str) -> list[str]:
        there = {one.site for one in self.signed_in(queue)} | self.phone_sites
        return [
            site
            for site in self.lines[queue].shares
            if site in there and self.has_room(site) and self.now >= caller.refused.get(site, 0.0)
        ]

    def line(self, queue: str) -> list[str]:
        """Who waits there, in order."""
        there = [one for one in self.callers if one.queue == queue and one.is_waiting]
        return [one.name for one in sorted(there, key=lambda one: one.rank)]

    def may_take(
        self, person: Person, caller: Caller, queue: str, site: str | None, less: int
    ) -> bool:
        line = self.lines[queue]
        mine = queue in person.queues
        if not mine and not set(self.queues_of(caller, queue)) & set(person.queues):
            return False
        if mine and line.shares and person.site != site:
            return False
        if any(person.skills.get(skill, 0) < level - less for skill, level in line.skills.items()):
            return False
        return caller.language in person.languages or less >= most_asked(line)

    def asked_less(self, caller: Caller, queue: str, site: str | None) -> int:
        """How much less than the best is asked for by now, or because nobody better is there."""
        line = self.lines[queue]
        if line.widen is None:
            return 0
        waited = self.now - caller.waits[queue][0] if queue in caller.waits else 0.0
        there = [one for name in self.queues_of(caller, queue) for one in self.signed_in(name)]
        least = 0
        while least < most_asked(line) and not any(
            self.may_take(one, caller, queue, site, least) for one in there
        ):
            least += 1
        return max(least, int(waited / line.widen + 1e-9))

    def near(self, caller: Caller, queue: str, site: str | None) -> list[Person]:
        less = self.asked_less(caller, queue, site)
        return [
            one
            for one in self.people.values()
            if one.state == "available"
            and self.has_room(one.site)
            and self.may_take(one, caller, queue, site, less)
        ]

    # What follows of itself

    def settle(self) -> None:
        """Until nothing more follows: for each caller in turn, whatever follows for them."""
        self.match()
        more = True
        while more:
            more = False
            for one in sorted(self.callers, key=lambda one: one.rank):
                while one.gone is None and self.follows(one):
                    more = True

    def match(self) -> None:
        """The first in rank who can be served is, until nobody can."""
        while True:
            waiting = [one for one in self.callers if self.wants_agent(one)]
            for caller in sorted(waiting, key=lambda one: one.rank):
                if near := self.near(caller, caller.queue, caller.site):
                    self.ring(caller, near)
                    break
            else:
                return

    def wants_agent(self, caller: Caller) -> bool:
        if caller.was_missed and self.has_step(caller) and self.step_at(caller) <= self.now:
            return False  # where nobody answers, a step has its turn
        is_unserved = caller.is_waiting and not caller.rung and caller.at_phone is None
        return is_unserved and caller.site not in self.phone_sites

    def first_agent(self, caller: Caller, line: Line) -> str | None:
        """Who talked with the caller last, and not so long ago that it counts no more."""
        if caller.last_talk is None or line.last_agent is None:
            return None
        name, at = caller.last_talk
        return name if self.now - at <= line.last_agent else None

    def ring(self, caller: Caller, near: list[Person]) -> None:
        line = self.lines[caller.queue]
        first = self.first_agent(caller, line)
        rung = self.people.get(line.last_rung or "")
        last = rung.order if rung is not None and not rung.is_let_go else line.last_order

        def is_first(person: Person) -> bool:
            is_known = person.name == first and caller.queue in person.queues
            return is_known and person.name not in caller.missed_by

        def turn(person: Person) -> tuple[object, ...]:
            lacks = sum(max(0, lv - person.skills.get(sk, 0)) for sk, lv in line.skills.items())
            lacks += 0 if caller.language in person.languages else 1000
            ways = {
                "fewest calls": person.talks,
                "round robin": person.order + (0 if person.order > last else 1000),
                "in order": person.order,
            }
            return (
                not is_first(person),
                caller.queue not in person.queues,
                person.name in caller.missed_by,
                lacks,
                ways.get(line.ring, person.free_since),
                person.free_since,
                person.name,
            )

        in_turn = sorted(near, key=turn)
        if line.ring != "all at once":
            in_turn = in_turn[:1]
            line.last_rung, line.last_order = in_turn[0].name, in_turn[0].order
        elif is_first(in_turn[0]):
            in_turn = in_turn[:1]
        for one in in_turn:
            if self.has_room(one.site):
                one.does, one.free_since = "offered", None
                caller.rung.append(one.name)
        caller.away_since = None

    def follows(self, caller: Caller) -> bool:
        """What happens next to a caller for whom nothing rings."""
        if not caller.is_waiting or caller.rung or caller.at_phone is not None:
            return False
        line = self.lines[caller.queue]
        since, taken = caller.waits[caller.queue]
        if self.has_step(caller) and self.step_at(caller) <= self.now:
            _, how, name = line.steps[taken]
            caller.waits[caller.queue] = (since, taken + 1)
            if how == "also":
                self.place(caller, caller.queue, is_same=True)
            else:
                self.come(caller, name)
            return True
        queues = self.queues_of(caller, caller.queue)
        if line.nobody and not any(self.signed_in(name) for name in queues):
            self.come(caller, line.nobody)
            return True
        if line.shares:
            here = self.here(caller, caller.queue)
            if here and caller.site not in here:
                has_refused = caller.refused.get(caller.site or "", 0.0) > self.now
                caller.away_since = self.now if caller.away_since is None else caller.away_since
                if caller.site is None or has_refused or self.now >= caller.away_since + AWAY:
                    self.give(caller, caller.queue)
                    self.place(caller, caller.queue, is_same=True)
                    return True
            else:
                caller.away_since = None
            if caller.site in self.phone_sites and caller.site in here:
                caller.at_phone = "rings"
                return True
        return False

    def step_at(self, caller: Caller) -> float:
        since, taken = caller.waits[caller.queue]
        return since + self.lines[caller.queue].steps[taken][0] + caller.behind

    def next_moment(self) -> float:
        """When something falls due by itself."""
        times = [one.until for one in self.people.values() if one.until is not None]
        for caller in self.callers:
            if not caller.is_waiting or caller.rung or caller.at_phone is not None:
                continue
            if self.has_step(caller):
                times.append(self.step_at(caller))
            times += [since + AWAY for since in [caller.away_since] if since is not None]
            times += caller.refused.values()
            times += self.widenings(caller)
        return min((time for time in times if time > self.now), default=float("inf"))

    def widenings(self, caller: Caller) -> list[float]:
        line = self.lines[caller.queue]
        if line.widen is None:
            return []
        return [caller.since + line.widen * (n + 1) for n in range(most_asked(line))]

    def advance(self, to: float) -> None:
        while (moment := self.next_moment()) <= to:
            self.now = moment
            for one in self.people.values():
                if one.until is not None and one.until <= self.now:
                    self.is_ready(one)
            self.settle()
        self.now = to

    # Callers

    def to_front(self, caller: Caller) -> None:
        caller.is_at_front = True
        self.settle()

    def taken_to(self, caller: Caller, queue: str) -> None:
        self.come(caller, queue)
        self.settle()

    def calls(self, caller: Caller, queue: str) -> None:
        self.come(caller, queue)
        self.settle()

    def come(self, caller: Caller, to: str) -> None:
        """To a queue, or on from it to where it leads."""
        self.leave(caller)
        while to in self.lines:
            line = self.lines[to]
            is_staffed = any(self.signed_in(one) for one in self.queues_of(caller, to))
            is_full = line.at_most is not None and len(self.line(to)) >= line.at_most
            if line.is_closed:
                to = line.nobody or "hangup"
            elif is_full and not self.near(caller, to, None):
                to = line.full or "hangup"
            elif not is_staffed and line.nobody:
                to = line.nobody
            else:
                if line.shares:
                    self.give(caller, to)
                if to not in caller.waits and (since := self.kept_since(caller, line)) is not None:
                    caller.kept, caller.waits[to] = None, (since, 0)
                    continue  # now they come as one who has waited so long
                self.place(caller, to)
                return
        caller.gone = to

    def kept_since(self, caller: Caller, line: Line) -> float | None:
        """Since when the caller waits who has the place again that they left in this line."""
        if caller.kept is None or caller.kept[0] != line.name:
            return None
        _, since, left_at = caller.kept
        return since if self.now - left_at <= line.keeps_place else None

    def give(self, caller: Caller, queue: str) -> None:
        here, before = self.here(caller, queue), caller.sites.get(queue)
        if before is not None and before in here:
            return
        shares = self.shares[queue]
        site = shares.next(here) if before is None else shares.move(before, here)
        if site is not None:
            caller.sites[queue] = site

    def place(self, caller: Caller, queue: str, *, is_same: bool = False) -> None:
        if caller in self.callers:
            self.callers.remove(caller)
        self.callers.append(caller)
        caller.queue = queue
        caller.waits.setdefault(queue, (self.now, 0))
        caller.counted_from, caller.away_since, caller.was_missed = self.now, None, False
        if not is_same:
            caller.missed_by, caller.is_at_front, caller.behind = set(), False, 0.0
        self.match()

    def leave(self, caller: Caller) -> None:
        """The place, and whatever rings for it or talks."""
        if caller in self.callers:
            self.callers.remove(caller)
        wrap_up = self.lines[caller.queue].wrap_up if caller.queue else 0.0
        rung, talks_with = caller.rung, caller.talks_with
        caller.rung, caller.talks_with, caller.at_phone = [], None, None
        for name in rung:
            self.rests(self.people[name])
        if talks_with is not None:
            self.wraps_up(self.people[talks_with], wrap_up)
        self.match()

    def hangs_up(self, caller: Caller) -> None:
        self.leave(caller)
        caller.gone = "hung up"
        self.settle()

    def takes(self, caller: Caller, name: str) -> None:
        person = self.people[name]
        person.does, person.missed_in_a_row = "talking", 0
        person.talks += 1
        others = [one for one in caller.rung if one != name]
        caller.rung, caller.talks_with = [], name
        for other in others:
            self.rests(self.people[other])
        self.settle()

    def misses(self, caller: Caller, name: str, *, is_declined: bool) -> None:
        person = self.people[name]
        caller.rung.remove(name)
        caller.missed_by.add(name)
        caller.was_missed = True
        person.missed_in_a_row += not is_declined
        person.reason = person.reason or "missed"
        is_in_peace = is_declined or person.missed_in_a_row < self.missed_at_most
        person.until = self.now + MISSED_PEACE if is_in_peace else None
        self.rests(person)
        self.settle()

    def waits_again(self, caller: Caller) -> None:
        """Before everybody; and since the place was taken, nothing counts for the steps."""
        caller.is_at_front = True
        caller.behind += self.now - caller.counted_from
        caller.counted_from = self.now

    def is_lost(self, caller: Caller, *, is_silent: bool) -> None:
        """The agent's phone vanished in the talk, or no sound came from it."""
        person = self.people[caller.talks_with or ""]
        caller.talks_with = None
        self.waits_again(caller)
        if is_silent:
            caller.missed_by.add(person.name)
            person.reason = person.reason or "silent"
            self.rests(person)
        else:
            wrap_up = self.lines[caller.queue].wrap_up
            self.wraps_up(person, max(wrap_up, MISSED_PEACE))
        self.settle()

    # People

    def rests(self, person: Person) -> None:
        """Not busy any more."""
        person.does = None
        self.looked_at(person)

    def looked_at(self, person: Person) -> None:
        """Since when somebody is free is since they last became so."""
        if person.state != "available":
            person.free_since = None
        elif person.free_since is None:
            person.free_since = self.now
        if person.does != "wrapping up" and person.reason != "missed":
            person.until = None

    def wraps_up(self, person: Person, seconds: float) -> None:
        person.does, person.until = "wrapping up", self.now + seconds
        if not seconds:
            self.is_ready(person)

    def is_ready(self, person: Person) -> None:
        person.until = None
        if person.reason == "missed":
            person.reason = None
        if person.does == "wrapping up":
            person.does = None
        self.looked_at(person)

    def phone(self, person: Person, *, is_there: bool, own_call: bool) -> None:
        if person.has_phone and not is_there and person.state != "gone":
            if person.reason == "silent" or (
                person.reason == "missed" and person.until is not None
            ):
                person.reason = None
            if person.does == "wrapping up":
                person.does = None
        person.has_phone, person.own_call = is_there, own_call
        self.looked_at(person)
        self.settle()

    def wants(self, person: Person, what: str) -> None:
        match what:
            case "in":
                person.wants_in = True
            case "out":
                person.wants_in, person.reason, person.missed_in_a_row = False, None, 0
            case "back":
                person.reason, person.missed_in_a_row = None, 0
            case reason:
                person.reason = reason
        if person.does == "wrapping up" and what not in {"in", "back"}:
            person.does = None
        self.looked_at(person)
        self.settle()

    def serves(self, person: Person, queue: str, *, is_taken: bool) -> None:
        if is_taken:
            person.left.discard(queue)
            person.taken |= {queue} - {*person.by_rules}
        else:
            person.taken.discard(queue)
            person.left |= {queue} & {*person.by_rules}
        self.settle()

    def rules_changed(
        self, people: list[Person], rings: dict[str, str], room: dict[str, int], missed: int
    ) -> None:
        """Agents as other rules have them. Who is not in these is let go; who comes back finds all as it was left."""
        self.missed_at_most, self.room = missed, room
        for name, ring in rings.items():
            self.lines[name].ring = ring
        had_gone = {one.name for one in self.people.values() if one.state == "gone"}
        for person in self.people.values():
            person.is_let_go = True
        for one in people:
            person = self.people.setdefault(one.name, one)
            person.order, person.by_rules, person.site = one.order, one.by_rules, one.site
            person.languages, person.skills, person.is_let_go = one.languages, one.skills, False
            if one.name in had_gone:
                person.missed_in_a_row = 0
        for person in self.people.values():
            self.looked_at(person)
        self.settle()

    # Sites whose calls a phone takes

    def site_takes(self, caller: Caller) -> None:
        caller.at_phone = "talks"

    def site_refuses(self, caller: Caller, *, is_lost: bool) -> None:
        caller.at_phone = None
        caller.refused[caller.site or ""] = self.now + AGAIN
        if is_lost:
            self.waits_again(caller)
        self.settle()

    def has_step(self, caller: Caller) -> bool:
        steps, taken = self.lines[caller.queue].steps, caller.waits[caller.queue][1]
        return taken < len(steps) and not (taken and steps[taken - 1][1] == "to")
