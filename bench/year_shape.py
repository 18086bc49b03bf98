"""A year of a large centre: when its calls come, and what becomes of each. The same seed gives the same year."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.records.events import (
    Answered,
    Arrived,
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    MenuTry,
    Offered,
    Queued,
    Reason,
    Routed,
    Said,
    TalkEnded,
)
from ivr.records.journal import Entry
from ivr.records.standing import Standing
from ivr.why import Chose, OpenByHours

ZONE = ZoneInfo("Europe/Oslo")
QUEUES, AGENTS = 20, 650
SITES = ("oslo", "bergen", "bodo", "skien", "partner-a", "partner-b")
SITE_SHARES = (30, 22, 12, 8, 16, 12)
BY_WEEKDAY = (1.25, 1.15, 1.05, 1.0, 0.95, 0.3, 0.15)
BY_HOUR = (1, 1, 1, 1, 1, 2, 8, 30, 80, 100, 95, 85, 75, 80, 75, 60, 45, 35, 28, 20, 14, 8, 4, 2)
AN_HOUR = {
    "available": 1_200_000,
    "offered": 60_000,
    "talking": 1_500_000,
    "wrapping_up": 600_000,
    "paused": 240_000,
}
"""Milliseconds of an hour that an agent is at what."""

CHRISTMAS = {22: 1.5, 23: 1.2, 24: 0.3, 25: 0.08, 26: 0.1, 31: 0.4}
"""Days of December, beside an Advent of half as many calls again."""


@dataclass(slots=True)
class YearShape:
    """`calls` in all, spread over `year`."""

    year: int
    calls: int
    seed: int = 1
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - no secret

    def days(self) -> Iterator[tuple[date, int]]:
        """Each day, and how many calls come."""
        first = date(self.year, 1, 1)
        days = [first + timedelta(days=n) for n in range((date(self.year + 1, 1, 1) - first).days)]
        weights = [_weight(day) for day in days]
        due = 0.0
        for day, weight in zip(days, weights, strict=True):
            due += self.calls * weight / sum(weights)
            count = round(due)
            due -= count
            yield day, count

    def arrivals(self, day: date, count: int) -> Sequence[datetime]:
        """When they come on this day (UTC), in order."""
        hours = self.chance.choices(range(24), BY_HOUR, k=count)
        return sorted(
            datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)
            + timedelta(microseconds=int(self.chance.random() * 3_600_000_000))
            for hour in hours
        )

    def agent_hours(self, day: date) -> Iterator[tuple[str, str, str, int]]:
        """Rows of `agent_hour`: two agents of three on a weekday, one of six at the weekend, eight hours each."""
        for number in range(AGENTS):
            if (number + day.toordinal()) % 3 < 2 and (day.weekday() < 5 or number % 4 == 0):
                agent, first = f"agent-{number:03}", 6 + number % 7
                for hour in range(first, first + 8):
                    for state, ms in AN_HOUR.items():
                        yield f"{day}T{hour:02}", agent, state, ms

    def duty_quarters(self, day: date) -> Iterator[tuple[str, str, str, int]]:
        """Rows of `duty_quarter`, of all queues and of all agents, from 6 to 22 UTC."""
        for queue in ("", *(f"queue-{number:02}" for number in range(QUEUES))):
            for quarter in range(6 * 4, 22 * 4):
                at = f"{day}T{quarter // 4:02}:{quarter % 4 * 15:02}"
                for state, ms in AN_HOUR.items():
                    if queue == "" or state != "paused":
                        yield queue, at, state, ms * 30

    def call(self, number: int, at: datetime) -> tuple[Entry, ...]:
        """All that happened to it, as a server writes it down."""
        chance = self.chance
        call = f"{_ulid_time(at)}{number:010}-call"
        queue = min(int(chance.expovariate(0.16)), QUEUES - 1)
        site = chance.choices(SITES, SITE_SHARES)[0]
        teller = _Teller(call, at)
        teller.tell(0.0, _arrived(call, chance, at))
        teller.tell(0.01, Answered())
        teller.tell(0.02, _to_menu(at))
        teller.tell(0.03, Said(prompts=("velkommen", "hovedmeny")))
        fate = chance.random()
        if fate < 0.03:
            teller.tell(4.0, Ended(by="caller", cause=16))
            return teller.entries
        teller.tell(6.0, MenuTry(menu="main", result="chosen", key=str(queue % 9 + 1)))
        teller.tell(6.01, _to_queue(queue, site, at))
        name = f"queue-{queue:02}"
        teller.tell(6.02, Queued(queue=name))
        if fate < 0.05:
            teller.tell(6.0 + chance.uniform(60, 90), LeftQueue(queue=name, result="overflowed"))
            name = "queue-00"
            teller.tell(teller.seconds, Queued(queue=name))
        began = teller.seconds
        if 0.05 <= fate < 0.11:
            teller.tell(
                began + chance.expovariate(1 / 55), LeftQueue(queue=name, result="abandoned")
            )
            teller.tell(teller.seconds, Ended(by="caller", cause=16))
            return teller.entries
        if fate > 0.9995:
            teller.tell(began + 9.0, LeftQueue(queue=name, result="dropped"))
            teller.tell(teller.seconds, Ended(by="lost"))
            return teller.entries
        wait = 0.2 if chance.random() < 0.35 else chance.expovariate(1 / 18)
        agent = f"agent-{(queue * 32 + chance.randrange(48)) % AGENTS:03}"
        teller.tell(began + wait, Offered(queue=name, agent=agent))
        teller.tell(
            began + wait + 3.0, Connected(queue=name, agent=agent, leg=f"{call}-leg", bridge="br")
        )
        teller.tell(teller.seconds + chance.lognormvariate(5.1, 0.7), TalkEnded(by="caller"))
        teller.tell(teller.seconds, Ended(by="caller", cause=16))
        return teller.entries


class _Teller:
    def __init__(self, call: str, at: datetime) -> None:
        self.seconds = 0.0
        self._call, self._at = call, at
        self._entries: list[Entry] = []

    def tell(self, seconds: float, event: CallEvent) -> None:
        self.seconds = seconds
        self._entries.append(
            Entry(
                call_id=self._call,
                seq=len(self._entries) + 1,
                at=self._at + timedelta(seconds=seconds),
                monotonic_ns=round(seconds * 1e9),
                event=event,
            )
        )

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)


def _weight(day: date) -> float:
    weight = BY_WEEKDAY[day.weekday()]
    if day.month == 12:
        return weight * CHRISTMAS.get(day.day, 1.5)
    return weight * (0.7 if day.month == 7 else 1.0)


def _ulid_time(at: datetime) -> str:
    return f"{int(at.timestamp() * 1000):015}"


def _arrived(call: str, chance: random.Random, at: datetime) -> Arrived:
    """Half of the calls are of a tenth of the callers."""
    caller = chance.randrange(100_000 if chance.random() < 0.5 else 1_000_000)
    return Arrived(
        dialled="+4755301000",
        caller=f"+4790{caller:06}" if chance.random() < 0.96 else None,
        call_time=at.astimezone(ZONE).isoformat(timespec="seconds"),
        revision="a" * 64,
        channel=f"{call}-leg",
        node="local",
        sip_call_id=f"{call}@carrier.example",
        trunk="carrier",
    )


_OPEN = Reason(
    because=OpenByHours(department="kunde", hours="kontor", weekday=0, start=time(8), end=time(16)),
    file="routing_rules.yaml",
    line=31,
    path="departments.kunde.hours",
)


def _to_menu(at: datetime) -> Routed:
    standing = Standing(place="menu main", at=at, language="nb")
    return Routed(to="menu main", language="nb", steps=(_OPEN, _OPEN), standing=standing)


def _to_queue(queue: int, site: str, at: datetime) -> Routed:
    chose = Reason(
        because=Chose(menu="main", to=f"department d-{queue:02}", key=str(queue % 9 + 1)),
        file="routing_rules.yaml",
        line=20 + queue,
        path=f"menus.main.options.{queue}",
    )
    place = f"queue queue-{queue:02}"
    return Routed(
        to=place,
        language="nb",
        site=site,
        department=f"d-{queue:02}",
        steps=(chose, _OPEN),
        standing=Standing(place=place, at=at, language="nb", site=site, department=f"d-{queue:02}"),
    )


def rules_text() -> bytes:
    """Rules in which these queues, agents and sites are."""
    queues = "\n".join(f"  queue-{n:02}: {{answer: 80% within 20s}}" for n in range(QUEUES))
    agents = "\n".join(
        f"  agent-{n:03}: {{phone: a{n:03}, queues: [queue-{n // 33:02}]}}" for n in range(AGENTS)
    )
    return (
        "version: 1\ntimezone: Europe/Oslo\nnumbers: {anything else: queue queue-00}\n"
        f"queues:\n{queues}\nagents:\n{agents}\n"
    ).encode()
