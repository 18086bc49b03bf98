"""One guarded, named task per call: whatever happens in one call, the others do not notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

import msgspec
import structlog

from ivr import ids
from ivr.ari.events import Arrival, LegEnded
from ivr.audio.catalogue import PromptCatalogue
from ivr.call import Call, HangUpScope, Ports, Shown, call_on
from ivr.call.message import message_of
from ivr.call.ports import WorldOutside
from ivr.desk import Desk
from ivr.errors import AsteriskError, AsteriskUnreachable, CallerHungUp, IvrError
from ivr.flows.dictation import Dictation, run_dictation
from ivr.flows.hot_desk import NoPins, PinsKept
from ivr.flows.inbound import inbound, nothing_closed
from ivr.flows.origin import Adopted, NewCall, Origin
from ivr.flows.own_call import OwnCall, run_own_call
from ivr.numbers import PhoneNumber, number_from_sip, text_from_sip
from ivr.observe import call_context
from ivr.records.events import Arrived, Connected, Ended, RecordingStarted, TakenUp
from ivr.records.taking_up import LeftOff
from ivr.rules.decide.dialling import dialled_by
from ivr.rules.decision import Override
from ivr.rules.model import Agent, RuleSet
from ivr.server.arrival import TimeOfCall, arrived, facts_of, shown_of
from ivr.server.drafts import Dictations
from ivr.server.room import Room
from ivr.server.trunks import TrunksInUse
from ivr.trunks.allowance import kind_of

log = structlog.get_logger()

APOLOGY_SECONDS = 15.0
"""The longest that a last word (an apology, a goodbye) may take."""

RELINK_SECONDS = 30.0
"""How long a caller whose call we lost hold of is kept in the hope of a link; then the dialplan's limit is left."""

WORD_SECONDS = 2.0
"""How long Asterisk may take to say why a leg that is gone has ended."""

REFUSED = 42
"""Q.850 `switching equipment congestion`: a trunk hears 503 and tries its next way in."""


