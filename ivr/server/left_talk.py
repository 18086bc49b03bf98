"""A talk that goes on although nobody tells its story: it is watched, and nobody is left alone in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Literal

import msgspec
import structlog

from ivr.ari.bridge import Bridge
from ivr.ari.channel import Channel
from ivr.ari.events import LegEnded
from ivr.ari.node import Node
from ivr.call import SILENT_SECONDS
from ivr.desk import TalkGoesOn
from ivr.errors import AsteriskUnreachable
from ivr.records.events import Connected, Ended, OfferFailed, TalkEnded, is_agent
from ivr.server.left_calls import LeftCall
from ivr.server.supervisor import Supervisor
from ivr.server.under_way import CallsUnderWay

log = structlog.get_logger()


class LeftTalk:
    """`left` is the caller's call, None where the journal knows nothing of it; `legs` are followed, the caller's first.

    It is in the books of those who tell stories: of the agent's day, of the caller, and of what was talked outside.
    """

    def __init__(
        self,
        left: LeftCall | None,
        legs: Sequence[Channel],
        bridge: Bridge,
        node: Node,
        supervisor: Supervisor,
        journal: CallsUnderWay,
    ) -> None:
        self._call = left.call if left is not None else None
        self._was_ours = left is not None and left.by == "link_lost"
        self._is_new = False
        self._legs = tuple(legs)
        self._bridge = bridge
        self._node = node
        self._supervisor = supervisor
        self._journal = journal
        self._talk = self._with_whom()

    def _with_whom(self) -> Connected | None:
        """With whom the caller talks; None outside the queues.

        A server that was killed as the two were connected may not have written that down any more: it is now, also of
        a phone outside the queues. Of phones that rang at once the leg tells whose was taken.
        """
        call = self._call
        if call is None:
            return None
        leg = next((one.id for one in self._legs if one.id != call.legs[0]), None)
        offer, others = call.offers(leg)
        if call.sounding is not None and leg is not None:
            taken = msgspec.structs.replace(call.sounding, leg=leg, bridge=self._bridge.id)
            self._journal.note(call.call_id, taken)
        if offer is None:
            return call.talk if isinstance(call.talk, Connected) else None
        for other in others:
            failed = OfferFailed(queue=other.queue, agent=other.agent, result="other_answered")
            self._journal.note(call.call_id, failed)
        talk = Connected(queue=offer.queue, agent=offer.agent, leg=leg, bridge=self._bridge.id)
        self._journal.note(call.call_id, talk)
        self._is_new = is_agent(offer.agent)
        return talk

    async def watch(self) -> None:
        """Until one party leaves: then a caller goes on where the rules say, and anybody else is let go."""
        self._hold_line()
        try:
            with self._agent_talks() as talk:
                await self._talks()
                talk.is_phone_lost = _ends(self._legs)[0].by == "system"
        except asyncio.CancelledError:
            if self._supervisor.is_draining:
                self._end(TalkEnded(by="system"), Ended(by="drain"))
            self._release(*self._legs)
            raise
        await self._go_on()

    def _hold_line(self) -> None:
        """A talk outside holds its line, and has cost what it has; what came before a lost link is counted already."""
        call, outgoing = self._call, self._supervisor.outgoing
        line = call.line if call is not None else None
        if call is not None and line is not None and any(leg.id == line[0] for leg in self._legs):
            outgoing.begin(*line)
            outgoing.taken(line[0], 0.0 if self._was_ours else self._supervisor.talks_seconds(call))

    def _agent_talks(self) -> AbstractContextManager[TalkGoesOn]:
        call = self._call
        if call is None or self._talk is None:
            return nullcontext(TalkGoesOn())
        return self._supervisor.talk_goes_on(call, self._talk, is_new=self._is_new)

    async def _talks(self) -> None:
        """Until one is alone. From when any talk counts as one, the caller has talked with this agent."""
        call, talks = self._call, self._call.agent_talks if self._call is not None else ()
        if call is not None and talks and talks[-1].until is None:
            short_seconds = SILENT_SECONDS - self._supervisor.talks_seconds(call)
            if short_seconds > 0 and await _one_alone_within(self._legs, short_seconds):
                return
            self._supervisor.talked(call, talks[-1])
        await _one_alone(self._legs)

    async def _go_on(self) -> None:
        """The caller is there, and hears what comes after the talk; or it is over for all."""
        caller, *others = self._legs
        if self._call is None or self._call.left_off is None or caller.ended.done():
            self._end(*_ends(self._legs))
            self._release(*self._legs)
            return
        talk_ended, _ = _ends(self._legs)
        log.info("talk of an earlier server ended", by=talk_ended.by)
        self._journal.note(self._call.call_id, talk_ended)
        with suppress(AsteriskUnreachable):
            for leg in others:
                leg.hang_up_soon()
            self._bridge.remove(caller).tell()  # what is said to one in a bridge that goes is lost
            self._bridge.destroy().tell()
        self._release(*others)
        await self._supervisor.take_up(self._call)

    def _end(self, talk_ended: TalkEnded, ended: Ended) -> None:
        log.info("talk of an earlier server ended", by=ended.by)
        with suppress(AsteriskUnreachable):
            for leg in self._legs:
                leg.hang_up_soon()
            self._bridge.destroy().tell()
        if self._call is not None:
            if ended.by == "lost" and self._talk is not None and self._legs[0].ended.done():
                self._supervisor.leaves_place(self._call, self._talk.queue)
            self._journal.note(self._call.call_id, talk_ended)
            self._supervisor.over(self._call.call_id, ended)

    def _release(self, *legs: Channel) -> None:
        for leg in legs:
            self._node.release(leg.id)
            self._supervisor.outgoing.end(leg.id)


async def _one_alone(legs: Sequence[Channel]) -> None:
    """Wait until fewer than two of them are left."""
    while True:
        alive = [leg.ended for leg in legs if not leg.ended.done()]
        if len(alive) < 2:
            return
        await asyncio.wait(alive, return_when=asyncio.FIRST_COMPLETED)


async def _one_alone_within(legs: Sequence[Channel], seconds: float) -> bool:
    """As `_one_alone`; False where they stay longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await _one_alone(legs)
    except TimeoutError:
        return False
    return True


def _ends(legs: Sequence[Channel]) -> tuple[TalkEnded, Ended]:
    """Who ended it, the first of `legs` being the caller."""
    by: Literal["caller", "agent"] = "caller" if legs[0].ended.done() else "agent"
    gone: LegEnded = next(leg.ended.result() for leg in legs if leg.ended.done())
    if gone.was_unseen:
        return TalkEnded(by="system" if by == "caller" else by), Ended(by="link_lost")
    if gone.was_lost:
        return TalkEnded(by="system"), Ended(by="lost", cause=gone.cause)
    return TalkEnded(by=by), Ended(by=by, cause=gone.cause)
