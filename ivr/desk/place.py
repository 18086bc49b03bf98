"""A caller's place in a queue, as the flow sees it: what happens next to one who waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Protocol, TypeAlias

from ivr.desk.happenings import (
    AgentFree,
    ClosingDue,
    Deserted,
    Happening,
    LedAway,
    SiteFree,
    SiteGone,
    StepDue,
)
from ivr.desk.sites import Sites
from ivr.queues.estimate import ExpectedWait, WaitEstimate
from ivr.queues.line import HeldPlace
from ivr.queues.offers import CallerRank, WaitingCaller
from ivr.rules.model import FIRST_IN_LINE, Agent, Phone, Queue
from ivr.rules.visit import WaitInQueue

AWAY_SECONDS = 5.0
"""A site that is away for less keeps the calls that wait for it: a phone that registers anew is gone for a moment."""

_SOON_SECONDS = 0.001
"""A timer may go off a little early."""

_SINCE_DIGITS = 3
"""Of seconds: callers who came in one instant are in the order of their ids, whatever the last digits of clocks say."""

BEFORE_ALL = FIRST_IN_LINE + 1
"""The priority of who had an agent, and lost them by no fault of their own."""


class WaitsForeseen(Protocol):
    """Who knows how long a caller waits, and whether that may be told."""

    def of(self, place: Place) -> WaitEstimate | None: ...

    def are_to_be_told(self, queue: Queue) -> bool: ...


class Claims(Protocol):
    """What a place may ask of its desk."""

    sites: Sites

    @property
    def estimates(self) -> WaitsForeseen: ...

    def is_deserted(self, queues: Iterable[str]) -> bool: ...

    def phone_for(self, place: Place) -> Phone | None: ...

    def line_over(self, place: Place, *, refused: bool) -> None: ...

    def number_in_line(self, call_id: str) -> int: ...

    def taken(self, agent: Agent, call_id: str) -> None: ...

    def withdrawn(self, agent: Agent, call_id: str) -> None: ...

    def missed(self, place: Place, agent: Agent, *, is_declined: bool) -> None: ...

    def lost(self, place: Place, agent: Agent) -> None: ...

    def silent(self, place: Place, agent: Agent) -> None: ...

    def widen(self, place: Place) -> None: ...


ClosedSites: TypeAlias = Callable[[], Collection[str]]
"""The sites that are closed by hand, at the call's own time, whenever it is asked."""


