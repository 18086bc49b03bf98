"""What comes over a link, on its way to the node: it waits while the link is set up, and then goes straight on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from ivr.ari.generated.models import ApplicationReplaced
from ivr.ari.transport import News, Received, SocketsLost, SocketsOpen


class Incoming:
    """Of one transport; see there. `waiting` is how much nobody has asked for yet."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[News] = asyncio.Queue()
        self._take: Callable[[msgspec.Struct], None] | None = None

    @property
    def waiting(self) -> int:
        return self._waiting.qsize()

    async def next_news(self) -> News:
        """See Transport."""
        news = await self._waiting.get()
        if isinstance(news, SocketsOpen):
            self._take = None  # what comes now waits until the new link is set up
        return news

    def hand_on_to(self, take: Callable[[msgspec.Struct], None]) -> None:
        """See Transport."""
        self._take = take

    def turn(self, news: SocketsOpen | SocketsLost) -> None:
        """The sockets are open, or lost."""
        self._waiting.put_nowait(news)

    def come(self, event: msgspec.Struct) -> None:
        """An event, after all that came before it."""
        is_replaced = isinstance(event, ApplicationReplaced)
        if self._take is None or is_replaced or not self._waiting.empty():
            self._waiting.put_nowait(Received(event))
        else:
            self._take(event)
