"""What an earlier server left behind: callers who are still there, talks that go on alone, legs that nobody owns."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import structlog

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import BridgeSnapshot, ChannelSnapshot, LegEnded, Linked, Unlinked
from ivr.ari.node import Node
from ivr.errors import AsteriskUnreachable
from ivr.records.events import Connected, Ended, Offered, PhoneTaken, TalkEnded
from ivr.records.journal import Entry, Journal
from ivr.records.taking_up import LeftOff, left_off
from ivr.server.supervisor import Supervisor
from ivr.store.door import StoredCalls

log = structlog.get_logger()

NO_ROUTE = 41
"""Q.850 `temporary failure`: what a caller of an earlier server is told, when nobody can go on with the call."""

TAPS = ("Snoop/", "WebSocket/")
"""How the names of channels begin that take a caller's speech to a worker."""

GRACE_SECONDS = 1.0
"""A call that came while the link was made is in the snapshot, and arrives right after it."""


@dataclass(frozen=True, slots=True)
class Unended:
    """Calls without an end: the channels of each, the caller's first, and the last offer to one that waited.

    `left` has where each was left off that came to a destination, `entries` what the journal has of each. `last_seen`
    (aware): the last that is known of the server which had them. `lines` has the trunk of each leg that talks outside.
    """

    legs: dict[str, tuple[str, ...]]
    offers: dict[str, Offered] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    left: dict[str, LeftOff] = field(default_factory=dict)
    entries: dict[str, Sequence[Entry]] = field(default_factory=dict)
    last_seen: datetime | None = None


def unended_calls(stored: StoredCalls) -> Unended:
    """Those of the servers before this one. Blocks; raises StoreFailed. To be read before calls are taken."""
    legs: dict[str, tuple[str, ...]] = {}
    offers: dict[str, Offered] = {}
    lines: dict[str, str] = {}
    lefts: dict[str, LeftOff] = {}
    found: dict[str, Sequence[Entry]] = {}
    seen = [record.ended_at for record in stored.latest(1) if record.ended_at]
    for record in stored.open_calls():
        entries: Sequence[Entry] = stored.events(record.call_id)
        left = left_off(entries)
        found[record.call_id] = entries
        if left is not None:
            lefts[record.call_id] = left
        legs[record.call_id] = left.legs if left else (record.channel,)
        if left is not None and left.is_waiting:
            offered = (one.event for one in entries if isinstance(one.event, Offered))
            offers.update((record.call_id, offer) for offer in offered)
        taken = (one.event for one in entries if isinstance(one.event, PhoneTaken))
        lines.update((one.leg, one.trunk) for one in taken if one.leg and one.trunk)
        seen += [entry.at for entry in entries]
    return Unended(legs, offers, lines, lefts, found, max(seen, default=None))