class Place:
    """One caller's place. Made by `Desk.place_in`; leaving that scope gives back whatever agent it had claimed."""

    def __init__(
        self,
        desk: Claims,
        wait: WaitInQueue,
        call_id: str,
        held: HeldPlace,
        closed: ClosedSites = tuple,
    ) -> None:
        now = asyncio.get_running_loop().time()
        self.queue = wait.queue
        self.call_id = call_id
        self.since = round(now - wait.waited_seconds, _SINCE_DIGITS)
        self._was_missed = False
        self._held = held
        held.begin(wait.queue.name, goes_on=wait.goes_on)
        self.claimed: tuple[Agent, ...] = ()
        self.is_waiting = True
        self._wait = wait
        self._counted_from = now
        self._step_in_seconds = self._left_to_step()
        self._step_at = now + self._step_in_seconds if self._step_in_seconds is not None else None
        closes_in = wait.closes_in_seconds
        self._closes_at = now + closes_in if closes_in is not None else None
        self.queues = (wait.queue.name, *wait.also_rung)
        self._desk = desk
        self._closed = closed
        self._changed = asyncio.Event()
        self.led_away: LedAway | None = None
        self.expected: ExpectedWait | None = None
        """What the wait was estimated to be when the caller came."""
        self._widening: asyncio.TimerHandle | None = None
        self._widen_later()

    async def next(self) -> Happening:  # noqa: PLR0911 - a line for each
        """Wait for the next thing that happens. A phone that rings already is not cut off by a step that is due.

        Nor is an agent kept from a caller who comes back late, whose step is overdue: see `has_step_first`.
        """
        while True:
            self._changed.clear()
            if self.led_away is not None and not self.claimed:
                return self.led_away
            if self.claimed and not self.has_step_first:
                return AgentFree(self.claimed)
            if self._wait.step is not None and self._seconds_to_step() <= 0:
                self._step_at = None  # it comes once; the flow asks what is next
                return StepDue(self._wait.step)
            if self._closes_at is not None and self._seconds_to(self._closes_at) <= 0:
                self._closes_at = None  # it comes once
                return ClosingDue()
            if self._wait.leaves_when_deserted and self._desk.is_deserted(self.queues):
                return Deserted()
            if self.queue.split and self._gives_up_site():
                return SiteGone()
            if (phone := self._desk.phone_for(self)) is not None:
                return SiteFree(self.site or "", phone)
            await self._change_or_step()

    @property
    def has_step_first(self) -> bool:
        """Whether a step that is due comes before the next agent: where agents do not answer, it has its turn."""
        return self._was_missed and self._wait.step is not None and self._seconds_to_step() <= 0

    @property
    def site(self) -> str | None:
        """Whose call it is. Under new rules that split the queue no more it is whoever's."""
        return self._wait.site if self._is_split else None

    @property
    def _is_split(self) -> bool:
        return bool(self.queue.split) and self.queue.name in self._desk.sites.splits

    @property
    def number(self) -> int:
        """Which place it is among all who wait in this queue, from 1 on."""
        return self._desk.number_in_line(self.call_id)

    def estimate(self) -> WaitEstimate | None:
        """How much longer the caller waits; None where nothing can be said of it."""
        return self._desk.estimates.of(self)

    def estimate_to_tell(self) -> WaitEstimate | None:
        """The same; None also while the rules would rather have nothing said, or lead the caller away before that."""
        estimate = self.estimate() if self._desk.estimates.are_to_be_told(self.queue) else None
        longest = self.queue.leads_away_after_seconds
        if estimate is None or self.waited_seconds + estimate.low_seconds > longest:
            return None
        return estimate

    @property
    def waited_seconds(self) -> float:
        """How long the caller has waited here."""
        return asyncio.get_running_loop().time() - self.since

    @property
    def rank(self) -> CallerRank:
        """What callers are served by, the lowest first."""
        return (-self._priority, self.since, self.call_id)

    @property
    def _priority(self) -> int:
        return BEFORE_ALL if self._held.is_before_all else self._wait.priority

    def waiting_caller(self) -> WaitingCaller:
        """As the policy sees the caller now."""
        every = self.queue.widen_seconds
        waited = asyncio.get_running_loop().time() - self.since
        is_nobodys = self._is_split and self.site is None
        return WaitingCaller(
            self.call_id,
            self.queue.name,
            self.since,
            self._priority,
            also_rung=self._wait.also_rung,
            language=self._wait.language,
            skills=self.queue.skills,
            widened=0 if every is None else int((waited + _SOON_SECONDS) / every),
            site=self.site,
            not_at=frozenset(self.queue.split) if is_nobodys else frozenset(),
            missed_by=frozenset(self._held.missed_by),
            first_agent=self._wait.first_agent,
        )

    def come_before_all(self) -> None:
        """Served before everybody else in this queue, from now on."""
        self._held.is_before_all = True

    def took(self, answered: Agent | None = None) -> None:
        """An agent answered (None: the only one rung), and talks until the place is left; the others are free."""
        agent = answered or self.claimed[0]
        self.is_waiting = False
        others = [one for one in self.claimed if one != agent]
        self.claimed = (agent,)
        self._desk.taken(agent, self.call_id)
        for other in others:
            self._desk.withdrawn(other, self.call_id)

    def missed(self, rung: Agent | None = None, *, is_declined: bool = False) -> None:
        """An agent (None: the only one rung) did not take the call, and is left in peace for a while."""
        agent = rung or next(iter(self.claimed), None)
        if agent is not None and agent in self.claimed:
            self.claimed = tuple(one for one in self.claimed if one != agent)
            self._held.missed_by.add(agent.name)
            self._was_missed = True
            self._desk.missed(self, agent, is_declined=is_declined)

    def lost(self) -> None:
        """The agent's phone was gone in the middle of the talk: the caller waits again, before everybody else.

        The step that is next is counted from now, and those after it come as much later.
        """
        for agent in self._waits_again():
            self._desk.lost(self, agent)

    def silent(self) -> None:
        """No sound came from the phone of the agent who took the call: as `lost`, and they are tried last."""
        for agent in self._waits_again():
            self._held.missed_by.add(agent.name)
            self._desk.silent(self, agent)

    def _waits_again(self) -> tuple[Agent, ...]:
        """Before everybody else; who had been claimed."""
        claimed, self.claimed = self.claimed, ()
        self.is_waiting = True
        self.come_before_all()
        now = asyncio.get_running_loop().time()
        self._held.behind_seconds += now - self._counted_from
        self._counted_from = now
        if self._step_in_seconds is not None:
            self._step_at = now + self._step_in_seconds
        return claimed

    def site_took(self) -> None:
        """Somebody took the site's phone, and talks until the place is left."""
        self.is_waiting = False

    def site_refused(self) -> None:
        """The site's phone did not take the call: another site may, and the caller keeps the place."""
        self.is_waiting = True
        self._desk.line_over(self, refused=True)

    def site_lost(self) -> None:
        """The site's phone was gone in the middle of the talk: the caller waits again, before everybody else."""
        self._waits_again()
        self._desk.line_over(self, refused=True)

    def lead_away(self, to: LedAway) -> None:
        """Somebody takes the caller to another queue."""
        self.led_away = to
        self._changed.set()

    def claim(self, agents: tuple[Agent, ...]) -> None:
        """The desk gives this caller an agent, or several whose phones ring at once."""
        self.claimed = agents
        self._held.gives_up_site = None  # who waits again waits as long for the site as anybody
        self._changed.set()

    def stop_widening(self) -> None:
        """The caller waits no more."""
        if self._widening is not None:
            self._widening.cancel()

    def _widen_later(self) -> None:
        """Less is asked for each time, until there is nothing left to ask for."""
        caller, every = self.waiting_caller(), self.queue.widen_seconds
        if every is not None and caller.widened < caller.widest:
            left = every * (caller.widened + 1) + self.since - asyncio.get_running_loop().time()
            self._widening = asyncio.get_running_loop().call_later(max(left, 0.0), self._widen)

    def _widen(self) -> None:
        self._desk.widen(self)
        self._widen_later()

    def wake(self) -> None:
        """Something changed that may concern this caller."""
        self._changed.set()

    def _gives_up_site(self) -> bool:
        """Whether another site is to take the call, now or (a timer is set) soon."""
        sites = self._desk.sites
        if not sites.is_wanted_elsewhere(self.queue.name, self.site, self.call_id, self._closed()):
            self._held.gives_up_site = None
            return False
        if self.site is None or sites.is_refused(self.call_id, self.site):
            return True
        known = self._held.gives_up_site
        if known is None or known[0] != self.site:
            known = self.site, asyncio.get_running_loop().time() + AWAY_SECONDS
            self._held.gives_up_site = known
        return self._seconds_to(known[1]) <= 0

    def _left_to_step(self) -> float | None:
        """Seconds to the next step when this place was taken; None where there is none."""
        step, behind = self._wait.step, self._held.behind_seconds
        if step is None or not behind:
            return self._wait.step_in_seconds
        left = self.queue.while_waiting[step].after_seconds - self._wait.waited_seconds
        return max(left + behind, 0.0)

    def _seconds_to_step(self) -> float:
        return self._seconds_to(self._step_at)

    def _seconds_to(self, moment: float | None) -> float:
        return float("inf") if moment is None else moment - asyncio.get_running_loop().time()

    async def _change_or_step(self) -> None:
        site = self._held.gives_up_site
        seconds = min(
            self._seconds_to_step(),
            self._seconds_to(self._closes_at),
            self._seconds_to(site[1] if site else None),
            self._seconds_to(self._desk.sites.tried_again_at(self.call_id)),
        )
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._changed.wait()
        except TimeoutError:
            return
