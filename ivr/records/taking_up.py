"""From the events of a call that has not ended to all that is needed to take it up again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

from ivr.records.events import (
    Answered,
    Arrived,
    CalledOut,
    CallEvent,
    CallOutFailed,
    Connected,
    Ended,
    LeftQueue,
    MenuTry,
    MessageLeft,
    Offered,
    OfferFailed,
    PhoneNotTaken,
    PhoneRang,
    PhoneTaken,
    QuestionTry,
    Queued,
    RecordingStarted,
    Routed,
    SurveyTry,
    TakenToFront,
    TalkEnded,
    WaitEstimated,
    is_agent,
)
from ivr.records.journal import Entry
from ivr.records.standing import Standing, Waited

Talked: TypeAlias = Literal["to the end", "cut"]

_TALKED: dict[str, Talked] = {"agent": "to the end", "limit": "cut"}
"""By who ended the talk. Where the agent's phone was lost the caller has had none yet."""


_BEGUN = (MenuTry, QuestionTry, SurveyTry, PhoneRang, CalledOut, RecordingStarted)
"""Something has begun where the call stands; that a wait has, is told by `Queued`."""


class WaitExpected(msgspec.Struct, frozen=True, kw_only=True):
    """A wait that goes on was expected to take `seconds` from `since` (aware) on, which is the call's own time."""

    queue: str
    seconds: float
    since: datetime


class PlaceSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """What a wait in this queue has come to. `is_before_all`: by hand, or for an agent was lost."""

    queue: str = ""
    is_before_all: bool = False
    missed_by: tuple[str, ...] = ()


class LeftOff(msgspec.Struct, frozen=True, kw_only=True):
    """Where a call was left off: its last standing, and what it had of Asterisk then.

    `legs` are channels, the caller's first; `bridge` is where they talk; None: they do not. `is_waiting`: the caller
    waits in the queue where the call stands. `message` is the one that was under way, or was left, where it stands.
    `expected` is what was said of that wait, `held` what its place has come to.
    `talked`: they have, and nothing came after it; `cut`: they would have talked on. `written_at` (aware) is the wall
    clock when the call came there.
    """

    call_id: str
    standing: Standing
    written_at: datetime
    arrived: Arrived
    legs: tuple[str, ...]
    bridge: str | None = None
    is_answered: bool = True
    is_waiting: bool = False
    expected: WaitExpected | None = None
    held: PlaceSoFar = PlaceSoFar()
    message: RecordingStarted | MessageLeft | None = None
    talked: Talked | None = None


class AgentTalk(msgspec.Struct, frozen=True, kw_only=True):
    """A talk with an agent from `since` (aware) on; `until` is None while it goes on."""

    agent: str
    since: datetime
    until: datetime | None = None

    def seconds(self, now: datetime) -> float:
        """How long it lasted, or has lasted by now (aware)."""
        return ((self.until or now) - self.since).total_seconds()


