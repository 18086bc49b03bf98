"""Calls whose story nobody tells any more: an earlier server's, and those that lost the link. All are gone on with."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress

import structlog

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import BridgeSnapshot, Linked, Unlinked
from ivr.ari.node import Node
from ivr.asterisk.conf_floor import ANEW, FLOOR_CONTEXT
from ivr.errors import AsteriskUnreachable
from ivr.records.events import Ended, TalkEnded
from ivr.server.alive import AliveInAsterisk, came_in
from ivr.server.left_calls import LeftCall, LeftCalls, Unended
from ivr.server.left_talk import LeftTalk
from ivr.server.story_guard import Begin
from ivr.server.supervisor import Supervisor
from ivr.server.under_way import CallsUnderWay
from ivr.server.unseen_ends import EndsOfChannels, UnseenEnds

log = structlog.get_logger()

NO_ROUTE = 41
"""Q.850 `temporary failure`: what a leg is told with which nobody can go on."""

FLOOR_SECONDS = 1.0
"""How often it is looked who of those on the floor is there still."""

GRACE_SECONDS = 1.0
"""A call that came while the link was made is in the snapshot, and arrives right after it."""

LET_GO_SECONDS = 5.0
"""How long a story whose caller was freed may take to let go of the call; it waits two for the end of a recording."""

TAKEN_UP_IN_VAIN = 2
"""So often in one link: the first may be that link's loss, which is not known yet; the second is a fault that stays."""