class LeftBehind:
    """Goes on with what the earlier servers of one Asterisk left, whenever there is a link to it.

    Two who talk are left to talk. They count as a call under way, for the drain too; when one leaves, the other is let
    go. A caller who is there is taken up where the journal says. Other legs are hung up: phones that rang for callers
    ring anew. Calls that have no leg any more are closed.
    """

    def __init__(
        self,
        node: Node,
        supervisor: Supervisor,
        journal: Journal,
        unended: Unended,
        *,
        is_alone: bool = True,
    ) -> None:
        """`is_alone`: no other server uses this Asterisk, so that every phone which rings in it rings for us."""
        self._is_alone = is_alone
        self._node = node
        self._supervisor = supervisor
        self._journal = journal
        self._unended = unended
        self._open = dict(unended.legs)
        self.closed = 0

    async def run(self) -> None:
        """Tell of the link's ups and downs, and clear away after each up, until cancelled."""
        async with asyncio.TaskGroup() as group, self._node.links() as links:
            async for state in links:
                match state:
                    case Linked():
                        await asyncio.sleep(GRACE_SECONDS)
                        try:
                            await self._clear_away(state, group)
                        except AsteriskUnreachable as error:  # the rest of it after the next up
                            log.warning("link lost while clearing away", error=str(error))
                    case Unlinked(reason):
                        log.warning("link lost", reason=reason)

    async def _clear_away(self, linked: Linked, group: asyncio.TaskGroup) -> None:
        followed = self._node.followed()
        nobodys = {
            channel.channel_id
            for channel in linked.channels
            if self._is_of_ours(channel) and channel.channel_id not in followed
        }
        taps = {one.channel_id for one in linked.channels if one.endpoint.startswith(TAPS)}
        for bridge in linked.bridges:
            if taps.intersection(bridge.channel_ids):
                continue  # a caller's speech on its way to a worker is no talk
            members = [leg for leg in bridge.channel_ids if leg in nobodys]
            if members and len(bridge.channel_ids) > 1:
                await self._leave_to_talk(bridge, members, group)
                nobodys -= set(members)
        nobodys -= self._take_up(nobodys, group)
        for leg in nobodys:
            log.warning("leg of an earlier server hung up", channel=leg)
            await self._node.channel(leg).hang_up(NO_ROUTE)
        self._close(nobodys)

    def _is_of_ours(self, channel: ChannelSnapshot) -> bool:
        """In our application, or a phone that still rings: it comes there when somebody answers, and hears nothing."""
        return channel.is_ours or (self._is_alone and ids.is_one(channel.channel_id, "leg"))

    def _take_up(self, nobodys: Collection[str], group: asyncio.TaskGroup) -> frozenset[str]:
        """Go on with the callers among these legs, who are theirs from now on; not with one left alone in a talk."""
        taken = set()
        for call_id in [*self._open]:
            left = self._unended.left.get(call_id)
            if left is None or left.bridge is not None or left.legs[0] not in nobodys:
                continue
            del self._open[call_id]
            taken.add(left.legs[0])
            story = group.create_task(self._go_on(left), name=f"call/{call_id}")
            self._supervisor.count(call_id, story)
        if taken:
            log.warning("calls of an earlier server taken up", calls=len(taken))
        return frozenset(taken)

    async def _go_on(self, left: LeftOff) -> None:
        try:
            caller = await self._take_over(left.legs[0])
        except AsteriskUnreachable:  # after the next up it is known whether the caller is there
            self._open[left.call_id] = left.legs
            return
        if caller.ended.done():  # between the snapshot and now
            self._node.release(caller.id)
            ended = Ended(by="lost_while_down")
            self._supervisor.close_unseen(left.call_id, left.recording, ended)
            return
        await self._supervisor.take_up(left)

    async def _take_over(self, leg: str) -> Channel:
        """Follow it. Raises AsteriskUnreachable; then nobody follows it, so that it is found anew."""
        try:
            return await self._node.take_over(leg)
        except AsteriskUnreachable:
            self._node.release(leg)
            raise

    async def _leave_to_talk(
        self, bridge: BridgeSnapshot, members: Iterable[str], group: asyncio.TaskGroup
    ) -> None:
        log.warning("talk of an earlier server left alone", channels=len(bridge.channel_ids))
        known = {legs[0]: call_id for call_id, legs in self._open.items()}
        callers = [leg for leg in members if leg in known]
        call_id = known[callers[0]] if callers else None
        in_order = sorted(
            members, key=lambda leg: leg not in known
        )  # the caller first, where one is known
        legs: list[Channel] = []
        try:
            for leg in in_order:
                legs.append(await self._take_over(leg))  # noqa: PERF401 - those until a failure count
        except AsteriskUnreachable:
            for taken in legs:
                self._node.release(taken.id)
            raise
        talk: Connected | None = None
        if call_id is not None:
            del self._open[call_id]
            talk = self._talk_of(call_id, bridge)
        for leg in members:
            if trunk := self._unended.lines.get(leg):
                self._supervisor.outgoing.begin(leg, trunk)
                self._supervisor.outgoing.taken(leg)
        watching = self._watch(call_id, legs, bridge.bridge_id, talk)
        counted_as = call_id or ids.new("call")
        self._supervisor.count(counted_as, group.create_task(watching, name=f"talk/{counted_as}"))

    def _talk_of(self, call_id: str, bridge: BridgeSnapshot) -> Connected | None:
        """With whom the caller talks; None outside the queues.

        A server that was killed as the two were connected may not have written that down any more: it is now.
        """
        offer = self._unended.offers.get(call_id)
        if offer is None:
            events = (entry.event for entry in self._unended.entries.get(call_id, ()))
            return next((one for one in reversed([*events]) if isinstance(one, Connected)), None)
        caller = self._unended.legs[call_id][0]
        leg = next((one for one in bridge.channel_ids if one != caller), None)
        talk = Connected(queue=offer.queue, agent=offer.agent, leg=leg, bridge=bridge.bridge_id)
        self._journal.note(call_id, talk)
        return talk

    async def _watch(
        self, call_id: str | None, legs: Sequence[Channel], bridge_id: str, talk: Connected | None
    ) -> None:
        """When one party leaves, the other is let go: nobody is left in silence."""
        goes_on = (
            self._supervisor.talk_goes_on(call_id, talk) if call_id and talk else nullcontext()
        )
        try:
            with goes_on:
                await _one_alone(legs)
        except asyncio.CancelledError:
            if self._supervisor.is_draining:
                self._end(call_id, legs, bridge_id, TalkEnded(by="system"), Ended(by="drain"))
            raise
        else:
            self._end(call_id, legs, bridge_id, *_ends(legs))
        finally:
            for leg in legs:
                self._node.release(leg.id)
                self._supervisor.outgoing.end(leg.id)

    def _end(
        self,
        call_id: str | None,
        legs: Sequence[Channel],
        bridge_id: str,
        talk_ended: TalkEnded,
        ended: Ended,
    ) -> None:
        log.info("talk of an earlier server ended", by=ended.by)
        with suppress(AsteriskUnreachable):
            for leg in legs:
                leg.hang_up_soon()
            self._node.legs(bridge_id).bridge(bridge_id).destroy().tell()
        if call_id is not None:
            self._journal.note(call_id, talk_ended)
            self._supervisor.over(call_id, ended)

    def _close(self, hung_up: Iterable[str]) -> None:
        """The calls that were left open and do not go on: those that had a leg end now, others when nobody looked."""
        now_ended = frozenset(hung_up)
        for call_id, legs in self._open.items():
            seen = None if now_ended.intersection(legs) else self._unended.last_seen
            left = self._unended.left.get(call_id)
            ended = Ended(by="lost_while_down", last_seen=seen)
            self._supervisor.close_unseen(call_id, left.recording if left else None, ended)
        if self._open:
            self.closed += len(self._open)
            log.warning("calls of an earlier server closed", calls=len(self._open))
        self._open.clear()


async def _one_alone(legs: Sequence[Channel]) -> None:
    """Wait until fewer than two of them are left."""
    while True:
        alive = [leg.ended for leg in legs if not leg.ended.done()]
        if len(alive) < 2:
            return
        await asyncio.wait(alive, return_when=asyncio.FIRST_COMPLETED)


def _ends(legs: Sequence[Channel]) -> tuple[TalkEnded, Ended]:
    """Who ended it, the first of `legs` being the caller."""
    by: Literal["caller", "agent"] = "caller" if legs[0].ended.done() else "agent"
    gone: LegEnded = next(leg.ended.result() for leg in legs if leg.ended.done())
    if gone.was_unseen:
        return TalkEnded(by="system"), Ended(by="link_lost")
    if gone.was_lost:
        return TalkEnded(by="system"), Ended(by="lost", cause=gone.cause)
    return TalkEnded(by=by), Ended(by=by, cause=gone.cause)