class OpenCall:
    """The fold of one call's events, as they come: as much of them as is needed to go on with it.

    `talk` is the one under way; `offer` the last while the caller waits; `line` is the leg, and its trunk, of a talk
    outside, `sounding` a phone outside the queues that was rung, or a number: of which nothing is written since.
    `seen_at` (aware) is the wall clock at the last event. `agent_talks` are all of them, the last one last; a site's
    phone is no agent.
    """

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self.arrived: Arrived | None = None
        self.is_answered = False
        self.talk: Connected | PhoneTaken | None = None
        self.line: tuple[str, str] | None = None
        self.sounding: PhoneTaken | None = None
        self.message: RecordingStarted | MessageLeft | None = None
        self.seen_at: datetime | None = None
        self.agent_talks: tuple[AgentTalk, ...] = ()
        self.has_ended = False
        self._talks_since: datetime | None = None
        self._offer: Offered | None = None
        self._rung_on: dict[str, Offered] = {}
        self._standing: Standing | None = None
        self._written_at: datetime | None = None
        self._waits_in: str | None = None
        self._talked: Talked | None = None
        self._expected: WaitExpected | None = None
        self._held = PlaceSoFar()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> OpenCall | None:
        """The call of these entries, in order; None where there are none."""
        call: OpenCall | None = None
        for entry in entries:
            call = call or cls(entry.call_id)
            call.take(entry.event, entry.at)
        return call

    def take(self, event: CallEvent, at: datetime) -> None:  # noqa: C901, PLR0912 - a line for each
        """What happened next, at this wall clock (aware)."""
        self.seen_at = at
        self._hear(event)
        self._hold(event)
        self._sound(event)
        self._talk(event, at)
        match event:
            case Arrived():
                self.arrived = event
            case Answered():
                self.is_answered = True
            case Routed(standing=Standing() as now):
                self._written_at, self._standing = at, now
                self.message = self._talked = None
            case RecordingStarted() | MessageLeft():
                self.message = event
            case Queued(queue=queue):
                self._waits(queue, at)
            case WaitEstimated():
                self._expect(event, at)
            case LeftQueue():
                self._waits_in = self._expected = None
            case Offered():
                self._offer = event
                if event.leg is not None:
                    self._rung_on[event.leg] = event
            case Connected() | PhoneTaken():
                self.talk, self._waits_in = event, None
                if isinstance(event, PhoneTaken) and event.leg and event.trunk:
                    self.line = (event.leg, event.trunk)
            case TalkEnded(by=by):
                self.talk = self.line = None
                self._talked = _TALKED.get(by)
            case OfferFailed(agent=agent, result=result, queue=queue):
                self._rung_on = {
                    leg: one for leg, one in self._rung_on.items() if one.agent != agent
                }
                if result == "silent":
                    self.talk, self._waits_in = None, queue
            case Ended():
                self.has_ended = True
            case _:
                pass  # what was said, keyed or rung in vain does not move the call

    def _hear(self, event: CallEvent) -> None:
        """What was to be said at the place before anything began there has been: something has begun."""
        if self._standing is not None and isinstance(event, _BEGUN):
            self._standing = msgspec.structs.replace(self._standing, unsaid=())

    def _hold(self, event: CallEvent) -> None:
        """What becomes of the place in a queue; a wait in another is a place of its own."""
        held = self._held
        match event:
            case Queued(queue=queue) if queue != held.queue:
                self._held = PlaceSoFar(queue=queue)
            case LeftQueue():
                self._held = PlaceSoFar()
            case TakenToFront() | TalkEnded(by="system"):
                self._held = msgspec.structs.replace(held, is_before_all=True)
            case OfferFailed(agent=agent, result=result) if result != "other_answered":
                self._held = msgspec.structs.replace(
                    held,
                    is_before_all=held.is_before_all or result == "silent",
                    missed_by=(*held.missed_by, agent),
                )
            case _:
                pass

    def _sound(self, event: CallEvent) -> None:
        """A phone that rings, as it will have been taken once it is."""
        match event:
            case PhoneRang(phone=phone):
                self.sounding = PhoneTaken(phone=phone)
            case CalledOut(phone=phone, trunk=trunk):
                self.sounding = PhoneTaken(phone=phone, trunk=trunk)
            case PhoneTaken() | PhoneNotTaken() | CallOutFailed() | OfferFailed() | Routed():
                self.sounding = None
            case _:
                pass

    def _talk(self, event: CallEvent, at: datetime) -> None:
        """With which agents the caller talked, and since when. A phone from which nothing came was no talk."""
        talks = self.agent_talks
        match event:
            case Connected(agent=agent):
                if not isinstance(self.talk, PhoneTaken):  # a site's phone is told as both
                    self._talks_since = at
                if is_agent(agent):
                    self.agent_talks = (*talks, AgentTalk(agent=agent, since=at))
            case PhoneTaken():
                self._talks_since = at
            case OfferFailed(result="silent"):
                self._talks_since = None
                self.agent_talks = talks[:-1]
            case TalkEnded() | Ended():
                self._talks_since = None
                if talks and talks[-1].until is None:
                    over = msgspec.structs.replace(talks[-1], until=at)
                    self.agent_talks = (*talks[:-1], over)
            case _:
                pass

    def talks_seconds(self, now: datetime) -> float:
        """How long the talk under way has lasted by now (aware); 0 where there is none."""
        return max(0.0, (now - (self._talks_since or now)).total_seconds())

    def last_talk(self, now: datetime, shortest_seconds: float) -> AgentTalk | None:
        """The last with an agent that was not shorter, or is not by now (aware)."""
        long = (one for one in reversed(self.agent_talks) if one.seconds(now) >= shortest_seconds)
        return next(long, None)

    def _waits(self, queue: str, at: datetime) -> None:
        """All has been said, and the wait begins, unless the caller has waited there before."""
        standing = self._standing
        if standing is None or self._written_at is None:
            return
        self._waits_in, waits, self._expected = queue, standing.waits, None
        if all(one.queue != queue for one in waits):
            early = self.arrived.waited_seconds if self.arrived and not waits else None
            since = self._own_time(standing, at) - timedelta(seconds=early or 0.0)
            waits = (*waits, Waited(queue, since))
        self._standing = msgspec.structs.replace(standing, waits=waits, unsaid=())

    def _expect(self, estimate: WaitEstimated, at: datetime) -> None:
        if self._standing is not None and self._expected is None:
            since = self._own_time(self._standing, at)
            self._expected = WaitExpected(
                queue=estimate.queue, seconds=estimate.seconds, since=since
            )

    def _own_time(self, standing: Standing, at: datetime) -> datetime:
        """The call's own time when the wall clock was `at`; in UTC."""
        return standing.at.astimezone(UTC) + (at - (self._written_at or at))

    @property
    def legs(self) -> tuple[str, ...]:
        """Its channels, the caller's first."""
        if self.arrived is None:
            return ()
        other = (self.talk.leg,) if self.talk is not None and self.talk.leg else ()
        return (self.arrived.channel, *other)

    @property
    def is_waiting(self) -> bool:
        """The caller waits in the queue where the call stands."""
        return self._standing is not None and self._standing.place == f"queue {self._waits_in}"

    @property
    def waits_in(self) -> str | None:
        """The queue in which the caller waits now."""
        return self._waits_in

    def waited_seconds(self, queue: str, at: datetime) -> float | None:
        """Since the caller came to this queue, by then (aware); None where they have not been there of late."""
        standing = self._standing
        waits = standing.waits if standing is not None else ()
        began = next((one for one in waits if one.queue == queue), None)
        if standing is None or began is None:
            return None
        return max(0.0, (self._own_time(standing, at) - began.since).total_seconds())

    def offers(self, leg: str | None) -> tuple[Offered | None, tuple[Offered, ...]]:
        """While the caller waits: the offer to the agent who was rung on this leg, and those that rang beside it.

        Where nobody is known to have been rung on it, it is the last offer.
        """
        if not self.is_waiting:
            return None, ()
        taken = self._rung_on.get(leg or "", self._offer)
        return taken, tuple(one for one in self._rung_on.values() if one != taken)

    @property
    def left_off(self) -> LeftOff | None:
        """Where it stands; None where it has ended, or came to no destination."""
        if self.arrived is None or self._standing is None or self._written_at is None:
            return None
        if self.has_ended:
            return None
        return LeftOff(
            call_id=self.call_id,
            standing=self._standing,
            written_at=self._written_at,
            arrived=self.arrived,
            legs=self.legs,
            bridge=self.talk.bridge if self.talk else None,
            is_answered=self.is_answered,
            is_waiting=self.is_waiting,
            expected=self._expected if self.is_waiting else None,
            held=self._held,
            message=self.message,
            talked=self._talked,
        )


def left_off(entries: Iterable[Entry]) -> LeftOff | None:
    """Where the call of these entries (in order) was left off; None where it has ended, or came to no destination."""
    call = OpenCall.of(entries)
    return call.left_off if call is not None else None


def agents_talked(entries: Iterable[Entry], since: datetime) -> Iterator[str]:
    """Who began to talk with the caller of these entries at that time (aware) or later, once for each talk.

    Nobody in a test.
    """
    call = OpenCall.of(entries)
    if call is None or call.arrived is None or call.arrived.test:
        return
    for talk in call.agent_talks:
        if talk.since >= since:
            yield talk.agent
