"""What changes, told as it changes: server-sent events for one listener at a time.

The state is looked at every so often, and only while somebody listens: nothing that a call does waits for a listener.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

from ivr.control import PresentState, Problem
from ivr.web.answers import HEADERS, problem_answer
from ivr.web.looks import StateLook
from ivr.web.turned_away import TurnedAway

TICK_SECONDS = 0.5
"""How often is looked: nothing told is older than a second, on a machine that is not overrun."""

QUIET_SECONDS = 15.0
"""After so long without an event a comment goes out: a way between that ends quiet connections leaves this one."""

WRITE_SECONDS = 10.0
"""Who does not read for so long is let go; the place is another's."""

MOST_LISTENERS = 24
"""Of the connections at once that the web port takes: commands and `/health` always find one."""


class Streams:
    """All listeners. They are sent away when the web port closes."""

    def __init__(self, *, tick_seconds: float = TICK_SECONDS) -> None:
        self.tick_seconds = tick_seconds
        self._closing = asyncio.Event()
        self._listeners = 0

    async def close(self, _: web.Application) -> None:
        self._closing.set()

    async def serve(
        self,
        request: web.Request,
        look: Callable[[], StateLook | Problem],
        turned_away: TurnedAway,
    ) -> web.StreamResponse:
        """Tell this listener until it leaves, the web port closes, or `look` says that it may not look any more."""
        if isinstance(refused := look(), Problem):
            return problem_answer(refused)
        if self._listeners >= MOST_LISTENERS:
            turned_away.tell("too-many-listeners")
            detail = f"{MOST_LISTENERS} programs listen already; end one of them"
            return problem_answer(
                Problem(title="Too many", status=503, code="too-many-listeners", detail=detail)
            )
        self._listeners += 1
        try:
            return await self._tell(request, look)
        finally:
            self._listeners -= 1

    async def _tell(
        self, request: web.Request, look: Callable[[], StateLook | Problem]
    ) -> web.StreamResponse:
        answer = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await answer.prepare(request)
        known: PresentState | None = None
        quiet = 0.0
        while not isinstance(may_look := look(), Problem):
            now = may_look()
            told = b"".join(_event(kind, body) for kind, body in changes(known, now))
            known = now
            quiet = 0.0 if told else quiet + self.tick_seconds
            if quiet >= QUIET_SECONDS:
                told, quiet = b": still here\n\n", 0.0
            try:
                if told:
                    async with asyncio.timeout(WRITE_SECONDS):
                        await answer.write(told)
            except (TimeoutError, ConnectionError):
                return answer
            if request.transport is None or request.transport.is_closing():
                return answer  # it has gone
            with suppress(TimeoutError):
                async with asyncio.timeout(self.tick_seconds):
                    await self._closing.wait()
            if self._closing.is_set():
                return answer
        return answer  # asking anew, it is told why


def changes(known: PresentState | None, now: PresentState) -> Iterator[tuple[str, Any]]:
    """The events that lead from one state to the next: their names, and what they tell."""
    if known is None:
        yield "state", now
        return
    yield from _changes("queue", "name", known.queues, now.queues)
    yield from _changes("agent", "name", known.agents, now.agents)
    yield from _changes("call", "call_id", known.calls, now.calls)


def _changes(kind: str, key: str, known: Any, now: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - three kinds
    before = {getattr(one, key): one for one in known}
    for one in now:
        if before.pop(getattr(one, key), None) != one:
            yield kind, one
    for gone in before:
        yield "gone", {"kind": kind, key: gone}


def _event(kind: str, body: Any) -> bytes:  # noqa: ANN401 - any struct
    return b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(body) + b"\n\n"
