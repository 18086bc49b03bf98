"""The guard around one call's story: whatever goes wrong in it, the caller hears of it and the record is closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import structlog

from ivr.ari.events import FREED, LegEnded
from ivr.call import Call, HangUpScope, Ports
from ivr.errors import AsteriskError, AsteriskUnreachable, CallerHungUp, IvrError
from ivr.records.events import Ended

log = structlog.get_logger()

APOLOGY_SECONDS = 15.0
"""The longest that a last word (an apology, a goodbye) may take."""

WORD_SECONDS = 2.0
"""How long Asterisk may take to say why a leg that is gone has ended."""

TEMPORARY_FAILURE = 41
"""Q.850: what a phone hears whose call was not answered yet, and is not gone on with."""

WholeStory: TypeAlias = Coroutine[None, None, None]
"""All that is done with a call."""

Begin: TypeAlias = Callable[[], tuple[str, WholeStory]]
"""Begins with a call, or goes on with it; gives its id."""


class LeftTo(Protocol):
    """Who keeps the calls of one node that lose the link, until there is one again."""

    def may_keep(self, call_id: str) -> bool:
        """Whether this call is gone on with."""

    async def keep(self, call_id: str) -> None:
        """Wait until somebody goes on with it, or it is over."""

    def look_soon(self) -> None:
        """A call is over, and could not be cleared away."""

    async def dated(self, call_id: str, end: Ended) -> Ended:
        """An end that nobody saw, with its time and cause, as far as Asterisk has written them down by itself."""

    def has_in_hand(self, channel_id: str) -> bool:
        """Whether somebody is about to go on with the call on this channel: whoever offers it again is not heard."""

    def claim(self, channel_id: str) -> Begin | None:
        """How the call on this channel goes on, which comes in from the floor; None for any other."""


@dataclass(slots=True)
class Drain:
    """How far the server is in stopping.

    `is_draining`: no new calls; `is_cut_off`: those under way have been told to end; `is_hurried`: without a word.
    """

    is_draining: bool = False
    is_cut_off: bool = False
    is_hurried: bool = False


class StoryGuard:
    """Around the stories of all calls; `keeper` is always that of the call's node."""

    def __init__(self, ports: Ports, drain: Drain) -> None:
        self._ports = ports
        self._drain = drain

    def over(self, call_id: str, end: Ended) -> None:
        """A call is over: tell the journal, and count how it ended."""
        self._ports.journal.note(call_id, end)
        self._ports.counts.count(f"calls_ended_{end.by}")

    @asynccontextmanager
    async def kept(self, call_id: str, keeper: LeftTo) -> AsyncIterator[None]:
        """Who loses hold of the caller inside waits for who goes on with the call: until then it is under way."""
        try:
            yield
        except AsteriskUnreachable:
            try:
                await keeper.keep(call_id)
            except asyncio.CancelledError:
                if not self._drain.is_draining:
                    raise
                self.over(call_id, Ended(by="drain"))

    async def around(
        self,
        call: Call,
        story: Coroutine[Any, Any, Ended],
        keeper: LeftTo,
        cut_off_with: str = "goodbye",
    ) -> None:
        """Tell the story to its end. Raises AsteriskUnreachable where the call is gone on with after the next link.

        `cut_off_with` is said where a drain ends it.
        """
        try:
            end = await self._told(call, story, keeper, cut_off_with)
        except AsteriskUnreachable:
            call.lose_hold()
            raise
        except asyncio.CancelledError:
            if not self._drain.is_draining:  # we fail: caller and open record are the next one's
                call.let_go()
                raise
            end = Ended(by="drain")
        self.over(call.id, end)
        log.info("call ended", by=end.by, cause=end.cause)
        await self.leave(call, keeper, end.cause if end.by == "rules" else None)

    async def part(self, call: Call, end: Ended, keeper: LeftTo, *, is_answered: bool) -> None:
        """Nobody can go on with this call: say so, and end it."""
        if is_answered:
            with suppress(AsteriskError):
                await call.break_off()
            await self._last_word(call, "sorry")
        self.over(call.id, end)
        await self.leave(call, keeper, None if is_answered else TEMPORARY_FAILURE)

    async def leave(self, call: Call, keeper: LeftTo, cause: int | None) -> None:
        """Hang up what is left of a call that is over; what cannot be is found by the keeper."""
        if not await call.leave(cause):
            keeper.look_soon()

    async def _told(
        self, call: Call, story: Coroutine[Any, Any, Ended], keeper: LeftTo, cut_off_with: str
    ) -> Ended:
        drain = self._drain
        scope = HangUpScope(call.leg)
        try:
            async with scope:
                return await story
        except CallerHungUp as gone:
            end = await _end_of_leg(scope.ended)
            if self._is_freed(call, scope.ended, keeper):
                raise AsteriskUnreachable(FREED) from gone
            return await keeper.dated(call.id, end) if end.by == "link_lost" else end
        except asyncio.CancelledError:
            if not drain.is_draining:
                raise
            _go_on()
            if not drain.is_hurried:
                await self._last_word(call, cut_off_with)
            return Ended(by="drain")
        except Exception as error:
            if isinstance(error, AsteriskUnreachable):
                if drain.is_cut_off:
                    return Ended(by="drain")
                if keeper.may_keep(call.id):
                    log.warning("link lost under a call", request=str(error))
                    raise
            log.exception("call failed")
            self._ports.counts.count("calls_failed")
            await self._last_word(call, "sorry")
            return Ended(
                by="failed",
                error=error.code if isinstance(error, IvrError) else type(error).__name__,
            )

    def _is_freed(self, call: Call, ended: asyncio.Future[LegEnded], keeper: LeftTo) -> bool:
        """Whether Asterisk has the caller, and offers them again: we have not answered for some time."""
        return (
            ended.done()
            and ended.result().was_freed
            and not self._drain.is_cut_off
            and keeper.may_keep(call.id)
        )

    async def _last_word(self, call: Call, prompt: str) -> None:
        """No caller is left in silence: say this much, however the story broke."""
        try:
            async with asyncio.timeout(APOLOGY_SECONDS), HangUpScope(call.leg):
                await call.say(prompt)
        except (CallerHungUp, AsteriskError, TimeoutError):
            log.debug("last word not heard", prompt=prompt)


async def _end_of_leg(leg_ended: asyncio.Future[LegEnded]) -> Ended:
    """The caller's doing, unless Asterisk says otherwise."""
    # A verb may have found the leg gone before Asterisk's word of it came.
    await asyncio.wait((leg_ended,), timeout=WORD_SECONDS)
    return end_of_leg(leg_ended.result()) if leg_ended.done() else Ended(by="caller")


def end_of_leg(end: LegEnded) -> Ended:
    """The caller's doing; but not where the phone is gone, or the leg was lost with its Asterisk or the link."""
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
