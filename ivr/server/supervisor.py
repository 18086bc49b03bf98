"""One guarded, named task per call: whatever happens in one call, the others do not notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    nullcontext,
)
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

import msgspec
import structlog

from ivr import ids
from ivr.amount import counted
from ivr.ari.events import Arrival
from ivr.audio.catalogue import PromptCatalogue
from ivr.call import SILENT_SECONDS, Call, Ports, Shown, call_on
from ivr.call.message import message_of
from ivr.call.ports import WorldOutside
from ivr.desk import Desk, TalkGoesOn
from ivr.flows.dictation import Dictation, run_dictation
from ivr.flows.hot_desk import NoPins, PinsKept
from ivr.flows.inbound import inbound, nothing_closed
from ivr.flows.origin import Adopted, NewCall, Origin
from ivr.flows.own_call import OwnCall, run_own_call
from ivr.numbers import PhoneNumber, number_from_sip
from ivr.observe import call_context
from ivr.records.events import Arrived, Connected, Ended, RecordingStarted, TakenUp
from ivr.records.taking_up import AgentTalk, OpenCall
from ivr.rules.decision import Override
from ivr.rules.model import RuleSet
from ivr.server.arrival import TimeOfCall, arrived, facts_of, facts_told
from ivr.server.drafts import Dictations
from ivr.server.house_phone import HousePhone, own_story, shown_as
from ivr.server.left_calls import LostWith
from ivr.server.room import Room
from ivr.server.story_guard import Begin, Drain, LeftTo, StoryGuard, WholeStory
from ivr.server.trunks import TrunksInUse

log = structlog.get_logger()

FLOOR_TURN_SECONDS = 1.1
"""After so long everybody has been offered to us once who waits on the floor."""

REFUSED = 42
"""Q.850 `switching equipment congestion`: a trunk hears 503 and tries its next way in."""


class Supervisor:
    """Takes every arrival, and knows who is still on the line."""

    def __init__(
        self,
        ports: Ports,
        desk: Desk,
        rules: Callable[[], RuleSet],
        time_of_call: TimeOfCall,
        *,
        prompts: Callable[[], PromptCatalogue] | None = None,
        overrides: Callable[[], tuple[Override, ...]] = nothing_closed,
    ) -> None:
        """`rules` and `prompts` (without it, those of `ports`) are asked once for each call, as it arrives."""
        self._ports = ports
        self._desk = desk
        self._rules = rules
        self._time_of_call = time_of_call
        self._prompts = prompts or (lambda: ports.prompts)
        self._overrides = overrides
        self.room = Room(None, lambda: 0, time_of_call.clock)
        self.trunks = TrunksInUse(time_of_call.clock)
        self._calls: dict[str, asyncio.Task[None]] = {}
        self._refused: set[str] = set()
        self._left_to: dict[str, LeftTo] = {}
        self._from_floor: list[tuple[float, Begin]] = []
        self._all_ended = asyncio.Event()
        self._all_ended.set()
        self.somebody = asyncio.Event()
        self.pins: PinsKept = NoPins()
        self.dictations = Dictations()
        self._drain = Drain()
        self._guard = StoryGuard(ports, self._drain)

    @property
    def is_draining(self) -> bool:
        """No new calls are taken."""
        return self._drain.is_draining

    @property
    def outgoing(self) -> WorldOutside:
        """Who counts the legs that go outside."""
        return self._ports.outgoing

    @property
    def calls(self) -> int:
        """Calls under way."""
        return len(self._calls)

    @property
    def taken(self) -> int:
        """Calls under way without those that are being turned away."""
        return len(self._calls) - len(self._refused)

    @property
    def doing(self) -> str:
        """In a few words, for whoever watches the server."""
        return f"{counted(self.calls, 'call')} under way"

    async def run(self) -> None:
        """Take calls until cancelled; then every call's task is cancelled, and its end waited for."""
        async with asyncio.TaskGroup() as group, self._ports.exchange.arrivals() as arrivals:
            group.create_task(self._ports.life.run(), name="lifesigns")
            async for arrival in arrivals:
                keeper = self._left_to.get(arrival.node)
                if keeper is not None and keeper.has_in_hand(arrival.channel_id):
                    continue
                begin = keeper.claim(arrival.channel_id) if keeper is not None else None
                begin = begin or partial(self._new_call, arrival)
                if arrival.waited_seconds is None:
                    self._begin(begin, group)
                    continue
                came_at = asyncio.get_running_loop().time() - arrival.waited_seconds
                self._from_floor.append((came_at, begin))
                if len(self._from_floor) == 1:
                    group.create_task(self._begin_in_order(group), name="from-floor")

    async def _begin_in_order(self, group: asyncio.TaskGroup) -> None:
        """The floor offers each caller at another moment of a second: who came first, to us, is first."""
        await asyncio.sleep(FLOOR_TURN_SECONDS)
        came, self._from_floor = self._from_floor, []
        for _, begin in sorted(came, key=itemgetter(0)):
            self._begin(begin, group)

    def _begin(self, begin: Begin, group: asyncio.TaskGroup) -> None:
        call_id, story = begin()
        self.count(call_id, group.create_task(story, name=f"call/{call_id}"))

    def _new_call(self, arrival: Arrival) -> tuple[str, WholeStory]:
        call_id = ids.new("call")
        return call_id, self._welcome(call_id, arrival)

    def leaves_to(self, node: str, keeper: LeftTo) -> None:
        """Calls of this node that lose the link are kept there."""
        self._left_to[node] = keeper

    def count(self, call_id: str, story: asyncio.Task[None]) -> None:
        """A call is under way for as long as this task runs; a drain waits for it, and then cancels it."""
        self._calls[call_id] = story
        self._all_ended.clear()
        self.somebody.set()
        story.add_done_callback(partial(self._forget, call_id))

    async def drain(self, seconds: float) -> None:
        """Take no new calls; let those under way finish for up to `seconds`, then say goodbye to the rest."""
        self._drain.is_draining = True
        log.info("draining", calls=self.calls, seconds=seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._all_ended.wait()
        except TimeoutError:
            log.warning("calls cut off by the drain", calls=self.calls)
            self._cut_off()
            await self._all_ended.wait()

    def hurry(self) -> None:
        """Hang up on those under way, without a word: the drain that runs, or is to begin, ends at once."""
        self._drain.is_draining = self._drain.is_hurried = True
        self._cut_off()

    def _cut_off(self) -> None:
        self._drain.is_cut_off = True
        for task in self._calls.values():
            task.cancel()

    def _forget(self, call_id: str, story: asyncio.Task[None]) -> None:
        if self._calls.get(call_id) is not story:
            return  # another one goes on with it
        del self._calls[call_id]
        self._refused.discard(call_id)
        self.trunks.end(call_id)
        if not self._calls:
            self._all_ended.set()
            self.somebody.clear()

    def _welcome(self, call_id: str, arrival: Arrival) -> WholeStory:
        """What is done with a call, decided as it comes."""
        self._ports.counts.count("calls_arrived")
        if self.is_draining:
            return self._refuse(call_id, arrival, Ended(by="drain", cause=REFUSED))
        if refusal := self.trunks.refusal(arrival):
            self._ports.counts.count("trunk_calls_refused")
            return self._refuse(
                call_id, arrival, Ended(by="failed", cause=refusal.cause, error=refusal.word)
            )
        if no_place := self.room.refusal(self.taken):
            return self._refuse(call_id, arrival, Ended(by="failed", cause=REFUSED, error=no_place))
        self.trunks.begin(call_id, arrival)
        return self._take(call_id, arrival)

    def _refuse(self, call_id: str, arrival: Arrival, end: Ended) -> WholeStory:
        """A call that cannot be taken: told at once, so that a trunk may try elsewhere."""
        self._refused.add(call_id)
        return self._turn_away(call_id, arrival, end)

    async def _turn_away(self, call_id: str, arrival: Arrival, end: Ended) -> None:
        journal, rules = self._ports.journal, self._rules()
        async with self._call(call_id, arrival, rules) as call:
            journal.note(call_id, self._arrived(arrival, rules))
            self.over(call_id, end)
            await self._guard.leave(call, self._left_to[arrival.node], end.cause)

    async def _take(self, call_id: str, arrival: Arrival) -> None:
        """A call that has come in."""
        rules, keeper = self._rules(), self._left_to[arrival.node]
        with call_context(call_id):
            async with (
                self._guard.kept(call_id, keeper),
                self._call(call_id, arrival, rules) as call,
            ):
                told = self._arrived(arrival, rules)
                over_trunk = self._came_over_trunk(arrival)
                phone = None if over_trunk else HousePhone.of(arrival, self._desk, rules)
                own = own_story(arrival, phone, rules, self.dictations)
                if own is not None:
                    told = msgspec.structs.replace(told, agent=own.agent.name if own.agent else "")
                self._ports.journal.note(call_id, told)
                log.info(
                    "call arrived",
                    dialled=number_from_sip(arrival.dialled),
                    caller=call.caller,
                    test=told.test,
                )
                begins = own or NewCall(facts_of(arrival, told, rules))
                with self._watched_over(call, told):
                    word = "sorry" if isinstance(begins, Dictation) else "goodbye"
                    await self._guard.around(call, self._told(call, rules, begins), keeper, word)

    def talk_goes_on(
        self, call: OpenCall, talk: Connected, *, is_new: bool
    ) -> AbstractContextManager[TalkGoesOn]:
        """For as long as a talk of the server before this one lasts: its agent is not rung, and wraps up after it.

        `is_new`: it was written down only now, so that no talk of the day is known of the agent for it.
        """
        if is_new:
            self._desk.had_talk(talk.agent)
        queue = self._rules().queues.get(talk.queue)
        wrap_up = queue.wrap_up_seconds if queue is not None else 0.0
        lasted = self.talks_seconds(call)
        return self._desk.talk_goes_on(talk.agent, call.call_id, talk.queue, wrap_up, lasted)

    def talks_seconds(self, call: OpenCall) -> float:
        """How long the talk of an earlier server that is under way has lasted."""
        return call.talks_seconds(self._time_of_call.clock.now())

    def talked(self, call: OpenCall, talk: AgentTalk) -> None:
        """The caller has talked with this agent in a call that nobody tells, for so long that it counts."""
        caller = _caller_of(call)
        if caller is not None:
            counted_from = talk.since + timedelta(seconds=SILENT_SECONDS)
            self._ports.talks.talked(caller, talk.agent, counted_from)

    def talk_was_over(
        self, call: OpenCall, lost: LostWith, over_at: datetime | None = None
    ) -> None:
        """A talk that nobody saw end is in the books as any other; where the link was lost in it, some of it is."""
        at = over_at or self._time_of_call.clock.now()
        if (talk := call.last_talk(at, SILENT_SECONDS)) is not None:
            self.talked(call, talk)
        if call.line is not None and lost == "lost_while_down":
            self.outgoing.talked(min(call.talks_seconds(at), self.outgoing.longest_seconds))

    async def take_up(
        self,
        left: OpenCall,
        lost: LostWith = "lost_while_down",
        *,
        was_freed: bool = False,
    ) -> None:
        """Go on where a call was left off whose caller's leg is followed already; `was_freed`: it is on the floor.

        Where nothing was decided of it yet, it begins. An agent's own call was `lost`: that is said.
        """
        told, rules, off = left.arrived, self._rules(), left.left_off
        if told is None:
            raise ValueError
        keeper = self._left_to[told.node]
        with call_context(left.call_id):
            caller = number_from_sip(told.caller or "")
            call_at = self._call_at(told.node, told.channel, left.call_id, rules, caller)
            async with self._guard.kept(left.call_id, keeper), call_at as call:
                self.trunks.take_up(left.call_id, told.trunk)
                if off is None and told.agent is None:
                    begins = NewCall(facts_told(told, rules), not was_freed)
                    await self._guard.around(call, self._told(call, rules, begins), keeper)
                    return
                if off is None:
                    end = Ended(by=lost)
                    self.dictations.drafts.drop(call.takes)
                    await self._guard.part(call, end, keeper, is_answered=left.is_answered)
                    return
                self._ports.counts.count("calls_taken_up")
                call.note(TakenUp(place=off.standing.place, was_freed=was_freed))
                call.message = off.message
                log.info("call taken up", place=off.standing.place, caller=call.caller)
                moved_on = self._time_of_call.clock.now() - off.written_at
                adopted = Adopted(off, off.standing.at + moved_on, was_freed)
                with self._watched_over(call, told):
                    await self._guard.around(call, self._told(call, rules, adopted), keeper)

    def _watched_over(self, call: Call, told: Arrived) -> AbstractContextManager[None]:
        """A phone that falls silent is asked whether it is there; a trunk's carrier says so when a caller is gone."""
        return self._ports.life.watched(call.leg) if told.trunk is None else nullcontext()

    def close_unseen(self, call: OpenCall, end: Ended, lost: LostWith) -> None:
        """A call that ended when nobody looked; a message that was being left in it is kept, as far as there is one."""
        self.talk_was_over(call, lost, end.last_seen)
        self.leaves_place(call, call.waits_in, end.last_seen)
        started = call.message if isinstance(call.message, RecordingStarted) else None
        message = message_of(started, self._ports) if started is not None else None
        if message is not None:
            self._ports.journal.note(call.call_id, message)
        self.over(call.call_id, end)

    def leaves_place(self, call: OpenCall, queue: str | None, at: datetime | None = None) -> None:
        """Who waited in this queue, or was cut off from an agent, and did not hang up, may have the place again."""
        left_at = at or self._time_of_call.clock.now()
        caller = _caller_of(call)
        waited = call.waited_seconds(queue or "", left_at)
        if caller is not None and queue is not None and waited is not None:
            self._ports.places.leave(caller, call.call_id, queue, waited, left_at)

    def over(self, call_id: str, end: Ended) -> None:
        """See StoryGuard."""
        self._guard.over(call_id, end)

    async def _told(
        self, call: Call, rules: RuleSet, origin: Origin | OwnCall | Dictation
    ) -> Ended:
        match origin:
            case Dictation():
                drafts = self.dictations.drafts
                return await run_dictation(call, origin, rules, self.pins, drafts)
            case OwnCall():
                return await run_own_call(call, origin, rules, self._desk, self.pins)
            case _:
                return await inbound(call, rules, origin, self._desk, self._overrides)

    def _call(
        self, call_id: str, arrival: Arrival, rules: RuleSet
    ) -> AbstractAsyncContextManager[Call]:
        caller = number_from_sip(arrival.caller_number)
        over_trunk = self._came_over_trunk(arrival)
        shown = shown_as(arrival, self._desk, rules, over_trunk=over_trunk)
        return self._call_at(arrival.node, arrival.channel_id, call_id, rules, caller, shown)

    def _call_at(
        self,
        node: str,
        channel_id: str,
        call_id: str,
        rules: RuleSet,
        caller: PhoneNumber | None,
        shown: Shown | None = None,
    ) -> AbstractAsyncContextManager[Call]:
        legs = self._ports.exchange.legs(call_id, node)
        return call_on(
            legs.channel(channel_id),
            legs,
            replace(self._ports, prompts=self._prompts()),
            call_id,
            caller=caller,
            shown=shown,
            languages=rules.languages,
        )

    def _arrived(self, arrival: Arrival, rules: RuleSet) -> Arrived:
        over_trunk = self._came_over_trunk(arrival)
        return arrived(arrival, rules, self._time_of_call, over_trunk=over_trunk)

    def _came_over_trunk(self, arrival: Arrival) -> bool:
        return self.trunks.named(arrival.account) is not None


def _caller_of(call: OpenCall) -> PhoneNumber | None:
    """The caller's number, as the journal has it."""
    return number_from_sip(call.arrived.caller or "") if call.arrived is not None else None
