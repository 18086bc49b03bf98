"""The speech worker: a process that Asterisk brings callers' speech to, and that tells a server what was said."""

from __future__ import annotations

import asyncio
import errno
import hmac
import os
import socket
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import msgspec
import structlog
from aiohttp import WSMsgType, web

from ivr.errors import ConfigRefused, PortTaken
from ivr.settings import join_address
from ivr.speech.line import SpeechLine
from ivr.speech.messages import (
    ALIVE_SECONDS,
    CONTROL_PATH,
    MEDIA_PATH,
    Alive,
    Attend,
    Expect,
    Ignore,
    LetGo,
    PlaceGiven,
    Prepare,
    SpeechMessage,
    SpeechOrder,
    encode,
    orders,
)
from ivr.speech.recogniser import Recogniser

log = structlog.get_logger()


class SpeechWorker:
    """`places` are the calls that it takes at once, `secret` what a server must show."""

    def __init__(self, recognisers: Sequence[Recogniser], secret: str, places: int) -> None:
        self._recognisers = tuple(recognisers)
        self._secret = secret
        self._places = places
        self._lines: dict[str, SpeechLine] = {}
        self._preparing = 0
        self._threads = ThreadPoolExecutor(
            max_workers=os.cpu_count() or 1, thread_name_prefix="engine"
        )

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncIterator[int]:
        """Listen until the scope is left; yields the port. Raises PortTaken, ConfigRefused."""
        door = _bound(host, port)  # before the group, which would wrap a refusal
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            site = web.Application()
            site.router.add_get(CONTROL_PATH, self._control)
            site.router.add_get(MEDIA_PATH, self._media)
            runner = web.AppRunner(
                site, access_log=None, handle_signals=False, shutdown_timeout=1.0
            )
            await runner.setup()
            try:
                await web.SockSite(runner, door).start()
                yield int(runner.addresses[0][1])
            finally:
                await runner.cleanup()
                self._threads.shutdown(wait=False, cancel_futures=True)

    async def _control(self, request: web.Request) -> web.StreamResponse:
        """A server's orders; when it goes, so do its calls."""
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(shown.encode(), self._secret.encode()):
            return web.Response(status=401, text="the shared secret is another one\n")
        socket = web.WebSocketResponse(heartbeat=5.0)
        await socket.prepare(request)
        log.info("server connected")
        outgoing: asyncio.Queue[SpeechMessage] = asyncio.Queue()
        own: set[str] = set()
        telling = self._tasks.create_task(self._tell(socket, outgoing), name="telling")
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                try:
                    order: SpeechOrder = orders.decode(message.data)
                except msgspec.DecodeError as error:
                    log.warning("order not understood", error=str(error))
                    continue
                self._take(order, own, outgoing)
        finally:
            telling.cancel()
            for call_id in tuple(own):
                self._forget(call_id, own)
            log.info("server disconnected")
        return socket

    def _take(
        self, order: SpeechOrder, own: set[str], outgoing: asyncio.Queue[SpeechMessage]
    ) -> None:
        if isinstance(order, Prepare):
            self._prepare(order)
            return
        line = self._lines.get(order.call) if order.call in own else None
        match order:
            case Expect(call=call_id):
                has_place = len(self._lines) < self._places and call_id not in self._lines
                if has_place:
                    own.add(call_id)
                    self._lines[call_id] = SpeechLine(
                        call_id, self._recognisers, self._threads, self._tasks, outgoing.put_nowait
                    )
                outgoing.put_nowait(PlaceGiven(call=call_id, has_place=has_place))
            case Attend() if line is not None:
                line.attend(order)
            case Ignore() if line is not None:
                line.ignore()
            case LetGo(call=call_id):
                self._forget(call_id, own)
            case _:
                log.debug("order for a call that is over", call=order.call)

    def _prepare(self, order: Prepare) -> None:
        for recogniser in self._recognisers:
            if recogniser.speaks(order.language):
                self._preparing += 1
                spelling = self._threads.submit(recogniser.grammar, order.phrases, order.language)
                spelling.add_done_callback(lambda _: self._prepared())
                return

    def _prepared(self) -> None:
        self._preparing -= 1

    def _forget(self, call_id: str, own: set[str]) -> None:
        if call_id in own:
            own.discard(call_id)
            self._lines.pop(call_id).is_over.set()

    async def _tell(
        self, socket: web.WebSocketResponse, outgoing: asyncio.Queue[SpeechMessage]
    ) -> None:
        languages = tuple(sorted({one for engine in self._recognisers for one in engine.languages}))
        message: SpeechMessage | None = None
        try:
            while True:
                if message is None:
                    message = Alive(
                        places_free=self._places - len(self._lines),
                        learning=self._preparing + sum(one.learning for one in self._recognisers),
                        languages=languages,
                    )
                await socket.send_str(encode(message).decode())
                message = None
                try:
                    async with asyncio.timeout(ALIVE_SECONDS):
                        message = await outgoing.get()
                except TimeoutError:
                    pass
        except ConnectionError:
            log.debug("server is gone")

    async def _media(self, request: web.Request) -> web.StreamResponse:
        """A call's speech, from Asterisk: only of calls that a server expects, and once."""
        line = self._lines.get(request.query.get("call", ""))
        if line is None:
            return web.Response(status=404, text="nobody expects this call\n")
        socket = web.WebSocketResponse(protocols=("media",), autoping=True)
        await socket.prepare(request)
        over = self._tasks.create_task(_close_when(line.is_over, socket), name="media/over")
        try:
            async for message in socket:
                if message.type is WSMsgType.BINARY:
                    line.hear(message.data)
        finally:
            over.cancel()
            line.lose("Asterisk closed the socket")
        return socket


async def _close_when(over: asyncio.Event, socket: web.WebSocketResponse) -> None:
    await over.wait()
    await socket.close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    address = join_address(host, port)
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(address, "speech", "--listen HOST:PORT") from error
        wanted = (
            f"an address and port that this user may listen on ({os.strerror(error.errno or 0)})"
        )
        raise ConfigRefused("--listen", address, wanted) from error
