"""Who is on duty: each agent's seat, with what the rules and the phone say, and what the agent wants and does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import structlog

from ivr.desk.diary import Diary
from ivr.desk.earlier import duty_as_before, seconds_left
from ivr.desk.logbook import Logbook
from ivr.desk.phones import PhonesInUse
from ivr.desk.seat import BY_ITSELF, WITH_A_CALLER, Seat, Wish, account_of
from ivr.desk.seating import Seating
from ivr.desk.staffing import Staffing
from ivr.queues.agents import MISSED_REASON, AgentEvent, AgentState, Duty, move
from ivr.queues.distribution import Distribution
from ivr.queues.offers import AgentOnDuty
from ivr.records.agents import AgentChangeKind
from ivr.rules.model import Account, Agent, DutyRules, RuleSet

log = structlog.get_logger()

_BEGUN_ANEW = frozenset({AgentEvent.RESUMED, AgentEvent.SIGNED_OUT})
"""What an agent does after which missed calls are counted from none again."""


class Seats:
    """Keeps agents' states.

    `on_staffing` is told of queues whose agents are others now, `on_ready` is called when an agent may be free.
    """

    def __init__(
        self,
        logbook: Logbook,
        distribution: Distribution,
        *,
        on_staffing: Callable[[Iterable[str]], None],
        on_ready: Callable[[], None],
    ) -> None:
        self._distribution = distribution
        self._order: dict[str, int] = {}
        self._staffing = Staffing()
        self._callers: Counter[str] = Counter()
        self.rules = DutyRules()
        self.queues: frozenset[str] = frozenset()
        self.accounts: frozenset[str] = frozenset()
        self._seats: dict[str, Seat] = {}
        self._reachable: set[str] = set()
        self._in_own_call: set[str] = set()
        self._in_use = PhonesInUse()
        self._seating = Seating()
        self._earlier = dict(logbook.earlier)
        self._logbook = logbook
        self._diary = Diary(logbook)
        self._on_staffing = on_staffing
        self._on_ready = on_ready

    def __getitem__(self, name: str) -> Seat:
        return self._seats[name]

    def __iter__(self) -> Iterator[Seat]:
        return iter(self._seats.values())

    @property
    def signed_in(self) -> Mapping[str, int]:
        """Agents who are signed in, by queue."""
        return self._staffing.signed_in

    def serving(self, queue: str) -> Collection[Seat]:
        """The agents of a queue who are signed in."""
        return self._staffing.serving(queue)

    def callers_at(self, site: str) -> int:
        """How many agents of a site have a caller: they are rung, or talk."""
        return self._callers[site]

    def sites_serving(self, queue: str) -> frozenset[str]:
        """The sites where somebody is signed in to a queue."""
        return self._staffing.sites(queue)

    def get(self, name: str) -> Seat | None:
        return self._seats.get(name)

    def take(self, rules: RuleSet) -> None:
        """Agents as these rules have them, from now on; whoever talks or is rung finishes first."""
        self.rules, self.queues = rules.duty, frozenset(rules.queues)
        agents = [agent.phone for agent in rules.agents.values()]
        others = [phone.phone for phone in rules.phones.values()]
        found = (one for one in (*agents, *others) if isinstance(one, Account))
        self.accounts = frozenset(one.name for one in found)
        self._order = {name: number for number, name in enumerate(rules.agents)}
        self._distribution.orders = self._order
        for name in [*self._seats]:
            if name not in rules.agents:
                self._dismiss(self._seats[name])
        for agent in rules.agents.values():
            self._seat(agent)
        self._staffing.count_anew(self, rules.queues)
        with_callers = (one.agent.site for one in self if one.has_a_caller)
        self._callers = Counter(site for site in with_callers if site is not None)

    def phone_changed(self, account: str, *, is_reachable: bool, is_in_own_call: bool) -> None:
        """See Desk."""
        (self._reachable.add if is_reachable else self._reachable.discard)(account)
        (self._in_own_call.add if is_in_own_call else self._in_own_call.discard)(account)
        for seat in self._seating.at_phone(account):
            self._follow_phone(seat)

    def move(
        self,
        seat: Seat,
        event: AgentEvent,
        *,
        reason: str | None = None,
        wish: Wish = BY_ITSELF,
        call_id: str | None = None,
    ) -> None:
        """The one way in which an agent's state changes; what changes nothing is not told."""
        before = seat.duty
        seat.duty = after = move(before, event, reason)
        if after == before:
            return
        if after.state is AgentState.TALKING or event in _BEGUN_ANEW:
            seat.missed_in_a_row = 0
        had_caller = before.state in WITH_A_CALLER
        if seat.agent.site is not None:
            self._callers[seat.agent.site] += seat.has_a_caller - had_caller
        if after.state is not before.state:
            seat.since = asyncio.get_running_loop().time()
            seat.since_at = self._logbook.clock.now()
        if after.state is not AgentState.WRAPPING_UP and after.reason != MISSED_REASON:
            self._stop_timer(seat)
        self._put(seat)
        self._diary.moved(seat, event, before.state, wish, call_id)
        if after.state is before.state:
            return
        if seat.has_a_caller is not had_caller:
            self._phone_used(seat)
        log.debug(
            "agent moved",
            agent=seat.agent.name,
            before=before.state,
            because=event,
            after=after.state,
        )
        if seat.is_leaving:
            self._dismiss(seat)
        elif AgentState.SIGNED_OUT in {before.state, after.state}:
            self._staffing.count(seat)
            self._on_staffing(seat.on_duty.queues)

    def take_up_talk(self, seat: Seat, call_id: str, lasted_seconds: float) -> None:
        """The agent talks with a caller of an earlier server, and has for so long."""
        was_at_rest = seat.duty.state is not AgentState.TALKING
        self.move(seat, AgentEvent.TAKEN_UP, call_id=call_id)
        if was_at_rest and seat.duty.state is AgentState.TALKING:
            seat.since -= lasted_seconds
            seat.since_at -= timedelta(seconds=lasted_seconds)

    def move_for(self, seat: Seat, event: AgentEvent, seconds: float, call_id: str) -> None:
        """As `move`, and READY after so long: it is written down until when."""
        seat.until = self._logbook.clock.now() + timedelta(seconds=seconds)
        self.move(seat, event, call_id=call_id)
        if seat.until is not None:  # else they are paused anyway
            self.later(seat, seconds)

    def missed(self, seat: Seat, peace_seconds: float, call_id: str, *, is_declined: bool) -> None:
        """The agent did not take a call: they are left in peace, or paused where the rules have had enough of it.

        Whoever declines is there, and no pause is for them.
        """
        event = AgentEvent.DECLINED if is_declined else AgentEvent.MISSED
        seat.missed_in_a_row += 0 if is_declined else 1
        if is_declined or self.rules.missed is None or seat.missed_in_a_row < self.rules.missed:
            self.move_for(seat, event, peace_seconds, call_id)
        else:
            self._stop_timer(seat)
            self.move(seat, event, call_id=call_id)

    def longer(self, seat: Seat, seconds: float, wish: Wish) -> None:
        """The wrap-up lasts so much longer."""
        now = asyncio.get_running_loop().time()
        left = seat.timer.when() - now if seat.timer is not None else 0.0
        self.later(seat, max(left, 0.0) + seconds)
        self._diary.note(seat, "wrap_up_longer", seat.duty.state, wish=wish)

    def later(self, seat: Seat, seconds: float) -> None:
        """End the pause or the wrap-up after `seconds`: a timer and no task, so that a stop need not wait for it."""
        self._stop_timer(seat)
        if seconds <= 0:
            self._ready(seat)
        else:
            seat.until = self._logbook.clock.now() + timedelta(seconds=seconds)
            seat.timer = asyncio.get_running_loop().call_later(seconds, self._ready, seat)

    def _stop_timer(self, seat: Seat) -> None:
        if seat.timer is not None:
            seat.timer.cancel()
        seat.timer = seat.until = None

    def serve(self, seat: Seat, queue: str, *, is_taken: bool, wish: Wish) -> None:
        """Take a queue, or leave it, whatever the rules say: until it is taken back, over restarts too."""
        seat.taken = tuple(name for name in seat.taken if name != queue)
        seat.left = tuple(name for name in seat.left if name != queue)
        if is_taken and queue not in seat.agent.queues:
            seat.taken = (*seat.taken, queue)
        if not is_taken and queue in seat.agent.queues:
            seat.left = (*seat.left, queue)
        self._put(seat)
        state = seat.duty.state
        kind: AgentChangeKind = "took_queue" if is_taken else "left_queue"
        self._diary.note(seat, kind, state, wish=wish, queue=queue)
        self._staffing.count_anew(self, self.queues)
        self._on_staffing((queue,))

    def at(self, account: str) -> Seat | None:
        """See Seating."""
        return self._seating.at(account)

    def owner_away(self, account: str) -> Seat | None:
        """See Seating."""
        return self._seating.owner_away(account)

    def sit(self, seat: Seat, account: str | None, wish: Wish) -> None:
        """At another phone than their own, until they stand up; None: at their own again.

        Whose phone it is, and who sat there before, has none as long as that lasts.
        """
        before = self.at(account) if account is not None else None
        if before is not None and before is not seat and before.sits_at is not None:
            self.sit(before, None, wish)
        concerned = [seat.account]
        self._seating.sit(seat, account if account != account_of(seat.own) else None)
        concerned.append(seat.account)
        self._diary.note(seat, "sat_down", seat.duty.state, wish=wish)
        for phone in dict.fromkeys(concerned):
            for one in self._seating.at_phone(phone):
                self._follow_phone(one)
        self._on_ready()

    def _phone_used(self, seat: Seat) -> None:
        """The agent has a caller from now on, or has none any more."""
        if seat.has_a_caller:
            phone: str | None = seat.phone
            self._in_use.caller_comes(seat.own.name, seat.phone)
        else:
            phone = self._in_use.caller_left(seat.own.name)
        for one in self._seating.at_phone(phone):
            if one is not seat:
                self._follow_phone(one)

    @contextmanager
    def phone_in_use(self, phone: str) -> Iterator[None]:
        """For as long as the scope lasts, no caller is offered to whoever sits there."""
        self._in_use.begin(phone)
        for one in self._seating.at_phone(phone):
            self._follow_phone(one)
        try:
            yield
        finally:
            self._in_use.end(phone)
            for one in self._seating.at_phone(phone):
                self._follow_phone(one)
            self._on_ready()

    @contextmanager
    def in_call_with_colleague(self, name: str) -> Iterator[bool]:
        """For as long as the scope lasts, no caller is offered to this agent; whether they were free for a colleague.

        Who is rung for a caller, or talks, is not free. A pause, or the time after a talk, keeps no colleague away.
        """
        seat = self._seats.get(name)
        busy = {AgentState.OFFERED, AgentState.TALKING}
        if seat is None or seat.duty.state in busy or seat.duty.is_in_own_call:
            yield False
            return
        with self.phone_in_use(seat.phone):
            yield True

    def sign_off(self) -> None:
        """The server stops: note until when everybody was seen."""
        for seat in self._seats.values():
            before = seat.duty.state
            if before is not AgentState.SIGNED_OUT:
                seat.duty = replace(seat.duty, state=AgentState.SIGNED_OUT)
                self._diary.note(seat, "server_stopped", before)

    def _seat(self, agent: Agent) -> None:
        """Seat an agent as the rules have one now; who was seated before keeps the state."""
        seat = self._seats.get(agent.name)
        if seat is None:
            now = asyncio.get_running_loop().time()
            on_duty = AgentOnDuty(agent.name, agent.queues, AgentState.SIGNED_OUT, 0.0)
            duty = Duty(is_signed_in=not self.rules.by_code)
            seat = Seat(agent, agent, duty, on_duty, now, self._logbook.clock.now())
            self._seats[agent.name] = seat
            self._as_before(seat)
        seat.own = agent
        sat_at = seat.sits_at
        self._seating.sit(seat, sat_at if sat_at in self.accounts else None)
        seat.is_leaving = False
        self._put(seat)
        if seat.sits_at != sat_at:  # no such phone registers any more
            self._diary.note(seat, "sat_down", seat.duty.state)
        self._follow_phone(seat)

    def _as_before(self, seat: Seat) -> None:
        """Pauses, sign-ins and queues stay as they were."""
        earlier = self._earlier.get(seat.agent.name)
        if earlier is None:
            return
        seat.seq = earlier.seq
        seat.taken, seat.left = earlier.taken, earlier.left
        self._seating.sit(seat, earlier.phone)
        seat.for_queue = earlier.for_queue
        left = seconds_left(earlier, seat.since_at)
        seat.duty = duty_as_before(seat.duty, earlier, left, self.rules)
        if left > 0:
            self.later(seat, left)
        if earlier.state != "signed_out":
            self._diary.note(seat, "server_began", seat.duty.state)

    def _dismiss(self, seat: Seat) -> None:
        seat.is_leaving = True
        if not seat.has_a_caller:
            if seat.timer is not None:
                seat.timer.cancel()  # but until when it was is written down: they may come back before that
            self._seating.leave(seat)
            del self._seats[seat.agent.name]
            for one in self._seating.at_phone(seat.sits_at):
                self._follow_phone(one)
            self._distribution.busy(seat.agent.name)
            before = seat.duty.state
            seat.duty = replace(seat.duty, state=AgentState.SIGNED_OUT)
            self._diary.note(seat, "let_go", before)
            self._earlier[seat.agent.name] = self._diary.change(seat, "let_go", before)

    def _follow_phone(self, seat: Seat) -> None:
        account = seat.account
        is_anothers = self._seating.is_taken_by_another(seat)
        has_phone = (account is None or account in self._reachable) and not is_anothers
        # A phone of which nothing is known yet has not gone.
        if has_phone is not seat.duty.has_phone:
            self.move(seat, AgentEvent.PHONE_CAME if has_phone else AgentEvent.PHONE_WENT)
            is_in_peace = seat.duty.reason == MISSED_REASON and seat.timer is not None
            if not has_phone and is_in_peace:  # who comes back has come for callers
                self.later(seat, 0)
        began = account in self._in_own_call or self._in_use.by_others(seat.own.name, seat.phone)
        self.move(seat, AgentEvent.CALL_BEGAN if began else AgentEvent.CALL_ENDED)

    def _ready(self, seat: Seat) -> None:
        seat.timer = seat.until = None
        if self._seats.get(seat.agent.name) is seat:  # else the rules have let the agent go
            self.move(seat, AgentEvent.READY)
            self._on_ready()

    def _put(self, seat: Seat) -> None:
        """The agent is so from now on; those who are free are at hand, however many are not."""
        queues = tuple(
            queue
            for queue in dict.fromkeys((*seat.agent.queues, *seat.taken))
            if queue not in seat.left
        )
        was, state = seat.on_duty.state, seat.duty.state
        became_free = state is AgentState.AVAILABLE and was is not AgentState.AVAILABLE
        idle_since = seat.since if became_free else seat.on_duty.idle_since
        seat.on_duty = AgentOnDuty(
            seat.agent.name,
            queues,
            state,
            idle_since,
            languages=frozenset(seat.agent.languages),
            skills=seat.agent.skills,
            site=seat.agent.site,
            order=self._order.get(seat.agent.name, 0),
        )
        if state is AgentState.AVAILABLE:
            self._distribution.free(seat.on_duty)
        else:
            self._distribution.busy(seat.agent.name)
