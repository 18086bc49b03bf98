"""A connection to the web port: how long it may take, how many there may be, what a broken request is answered.

aiohttp waits for ever for the rest of a request, and takes connections until no descriptor is left for calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from ivr.control import Problem
from ivr.web.answers import problem_answer
from ivr.web.turned_away import TurnedAway

log = structlog.get_logger()

MOST_LINES = 64
"""Connections at once. Asterisk's, the journal's and the recordings' descriptors are never among them."""

WAIT_SECONDS = 10.0
"""From the connection, or the last answer's beginning, until the next request's last header has come."""

_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n"


class Lines:
    """All connections. Where there is no room for one more, the one that has waited longest makes way."""

    def __init__(
        self, turned_away: TurnedAway, *, most: int = MOST_LINES, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self.turned_away = turned_away
        self.wait_seconds = wait_seconds
        self._most = most
        self._waiting: dict[Line, None] = {}
        self._answering: set[Line] = set()

    def __len__(self) -> int:
        return len(self._waiting) + len(self._answering)

    @property
    def at_work(self) -> int:
        """How many requests are being answered."""
        return len(self._answering)

    def has_room(self) -> bool:
        """Whether one more may come; one that only waits is sent away for it."""
        if len(self) < self._most:
            return True
        if not self._waiting:
            return False
        next(iter(self._waiting)).end()
        return True

    def waits(self, line: Line) -> None:
        """`line` waits for a request, or for its answer to be read."""
        self.leaves(line)
        self._waiting[line] = None

    def answers(self, line: Line) -> None:
        """`line` has a whole head, and somebody works on the answer."""
        self.leaves(line)
        self._answering.add(line)

    def leaves(self, line: Line) -> None:
        self._waiting.pop(line, None)
        self._answering.discard(line)


class Line(web.RequestHandler):
    """One connection; requests on it are answered one after the other."""

    __slots__ = ("_deadline", "_has_answered", "_has_begun", "_lines")

    def __init__(self, lines: Lines, server: web.Server, **limits: Any) -> None:  # noqa: ANN401 - aiohttp's own
        super().__init__(server, loop=asyncio.get_running_loop(), **limits)
        self._lines = lines
        self._deadline: asyncio.TimerHandle | None = None
        self._has_begun = False
        self._has_answered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._lines.has_room():
            self._lines.turned_away.tell("too-many-connections")
            self.force_close()
            if isinstance(transport, asyncio.Transport):
                transport.write(_FULL)
            transport.close()
            return
        super().connection_made(transport)
        self.waits()

    def data_received(self, data: bytes) -> None:
        self._has_begun = not self._has_answered
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._forget_deadline()
        self._lines.leaves(self)
        super().connection_lost(exc)

    def waits(self) -> None:
        """From now on the other side has to act: read the answer, send the next request."""
        if self.transport is None:
            return
        self._forget_deadline()
        self._lines.waits(self)
        self._deadline = self._loop.call_later(self._lines.wait_seconds, self._is_late)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """The head of a request is here; until the scope ends nobody hurries the answer."""
        self._forget_deadline()
        self._lines.answers(self)
        try:
            yield
        finally:
            self._has_answered = True
            self.waits()

    def end(self) -> None:
        """Close at once, with what has not been sent yet."""
        transport = self.transport
        self._forget_deadline()
        self._lines.leaves(self)
        self.force_close()
        if isinstance(transport, asyncio.Transport):
            transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what cannot be read as a request, and a fault of ours; neither tells what was sent."""
        problem = _problem_of(exc)
        if problem.status >= 500:
            log.error("web request failed", exc_info=exc)
        else:
            self._lines.turned_away.tell(problem.code)
        if request.writer.output_size > 0:
            raise ConnectionError
        answer = problem_answer(problem)
        answer.force_close()
        return answer

    def _is_late(self) -> None:
        transport = self.transport
        if transport is None:
            return
        if self._has_begun and not self._has_answered:
            self._lines.turned_away.tell("too-slow")
            transport.write(_SLOW)
            self._lines.leaves(self)
            self.force_close()
        else:
            self.end()

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _problem_of(error: BaseException | None) -> Problem:
    match error:
        case LineTooLong():
            detail = "a header, or the address in the first line, is too long"
            return Problem(title="Too large", status=431, code="head-too-large", detail=detail)
        case HttpProcessingError() | web.RequestPayloadError() | ConnectionError():
            detail = "this is not a whole HTTP request"
            return Problem(title="Not understood", status=400, code="bad-request", detail=detail)
        case _:
            detail = "this is a fault of Sentralbord's own; its log says more. Please report it"
            return Problem(title="Failed", status=500, code="web-failed", detail=detail)
