"""The live queues of one server. Two agents are never given one caller: a claim is one step, in one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.clock import day_began
from ivr.desk.estimates import Estimates
from ivr.desk.free import FreeNow
from ivr.desk.happenings import LedAway
from ivr.desk.logbook import Logbook
from ivr.desk.place import ClosedSites, Place
from ivr.desk.places import Places, in_turn
from ivr.desk.seats import Seats
from ivr.desk.sites import Sites
from ivr.desk.views import AgentView, QueueView
from ivr.desk.wishes import Wishes
from ivr.errors import ChangeRefused
from ivr.numbers import PhoneNumber
from ivr.queues.agents import AgentEvent, AgentState
from ivr.queues.distribution import Distribution
from ivr.queues.line import HeldPlace
from ivr.queues.offers import WaitingCaller
from ivr.queues.reach import Reach, need_of
from ivr.records.events import SITE_AGENT
from ivr.rules.fault import did_you_mean
from ivr.rules.model import Account, Agent, Phone, Queue, RuleSet, SipAddress
from ivr.rules.visit import WaitInQueue

MISSED_PAUSE_SECONDS = 10.0
"""How long an agent who did not take a call is left in peace: long enough for the next agent to be rung first."""


@dataclass(slots=True)
class TalkGoesOn:
    """A talk that an earlier server connected. `is_phone_lost`: it ended since the agent's phone was gone."""

    is_phone_lost: bool = False