@dataclass(frozen=True, slots=True)
class _Phone:
    """A phone of ours that makes a call; `agent` is who sits there, if one does."""

    account: str
    agent: Agent | None


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
        self._all_ended = asyncio.Event()
        self._all_ended.set()
        self.pins: PinsKept = NoPins()
        self.dictations = Dictations()
        self.is_draining = False
        self._is_hurried = False

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
        return f"{self.calls} calls under way"

    async def run(self) -> None:
        """Take calls until cancelled; then every call's task is cancelled, and its end waited for."""
        async with asyncio.TaskGroup() as group, self._ports.exchange.arrivals() as arrivals:
            async for arrival in arrivals:
                call_id = ids.new("call")
                story = self._welcome(call_id, arrival)
                self.count(call_id, group.create_task(story, name=f"call/{call_id}"))

    def count(self, call_id: str, story: asyncio.Task[None]) -> None:
        """A call is under way for as long as this task runs; a drain waits for it, and then cancels it."""
        self._calls[call_id] = story
        self._all_ended.clear()
        story.add_done_callback(partial(self._forget, call_id))

    async def drain(self, seconds: float) -> None:
        """Take no new calls; let those under way finish for up to `seconds`, then say goodbye to the rest."""
        self.is_draining = True
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
        self.is_draining = self._is_hurried = True
        self._cut_off()

    def _cut_off(self) -> None:
        for task in self._calls.values():
            task.cancel()

    def _forget(self, call_id: str, _: asyncio.Task[None]) -> None:
        del self._calls[call_id]
        self._refused.discard(call_id)
        self.trunks.end(call_id)
        if not self._calls:
            self._all_ended.set()

    def _welcome(self, call_id: str, arrival: Arrival) -> Coroutine[None, None, None]:
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

    def _refuse(self, call_id: str, arrival: Arrival, end: Ended) -> Coroutine[None, None, None]:
        """A call that cannot be taken: told at once, so that a trunk may try elsewhere."""
        self._refused.add(call_id)
        return self._turn_away(call_id, arrival, end)

    async def _turn_away(self, call_id: str, arrival: Arrival, end: Ended) -> None:
        journal, rules = self._ports.journal, self._rules()
        async with self._call(call_id, arrival, rules) as call:
            journal.note(call_id, self._arrived(arrival, rules))
            self.over(call_id, end)
            await call.leave(end.cause)

    async def _take(self, call_id: str, arrival: Arrival) -> None:
        """A call that has come in."""
        rules = self._rules()
        with call_context(call_id):
            async with self._call(call_id, arrival, rules) as call:
                told = self._arrived(arrival, rules)
                phone = self._phone_of_ours(arrival, rules)
                own = self._dictation(arrival, phone) or self._own_call(arrival, phone, rules)
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
                await self._guarded(call, rules, begins, arrival.node)

    def talk_goes_on(self, call_id: str, talk: Connected) -> AbstractContextManager[None]:
        """For as long as a talk of the server before this one lasts: its agent is not rung, and wraps up after it."""
        queue = self._rules().queues.get(talk.queue)
        wrap_up = queue.wrap_up_seconds if queue is not None else 0.0
        return self._desk.talk_goes_on(talk.agent, call_id, talk.queue, wrap_up)

    async def take_up(self, left: LeftOff) -> None:
        """Go on with a call of the server before this one, whose leg is followed already, where it was left off."""
        rules, told = self._rules(), left.arrived
        moved_on = self._time_of_call.clock.now() - left.written_at
        with call_context(left.call_id):
            caller = number_from_sip(told.caller or "")
            call_at = self._call_at(told.node, told.channel, left.call_id, rules, caller)
            async with call_at as call:
                self._ports.counts.count("calls_taken_up")
                call.note(TakenUp(place=left.standing.place))
                call.recording = left.recording
                self.trunks.take_up(left.call_id, told.trunk)
                log.info("call taken up", place=left.standing.place, caller=call.caller)
                adopted = Adopted(left, left.standing.at + moved_on)
                await self._guarded(call, rules, adopted, told.node)

    def close_unseen(self, call_id: str, recording: RecordingStarted | None, end: Ended) -> None:
        """A call that ended when nobody looked; a message that was being left in it is kept, as far as there is one."""
        message = message_of(recording, self._ports) if recording is not None else None
        if message is not None:
            self._ports.journal.note(call_id, message)
        self.over(call_id, end)

    async def _guarded(
        self, call: Call, rules: RuleSet, origin: Origin | OwnCall | Dictation, node: str
    ) -> None:
        """The guard around one call's story, from its origin to its end."""
        try:
            end = await self._story(call, rules, origin, node)
        except asyncio.CancelledError:
            if not self.is_draining:  # we fail: caller and open record are the next one's
                call.let_go()
                raise
            end = Ended(by="drain")
        self.over(call.id, end)
        log.info("call ended", by=end.by, cause=end.cause)
        await call.leave(end.cause if end.by == "rules" else None)

    def over(self, call_id: str, end: Ended) -> None:
        """A call is over: tell the journal, and count how it ended."""
        self._ports.journal.note(call_id, end)
        self._ports.counts.count(f"calls_ended_{end.by}")

    def _phone_of_ours(self, arrival: Arrival, rules: RuleSet) -> _Phone | None:
        """Which phone calls; None for a caller."""
        if self.trunks.named(arrival.account) is not None:
            return None
        agent = self._desk.agent_at(arrival.account)
        known = rules.agents.get(agent.name) if agent is not None else None
        if known is None and not self._desk.has_phone(arrival.account):
            return None
        return _Phone(arrival.account, known)

    def _dictation(self, arrival: Arrival, phone: _Phone | None) -> Dictation | None:
        """A prompt is to be recorded by phone, where the settings have a code for it."""
        agent = phone.agent if phone is not None else None
        return self.dictations.asked_by(arrival, agent, is_phone=phone is not None)

    def _own_call(self, arrival: Arrival, phone: _Phone | None, rules: RuleSet) -> OwnCall | None:
        """Who made the call, and what they dialled, where that is not for the numbers that callers dial."""
        if phone is None:
            return None
        number = number_from_sip(arrival.dialled)
        dialling = dialled_by(rules, phone.agent, text_from_sip(arrival.dialled), number, kind_of)
        return OwnCall(phone.agent, phone.account, dialling) if dialling is not None else None

    async def _story(
        self, call: Call, rules: RuleSet, origin: Origin | OwnCall | Dictation, node: str
    ) -> Ended:
        try:
            async with HangUpScope(call.leg):
                return await self._told(call, rules, origin)
        except CallerHungUp:
            return await _end_of_leg(call.leg.ended)
        except AsteriskUnreachable as error:
            await self._sorry_when_linked(call, node)
            return Ended(by="link_lost", error=error.code)
        except asyncio.CancelledError:
            if not self.is_draining:
                raise
            _go_on()
            if not self._is_hurried:
                await self._last_word(call, "goodbye")
            return Ended(by="drain")
        except Exception as error:
            log.exception("call failed")
            self._ports.counts.count("calls_failed")
            await self._last_word(call, "sorry")
            return Ended(
                by="failed",
                error=error.code if isinstance(error, IvrError) else type(error).__name__,
            )

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

    async def _sorry_when_linked(self, call: Call, node: str) -> None:
        """The link dropped under a request: the caller is still there, and is told as soon as we can be heard."""
        try:
            async with asyncio.timeout(RELINK_SECONDS):
                await self._ports.exchange.linked(node)
        except TimeoutError:
            log.warning("caller left without a word", reason="the link did not come back")
        else:
            await self._last_word(call, "sorry")

    async def _last_word(self, call: Call, prompt: str) -> None:
        """No caller is left in silence: say this much, however the story broke."""
        try:
            async with asyncio.timeout(APOLOGY_SECONDS), HangUpScope(call.leg):
                await call.say(prompt)
        except (CallerHungUp, AsteriskError, TimeoutError):
            log.debug("last word not heard", prompt=prompt)

    def _call(
        self, call_id: str, arrival: Arrival, rules: RuleSet
    ) -> AbstractAsyncContextManager[Call]:
        caller = number_from_sip(arrival.caller_number)
        shown = self._shown(arrival, rules)
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

    def _shown(self, arrival: Arrival, rules: RuleSet) -> Shown | None:
        """An agent who calls is shown by name, and by what colleagues dial to call back: wherever they sit."""
        agent = self._desk.agent_at(arrival.account)
        if agent is None or self.trunks.named(arrival.account) is not None:
            return shown_of(arrival, rules)
        return Shown(agent.number or agent.name, agent.title)

    def _arrived(self, arrival: Arrival, rules: RuleSet) -> Arrived:
        over_trunk = self.trunks.named(arrival.account) is not None
        return arrived(arrival, rules, self._time_of_call, over_trunk=over_trunk)


async def _end_of_leg(leg_ended: asyncio.Future[LegEnded]) -> Ended:
    """The caller's doing; but not where the phone is gone, or the leg was lost with its Asterisk or the link."""
    # A verb may have found the leg gone before Asterisk's word of it came.
    await asyncio.wait((leg_ended,), timeout=WORD_SECONDS)
    if not leg_ended.done():
        return Ended(by="caller")
    end = leg_ended.result()
    if end.was_unseen:
        return Ended(by="link_lost")
    if end.was_lost:
        return Ended(by="lost", cause=end.cause, heard_seconds=end.heard_seconds)
    return Ended(by="caller", cause=end.cause)


def _go_on() -> None:
    """The drain has cancelled this task and is answered; what follows is the goodbye."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
