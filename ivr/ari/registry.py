"""Which channels somebody here follows, and how each of them stands."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ivr.ari.events import FREED, ChannelEvent, Entered, LegEnded
from ivr.ari.listening import Hub


class Registration:
    """One channel that is followed: who listens to it, and its end, which comes once."""

    def __init__(self) -> None:
        self.hub = Hub[ChannelEvent]()
        self.ended: asyncio.Future[LegEnded] = asyncio.get_running_loop().create_future()
        self.is_alive = False
        self.has_entered = False
        self.is_hanging_up = False
        self._cause: int | None = None

    @property
    def was_hung_up(self) -> bool:
        """It has ended, and not by leaving us for the dialplan: there is nothing left to hang up."""
        if not self.ended.done():
            return False
        ended = self.ended.result()
        if ended.was_freed:
            return False
        return self.is_hanging_up or ended.cause is not None or ended.was_unseen

    def told_at_once(self) -> tuple[ChannelEvent, ...]:
        """What whoever begins to listen is told: the end, where it has come."""
        return (self.ended.result(),) if self.ended.done() else ()

    def expect(self, cause: int) -> None:
        """Remember why the channel is about to end; the first reason told is the true one."""
        self._cause = self._cause or cause

    def take(self, event: ChannelEvent) -> None:
        """Tell those who listen. Of several signs of the end only the first counts."""
        self.is_alive = True
        match event:
            case LegEnded():
                self._end(event)
            case Entered() if self.has_entered:
                return  # a reconnect's snapshot told it already
            case Entered():
                self.has_entered = True
                self.hub.publish(event)
            case _:
                self.hub.publish(event)

    def _end(self, event: LegEnded) -> None:
        if self.ended.done():
            return
        ended = event if event.cause else replace(event, cause=self._cause)
        if ended.cause is None and not ended.cause_text and not self.is_hanging_up:
            # Out of our application, and nobody has hung up. (Asterisk does not tell where it is by now.)
            ended = replace(ended, cause_text=FREED)
        self.ended.set_result(ended)
        self.hub.publish(ended)


class Registry:
    """All channels that are followed, by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Registration] = {}
        self._overflows = 0

    @property
    def overflows(self) -> int:
        """How often a listener of a channel fell behind, those of channels that are followed no longer included."""
        return self._overflows + sum(one.hub.overflows for one in self._by_id.values())

    def of(self, channel_id: str) -> Registration:
        """The registration of a channel; made now if there is none."""
        if channel_id not in self._by_id:
            self._by_id[channel_id] = Registration()
        return self._by_id[channel_id]

    def find(self, channel_id: str) -> Registration | None:
        """The registration of a channel, if anybody follows it."""
        return self._by_id.get(channel_id)

    def release(self, channel_id: str) -> None:
        """Follow the channel no longer; what still happens to it is nobody's concern."""
        if (registration := self._by_id.pop(channel_id, None)) is not None:
            self._overflows += registration.hub.overflows

    def ids(self) -> frozenset[str]:
        """The channels that are followed."""
        return frozenset(self._by_id)

    def alive_ids(self) -> frozenset[str]:
        """Those that Asterisk is known to have, and whose end has not been seen."""
        return frozenset(
            channel_id
            for channel_id, registration in self._by_id.items()
            if registration.is_alive and not registration.ended.done()
        )