class Desk:
    """Keeps agents' states and callers' places. All of it happens on one event loop, so no step can be half done."""

    def __init__(self, rules: RuleSet, logbook: Logbook | None = None) -> None:
        """`logbook` None: no change of an agent is kept, and none of an earlier server is known."""
        self._places = Places()
        self._zone = rules.timezone
        self.logbook = logbook or Logbook.of_nothing()
        self._distribution = Distribution()
        self._seats = Seats(
            self.logbook, self._distribution, on_staffing=self._wake, on_ready=self._match
        )
        self._reach = Reach(lambda queue: (seat.on_duty for seat in self._seats.serving(queue)))
        self.wishes = Wishes(self._seats, self._match)
        self.sites = Sites(self._seats.sites_serving, self._seats.callers_at)
        self.estimates = Estimates(self._seats, self._places, self.sites)
        self.take_agents(rules)

    def take_agents(self, rules: RuleSet) -> None:
        """Agents as these rules have them, from now on; whoever talks or is rung finishes first.

        Callers who wait in a queue that is gone wait on: their own rules say what becomes of them.
        """
        self._distribution.ways = {name: queue.ring for name, queue in rules.queues.items()}
        self._seats.take(rules)
        self.sites.take(rules)
        self.estimates.take(rules)
        self._reach.forget()
        for place in in_turn(self._places):
            self.waits(place)
            place.wake()
        self._match()

    def phone_changed(
        self, account: str, *, is_reachable: bool, is_in_own_call: bool = False
    ) -> None:
        """The phone of this account came or went, or is in a call that no desk offered: its agents follow it."""
        self._seats.phone_changed(account, is_reachable=is_reachable, is_in_own_call=is_in_own_call)
        self._match()

    def signed_in(self, queues: Iterable[str] = ()) -> Mapping[str, int]:
        """Agents signed in, by queue: a fact for `decide`. Queues with none are named with 0.

        So are those of `queues`, which a call's own rules may have and the present ones not. A site's phone
        counts as one.
        """
        signed_in = {**dict.fromkeys(queues, 0), **self._seats.signed_in}
        return {
            name: count + len(self.sites.with_phones(name)) for name, count in signed_in.items()
        }

    def waiting(self) -> Mapping[str, int]:
        """Callers who wait, by queue: a fact for `decide`."""
        return self._places.waiting()

    def phone_for(self, place: Place) -> Phone | None:
        """The phone of the caller's site, which is to be rung now: the place there is taken, it may be the last one."""
        phone = self.sites.claim(place.call_id, place.site)
        if phone is not None:
            self._wake_where_a_site_turned()
        return phone

    def line_over(self, place: Place, *, refused: bool) -> None:
        """The caller is at no site's phone any more."""
        self.sites.give_back(place.call_id, refused=refused)
        self._match()

    def number_in_line(self, call_id: str) -> int:
        """A caller's place among all who wait in the same queue, those included for whom a phone rings."""
        return self._places.number_in_line(call_id)

    @contextmanager
    def place_in(
        self,
        wait: WaitInQueue,
        call_id: str,
        held: HeldPlace | None = None,
        closed: ClosedSites = tuple,
    ) -> Iterator[Place]:
        """A place in the queue for as long as the scope lasts; a talk with the agent happens inside it.

        Who has waited there before keeps the place that they had; what it had come to is in `held`. Of what is
        `closed`, `closings_changed` tells.
        """
        place = Place(self, wait, call_id, held or HeldPlace(), closed)
        self._places.add(place)
        self.estimates.comes(place)
        self.waits(place)
        self._match()
        try:
            yield place
        finally:
            self._places.remove(place)
            self.estimates.leaves(place)
            place.stop_widening()
            self._distribution.leave(call_id)
            for agent in place.claimed:
                self._give_back(place, agent)
            self.sites.give_back(call_id)
            self._match()

    def waits(self, place: Place) -> None:
        """The caller waits without an agent, or waits on with other wishes; `found` is told of it in time."""
        is_here = place.is_waiting and place.led_away is None and place.call_id in self._places
        if place.has_step_first:
            self._distribution.leave(place.call_id)
        elif is_here and not place.claimed and not self.sites.has_phone(place.site):
            self._distribution.wait(self._asking_no_more_than_there_is(place))

    def _asking_no_more_than_there_is(self, place: Place) -> WaitingCaller:
        """Where nobody who is signed in has what is asked for, less is asked at once: the wait would be in vain."""
        return self._widened(place.queue, place.waiting_caller())

    def _widened(self, queue: Queue, caller: WaitingCaller) -> WaitingCaller:
        if queue.widen_seconds is None:
            return caller
        least = self._reach.least_widened(caller)
        return replace(caller, widened=least) if least > caller.widened else caller

    def free_for(self, call_id: str) -> FreeNow:
        """Who is free for a caller who has no place yet: a fact for `decide`."""
        return FreeNow(
            call_id,
            self.sites,
            lambda queue, caller: self._distribution.would_take(self._widened(queue, caller)),
        )

    def take_to_front(self, call_id: str) -> Place:
        """The caller is served before all others, from now on. Raises ChangeRefused."""
        place = self.waiting_in(call_id)
        place.come_before_all()
        self.waits(place)
        self._match()
        return place

    def lead_away(self, call_id: str, to: LedAway) -> Place:
        """The caller goes to another queue, and waits there from now on. Raises ChangeRefused."""
        place = self.waiting_in(call_id)
        if to.to not in self._seats.queues:
            hint = did_you_mean(to.to, self._seats.queues) or "the rules have none"
            message = f"there is no queue called {to.to!r}; {hint}"
            raise ChangeRefused(message)
        if place.queue.name == to.to:
            message = f"the caller waits in {to.to} already"
            raise ChangeRefused(message)
        self._distribution.leave(call_id)
        place.lead_away(to)
        return place

    def waiting_in(self, call_id: str) -> Place:
        """The place of the caller who waits, and whose call's id begins so. Raises ChangeRefused."""
        place = self._places.one_waiting(call_id)
        if self.sites.is_at_phone(place.call_id):
            message = "a site's phone rings for this caller: wait until it is taken or not"
            raise ChangeRefused(message)
        return place

    def widen(self, place: Place) -> None:
        """The caller has waited so long for the best agent that less is asked for."""
        self.waits(place)
        self._match()

    @contextmanager
    def talk_goes_on(
        self,
        agent: str,
        call_id: str,
        queue: str,
        wrap_up_seconds: float,
        lasted_seconds: float = 0.0,
    ) -> Iterator[TalkGoesOn]:
        """The agent talks with a caller of the server before this one, until the scope is left: nobody rings them.

        They have talked for so long already.
        """
        talk = TalkGoesOn()
        if agent.startswith(SITE_AGENT):
            with self.sites.talk_goes_on(call_id, agent.removeprefix(SITE_AGENT)):
                yield talk
            self._match()
            return
        seat = self._seats.get(agent)
        if seat is None:  # the rules have let the agent go
            yield talk
            return
        seat.for_queue = queue
        self._seats.take_up_talk(seat, call_id, lasted_seconds)
        try:
            yield talk
        finally:
            self.estimates.talked_in(queue, seat)
            peace_seconds = max(wrap_up_seconds, MISSED_PAUSE_SECONDS)
            seconds = peace_seconds if talk.is_phone_lost else wrap_up_seconds
            self._seats.move_for(seat, AgentEvent.TALK_ENDED, seconds, call_id)
            self._match()

    def is_deserted(self, queues: Iterable[str]) -> bool:
        """Whether nobody is signed in to any of these queues, and no site's phone takes their calls."""
        return not any(self._seats.serving(name) or self.sites.with_phones(name) for name in queues)

    def had_talk(self, name: str) -> None:
        """A talk of this agent began: it counts for `fewest calls`."""
        self._distribution.took(name, self.day_began().date())

    def taken(self, agent: Agent, call_id: str) -> None:
        self.had_talk(agent.name)
        seat = self._seats[agent.name]
        self.estimates.taken(self._places[call_id], seat)
        self._seats.move(seat, AgentEvent.TOOK, call_id=call_id)

    def day_began(self) -> datetime:
        """The midnight before now (aware), where the rules belong: from then on calls count for `fewest calls`."""
        return day_began(self.logbook.clock.now(), self._zone)

    def had_talks(self, names: Iterable[str]) -> None:
        """Whom callers talked with on this day before this server began, once for each talk."""
        self._distribution.had_talks(names, self.day_began().date())

    def had_rung(self, last: Mapping[str, str]) -> None:
        """Whose phone each queue rang last before this server began."""
        self._distribution.had_rung(last)

    def withdrawn(self, agent: Agent, call_id: str) -> None:
        """Another agent, whose phone rang for the same caller, was faster."""
        self._seats.move(self._seats[agent.name], AgentEvent.WITHDRAWN, call_id=call_id)
        self._match()

    def missed(self, place: Place, agent: Agent, *, is_declined: bool = False) -> None:
        seat = self._seats[agent.name]
        self._seats.missed(seat, MISSED_PAUSE_SECONDS, place.call_id, is_declined=is_declined)
        self.waits(place)
        self._match()

    def lost(self, place: Place, agent: Agent) -> None:
        """The agent's phone was gone in the middle of a talk: another is offered the caller first."""
        seat = self._seats[agent.name]
        self.estimates.talked(place, seat)
        peace_seconds = max(place.queue.wrap_up_seconds, MISSED_PAUSE_SECONDS)
        self._seats.move_for(seat, AgentEvent.TALK_ENDED, peace_seconds, place.call_id)
        self.waits(place)
        self._match()

    def silent(self, place: Place, agent: Agent) -> None:
        """No sound came from the agent's phone: they are paused, and another is offered the caller first."""
        self._distribution.took_nothing(agent.name, self.day_began().date())
        self._seats.move(self._seats[agent.name], AgentEvent.SILENT, call_id=place.call_id)
        self.waits(place)
        self._match()

    def agent_at(self, account: str) -> Agent | None:
        """The agent who sits at this phone, or else whose it is, though they sit elsewhere.

        None for a phone outside the queues, and for a trunk.
        """
        seat = self._seats.at(account) or self._seats.owner_away(account)
        return seat.agent if seat is not None else None

    def has_phone(self, account: str) -> bool:
        """Whether the rules have a phone of this account, an agent's or another."""
        return account in self._seats.accounts

    def phone_of(self, agent: Agent) -> Account | SipAddress:
        """The phone that rings for this agent now."""
        seat = self._seats.get(agent.name)
        return agent.phone if seat is None else seat.agent.phone

    def phone_in_use(
        self, phone: Account | SipAddress | PhoneNumber
    ) -> AbstractContextManager[None]:
        """For as long as the scope lasts, no caller is offered to whoever sits at this phone of ours."""
        match phone:
            case Account(name=ours) | SipAddress(uri=ours):
                return self._seats.phone_in_use(ours)
            case _:
                return nullcontext()

    def in_call_with_colleague(self, agent: Agent) -> AbstractContextManager[bool]:
        """See Seats."""
        return self._seats.in_call_with_colleague(agent.name)

    def sign_off(self) -> None:
        """The server stops: it is written down until when agents were seen."""
        self._seats.sign_off()

    def queues(self, names: Iterable[str]) -> list[QueueView]:
        """These queues, and any other in which somebody still waits."""
        others = self._places.waiting()
        return [self._queue(name) for name in dict.fromkeys((*names, *others))]

    def _queue(self, name: str) -> QueueView:
        waits = self._places.waits_seconds(name)
        signed_in, longest = len(self._seats.serving(name)), max(waits, default=0.0)
        error = self.estimates.worth(name).mean_error_seconds
        return QueueView(name, len(waits), signed_in, longest, error)

    def agents(self) -> list[AgentView]:
        return [AgentView.of(seat) for seat in self._seats]

    def _match(self) -> None:
        self._distribution.set_room(self.sites.room())
        for match in self._distribution.matches():
            place = self._places[match.call_id]
            seats = [self._seats[name] for name in match.agents]
            for seat in seats:
                seat.for_queue = place.queue.name
                self._seats.move(seat, AgentEvent.WAS_OFFERED, call_id=match.call_id)
            # Of two at one phone, for whom it would ring at once, it rings for the first.
            rung = (seat for seat in seats if seat.duty.state is AgentState.OFFERED)
            place.claim(tuple(seat.agent for seat in rung))
        self._wake_where_a_site_turned()

    def closings_changed(self) -> None:
        """Something was closed by hand, or opened: another site may be to take a caller."""
        for place in in_turn(one for one in self._places if one.queue.split):
            place.wake()

    def _wake_where_a_site_turned(self) -> None:
        if self.sites.has_turned():
            self.closings_changed()

    def _give_back(self, place: Place, agent: Agent) -> None:
        seat = self._seats[agent.name]
        if seat.duty.state is AgentState.TALKING:
            self.estimates.talked(place, seat)
            seconds = place.queue.wrap_up_seconds
            self._seats.move_for(seat, AgentEvent.TALK_ENDED, seconds, place.call_id)
        else:
            self._seats.move(seat, AgentEvent.WITHDRAWN, call_id=place.call_id)

    def _wake(self, queues: Iterable[str]) -> None:
        """Others are signed in to these queues."""
        served = frozenset(queues)
        changed = self._reach.staffing_changed(served)
        for place in self._places.served_by(served):
            if changed and need_of(place.waiting_caller()) in changed:
                self.waits(place)
            place.wake()