class LeftBehind:
    """Goes on with what was left in one Asterisk, whenever there is a link to it.

    Two who talk are left to talk. They count as a call under way, for the drain too; when one leaves, the caller goes
    on, or the other is let go. A caller who is there is taken up where the journal says, one of whom it knows nothing
    begins a new call, and who was freed to the floor comes in from there, see `claim`. Other legs are hung up: phones
    that rang for callers ring anew. Calls that have no leg any more are closed.
    """

    def __init__(
        self,
        node: Node,
        supervisor: Supervisor,
        journal: CallsUnderWay,
        unended: Unended | None = None,
        *,
        is_alone: bool = True,
        ledger: EndsOfChannels | None = None,
    ) -> None:
        """`is_alone`: no other server uses this Asterisk, so that every phone which rings in it rings for us."""
        self._is_alone = is_alone
        self._node = node
        self._supervisor = supervisor
        self._journal = journal
        self._left = LeftCalls(journal, unended or Unended())
        self._ends = UnseenEnds(node, ledger)
        self._is_due = asyncio.Event()
        self._taken_up: Counter[str] = Counter()
        self._linked_as = ""
        self._has_looked = asyncio.Event()
        self._awaited: set[str] = set()
        self.closed = 0
        supervisor.leaves_to(node.name, self)

    async def run(self) -> None:
        """Tell of the link's ups and downs, and go on with what was left after each up, until cancelled."""
        async with asyncio.TaskGroup() as group, self._node.links() as links:
            sorting = group.create_task(self._sort_when_due(group), name="left-behind")
            try:
                async for state in links:
                    match state:
                        case Linked():
                            self._taken_up.clear()
                            self._linked_as = ids.new("br")
                            self._is_due.set()
                        case Unlinked(reason):
                            log.warning("link lost", reason=reason)
            finally:
                sorting.cancel()
                self._left.give_up()

    def may_keep(self, call_id: str) -> bool:
        """Whether a call that lost hold of its caller is gone on with; not if it was in vain in a link that stands."""
        is_open = self._journal.open_call(call_id) is not None
        return is_open and self._taken_up[call_id] < TAKEN_UP_IN_VAIN

    async def keep(self, call_id: str) -> None:
        """Wait until somebody has this call again, or it is over; its caller's leg is followed still.

        Raises CancelledError when the server ends before that.
        """
        call = self._journal.open_call(call_id)
        if call is None:
            return
        left = self._left.add(call)
        self._is_due.set()
        try:
            await left.over.wait()
        finally:
            if left in self._left:
                self._left.remove(left)
                self._node.release(call.legs[0])
        if self._left.is_over:
            raise asyncio.CancelledError

    def has_in_hand(self, channel_id: str) -> bool:
        """See LeftTo: the link was lost since, so that Asterisk has taken the caller back to the floor."""
        left = self._left.on(channel_id)
        return left.is_in_hand if left is not None else channel_id in self._awaited

    def claim(self, channel_id: str) -> Begin | None:
        """See LeftTo. The floor offers each caller once a second."""
        left = self._left.on(channel_id)
        if left is not None:
            left.is_in_hand = True
            return lambda: (left.call.call_id, self._go_on_from_floor(left))
        if (call := self._journal.open_on(self._node.name, channel_id)) is not None:
            self._awaited.add(channel_id)
            return lambda: (call.call_id, self._go_on_when_let_go(call.call_id, channel_id))
        return None

    async def _go_on_when_let_go(self, call_id: str, channel_id: str) -> None:
        """Its story has not noticed yet that the caller was freed, or waits for the last word of something."""
        try:
            async with asyncio.timeout(LET_GO_SECONDS):
                left = await self._left.added(call_id)
        except TimeoutError:  # it is over; a caller who is there still is offered again
            return
        finally:
            self._awaited.discard(channel_id)
        if not left.is_in_hand:
            left.is_in_hand = True
            await self._go_on_from_floor(left)

    async def _go_on_from_floor(self, left: LeftCall) -> None:
        await self._has_looked.wait()  # until then it is not known who talks, and is not to be rung
        self._left.remove(left)
        self._end_talk(left)
        await self._supervisor.take_up(left.call, left.by, was_freed=True)

    def _end_talk(self, left: LeftCall) -> None:
        """The caller is alone, whatever became of the other when nobody looked."""
        if left.call.talk is not None:
            self._supervisor.talk_was_over(left.call, left.by)
            self._journal.note(left.call.call_id, TalkEnded(by="agent"))

    async def _look_again(self) -> None:
        await asyncio.sleep(FLOOR_SECONDS)
        self._is_due.set()

    def look_soon(self) -> None:
        """See LeftTo."""
        self._is_due.set()

    async def dated(self, call_id: str, end: Ended) -> Ended:
        """See LeftTo."""
        call = self._journal.open_call(call_id)
        return end if call is None else (await self._ends.of([(call, end)]))[0]

    async def _sort_when_due(self, group: asyncio.TaskGroup) -> None:
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            try:
                await self._sort(group)
            except AsteriskUnreachable as error:  # the rest of it after the next up
                log.warning("link lost while sorting what was left", error=str(error))

    async def _sort(self, group: asyncio.TaskGroup) -> None:
        """Those calls only that were left before the look: of others it says nothing."""
        lefts = self._left.out_of_hand()
        alive = AliveInAsterisk(await self._node.look(), self._is_alone)
        if not alive.is_offered <= self._others(lefts):
            await asyncio.sleep(GRACE_SECONDS)  # who is offered at this moment arrives
        lefts = [one for one in lefts if one in self._left and not one.is_in_hand]
        nobodys = alive.nobodys(self._others(lefts))
        for bridge, members in alive.talks(nobodys):
            await self._leave_to_talk(bridge, members, lefts, group)
            nobodys -= set(members)
        nobodys -= self._take_up(lefts, nobodys, alive, group)
        if came_in(nobodys):
            await asyncio.sleep(GRACE_SECONDS)
            nobodys -= self._node.followed()
        await self._clear_away(nobodys, alive)
        here = [one for one in lefts if one in self._left and not one.is_in_hand]
        gone = [one for one in here if one.leg not in alive.on_floor | alive.is_offered]
        await self._close(gone, nobodys)
        self._has_looked.set()
        if len(gone) < len(here):
            group.create_task(self._look_again(), name="floor")

    def _others(self, lefts: Sequence[LeftCall]) -> frozenset[str]:
        """The channels whose story somebody tells, or is about to: not those of the callers of these calls."""
        return self._node.followed().difference(one.leg for one in lefts if one.leg is not None)

    async def _clear_away(self, nobodys: set[str], alive: AliveInAsterisk) -> None:
        """A caller of whom nothing is known begins anew; of a call that is over only its hang-up is to come."""
        callers = {leg for leg in alive.callers if not self._journal.is_over(leg)}
        for leg in nobodys:
            if leg in callers:
                log.warning("caller of whom nothing is known begins anew", channel=leg)
                await self._node.channel(leg).go_on_at(FLOOR_CONTEXT, ANEW).unless_gone()
            else:
                log.warning("leg of nobody's hung up", channel=leg)
                await self._node.channel(leg).hang_up(NO_ROUTE)
        for bridge_id in alive.bridges_of(nobodys, self._linked_as):
            self._node.legs(bridge_id).bridge(bridge_id).destroy().tell()

    async def _leave_to_talk(
        self,
        bridge: BridgeSnapshot,
        members: Collection[str],
        lefts: Sequence[LeftCall],
        group: asyncio.TaskGroup,
    ) -> None:
        log.warning("talk left alone", channels=len(bridge.channel_ids))
        left = next((one for one in lefts if one.leg in members), None)
        caller = left.leg if left is not None else None
        legs: list[Channel] = []
        try:
            for leg in sorted(members, key=lambda one: one != caller):
                legs.append(await self._take_over(leg))  # noqa: PERF401 - those until a failure count
        except AsteriskUnreachable:
            for taken in legs:
                if taken.id != caller:
                    self._node.release(taken.id)
            raise
        counted_as = left.call.call_id if left is not None else ids.new("call")
        talk = LeftTalk(
            left,
            legs,
            self._node.legs(counted_as).bridge(bridge.bridge_id),
            self._node,
            self._supervisor,
            self._journal,
        )
        watching = group.create_task(talk.watch(), name=f"talk/{counted_as}")
        self._supervisor.count(counted_as, watching)
        if left is not None:
            self._left.remove(left)

    def _take_up(
        self,
        lefts: Sequence[LeftCall],
        nobodys: Collection[str],
        alive: AliveInAsterisk,
        group: asyncio.TaskGroup,
    ) -> frozenset[str]:
        """Go on with the callers among these legs, who are theirs from now on."""
        there = {one.leg: one for one in lefts if one.leg is not None and one.leg in nobodys}
        for leg, left in sorted(there.items(), key=lambda one: one[1].since):
            left.is_in_hand = True
            going_on = self._go_on(left, leg, alive.bridge_of(leg))
            group.create_task(going_on, name=f"call/{left.call.call_id}")
        if there:
            log.warning("calls taken up", calls=len(there))
        return frozenset(there)

    async def _go_on(self, left: LeftCall, leg: str, bridge_id: str | None) -> None:
        """Alone in a bridge, whoever the caller talked with there has left when nobody looked."""
        call = left.call
        try:
            caller = await self._take_over(leg)
        except AsteriskUnreachable:  # after the next up it is known whether the caller is there
            left.is_in_hand = False
            return
        if left not in self._left:
            return  # the server stops, and has ended it
        if caller.ended.done():  # between the snapshot and now
            await self._close([left], ())
            return
        if (task := asyncio.current_task()) is not None:
            self._supervisor.count(call.call_id, task)
        self._taken_up[call.call_id] += 1
        self._left.remove(left)
        if bridge_id is not None:
            legs = self._node.legs(call.call_id)
            bridge = legs.bridge(bridge_id)
            with suppress(AsteriskUnreachable):
                bridge.remove(legs.channel(leg)).tell()  # else what is said next is lost
                bridge.destroy().tell()
        self._end_talk(left)
        await self._supervisor.take_up(call, left.by)

    async def _take_over(self, leg: str) -> Channel:
        """Follow it. Raises AsteriskUnreachable; then it is followed no more than before, so that it is found anew."""
        was_followed = leg in self._node.followed()
        try:
            return await self._node.take_over(leg)
        except AsteriskUnreachable:
            if not was_followed:
                self._node.release(leg)
            raise

    async def _close(self, lefts: Sequence[LeftCall], hung_up: Collection[str]) -> None:
        """The calls that do not go on: some had a leg that was hung up now, the others ended when nobody looked."""
        now_ended = frozenset(hung_up)
        ends = await self._ends.of(
            [(one.call, one.end(is_now=not now_ended.isdisjoint(one.call.legs))) for one in lefts]
        )
        closed = [(left, end) for left, end in zip(lefts, ends, strict=True) if left in self._left]
        for left, end in closed:
            self._supervisor.close_unseen(left.call, end, left.by)
            if left.leg is not None:
                self._node.release(left.leg)
            self._left.remove(left)
        if closed:
            self.closed += len(closed)
            log.warning("calls closed that are gone", calls=len(closed))
