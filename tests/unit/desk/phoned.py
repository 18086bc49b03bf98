"""Calls on the real desk, for the days of `test_whole_days`: what a call's flow does, but for the sound."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, TypeAlias

from ivr.desk import (
    AgentFree,
    ClosingDue,
    Deserted,
    Desk,
    LedAway,
    Place,
    SiteFree,
    SiteGone,
    StepDue,
)
from ivr.queues.line import HeldPlace
from ivr.rules.decision import (
    Facts,
    Finished,
    NobodyLoggedIn,
    PlaceTaken,
    SiteAway,
    TakenElsewhere,
    WaitedLong,
)
from ivr.rules.model import RuleSet
from ivr.rules.visit import HangUp, Present, PromptsSaid, Say, Visit, WaitInQueue, after

NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)

Came: TypeAlias = Literal["takes", "misses", "declines", "lost", "silent", "over"]
"""How it goes on at a phone: who is named takes the call or does not, or the talk ends."""


class FromNoon:
    """A clock that begins at noon: the day does not change."""

    def __init__(self) -> None:
        self.began = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return self.at(asyncio.get_running_loop().time())

    def at(self, moment: float) -> datetime:
        return NOON + timedelta(seconds=moment - self.began)


class RealCentre(Protocol):
    """Where calls come to."""

    desk: Desk

    def present(self, call: Phoned) -> Present: ...


@dataclass
class Phoned:
    """A call on the real desk: what its flow does but for the sound."""

    name: str
    facts: Facts
    centre: RealCentre
    rules: RuleSet
    orders: asyncio.Queue[tuple[Came, str]] = field(default_factory=asyncio.Queue)
    place: Place | None = None
    held: HeldPlace = field(default_factory=HeldPlace)
    at_phone: bool = False
    is_over: bool = False
    has_old_place: bool = False

    async def run(self, queue: str) -> None:
        try:
            here = Visit(self.facts, "queue a")
            led = TakenElsewhere("a", queue, "", "")
            move = after(self.rules, here, led, self.centre.present(self))
            while not isinstance(move.act, HangUp):
                given = move.decision.given_site if move.decision else None
                if given is not None:
                    self.centre.desk.sites.give(given, (), self.name)
                match move.act:
                    case WaitInQueue() as wait:
                        happened = await self.waits(wait)
                    case Say():
                        happened = PromptsSaid()
                    case other:
                        raise AssertionError(other)
                if isinstance(happened, Finished):
                    return
                move = after(self.rules, move.visit, happened, self.centre.present(self))
        finally:
            self.is_over = True

    async def waits(  # noqa: C901, PLR0911 - a case for each
        self, wait: WaitInQueue
    ) -> (
        Finished
        | WaitedLong
        | NobodyLoggedIn
        | TakenElsewhere
        | SiteAway
        | PromptsSaid
        | PlaceTaken
    ):
        queue = wait.queue.name
        if wait.kept is not None and not wait.goes_on:
            self.has_old_place = True
            return PlaceTaken(queue, wait.kept.since)
        with self.centre.desk.place_in(wait, self.name, self.held) as place:
            self.place = place
            while True:
                match await place.next():
                    case AgentFree():
                        if await self.rings(place):
                            return Finished(queue)
                    case SiteFree():
                        if await self.rings_at_site(place):
                            return Finished(queue)
                    case StepDue(step):
                        return WaitedLong(queue, step)
                    case Deserted():
                        return NobodyLoggedIn(queue)
                    case LedAway(to, author, why):
                        return TakenElsewhere(queue, to, author, why)
                    case SiteGone():
                        return SiteAway(queue)
                    case ClosingDue() as other:
                        raise AssertionError(other)

    async def rings(self, place: Place) -> bool:
        """Until an agent has talked with the caller (True), or none is left whose phone rings."""
        while place.claimed:
            told, name = await self.orders.get()
            agent = next((one for one in place.claimed if one.name == name), None)
            match told:
                case "takes":
                    place.took(agent)
                case "misses":
                    place.missed(agent)
                case "declines":
                    place.missed(agent, is_declined=True)
                case "lost":
                    place.lost()
                case "silent":
                    place.silent()
                case "over":
                    return True
        return False

    async def rings_at_site(self, place: Place) -> bool:
        self.at_phone = True
        try:
            while True:
                told, _ = await self.orders.get()
                match told:
                    case "takes":
                        place.site_took()
                    case "misses":
                        place.site_refused()
                        return False
                    case "lost":
                        place.site_lost()
                        return False
                    case _:
                        return True
        finally:
            self.at_phone = False
