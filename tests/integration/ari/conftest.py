"""A server on loopback that speaks as Asterisk does, with the twin behind it, and misbehaves on order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import aiohttp
import msgspec
import pytest
from aiohttp import web

from ivr.ari.fake import FakeAsterisk
from ivr.ari.fake.requests import act
from ivr.ari.link import Address, Link, Patience
from ivr.ari.node import Node

PATIENT = Patience(close_seconds=0.05, first_retry_seconds=0.02, longest_retry_seconds=0.1)
"""As long as the product waits for an answer: on a machine with much else to do even a short one takes its time."""
IMPATIENT = replace(PATIENT, connect_seconds=0.2, request_seconds=0.3, heartbeat_seconds=0.05)
"""For tests of what becomes of an answer that does not come."""


@dataclass
class Server:
    """`connections` counts the sockets that were opened. Set a field, and it is so from then on.

    `socket` is the one that carries events, `lanes` are the others by application; `asked_on` tells which application's
    socket brought each of `asked`; `listed` came over HTTP.
    """

    twin: FakeAsterisk = field(default_factory=FakeAsterisk)
    port: int = 0
    status: int = 101
    is_mute: bool = False
    mute_requests: set[str] = field(default_factory=set)
    held_requests: set[str] = field(default_factory=set)
    connections: int = 0
    asked: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None
    lanes: dict[str, web.WebSocketResponse] = field(default_factory=dict)
    asked_on: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    _held: list[tuple[web.WebSocketResponse, dict[str, object]]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/ari/events", self._serve)
        app.router.add_get("/ari/{path:.*}", self._list)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self._over.set()
        if self._runner:
            if self.socket and self.socket._req and self.socket._req.transport:
                self.socket._req.transport.abort()
            await self._runner.cleanup()
            self._runner = None

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so, of what was asked or connected."""
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    async def tell(self, text: str) -> None:
        assert self.socket
        await self.socket.send_str(text)

    async def close(self) -> None:
        assert self.socket
        await self.socket.close()

    def cut(self) -> None:
        """End the connection without a close frame."""
        assert self.socket
        assert self.socket._req
        assert self.socket._req.transport
        self.socket._req.transport.abort()

    async def let_go(self) -> None:
        """Answer the held requests, the last first."""
        while self._held:
            await self._answer(*self._held.pop())

    async def _list(self, request: web.Request) -> web.Response:
        """Over HTTP, as Asterisk answers everything there too."""
        name = f"GET {request.match_info['path']}"
        self.listed.append(name)
        if name in self.mute_requests:
            await self._over.wait()
        answer = act(self.twin, "GET", request.match_info["path"], dict(request.query), None)
        text = answer.text if isinstance(answer.text, str) else answer.text.decode()
        return web.Response(status=answer.status, reason=answer.phrase, text=text)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        self._changed.set()
        self.queries.append(dict(request.query))
        if self.status != 101:
            return web.Response(status=self.status)
        socket = web.WebSocketResponse(autoping=not self.is_mute)
        await socket.prepare(request)
        app = request.query["app"]
        if "-lane-" in app:
            self.lanes[app] = socket
        else:
            self.socket = socket
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT and not self.is_mute:
                self.asked_on.append(app)
                await self._take(socket, frame.json())
        return socket

    async def _take(self, socket: web.WebSocketResponse, asked: dict[str, object]) -> None:
        name = f"{asked['method']} {asked['uri']}"
        self.asked.append(name)
        self._changed.set()
        if name in self.held_requests:
            self._held.append((socket, asked))
        elif name not in self.mute_requests:
            await self._answer(socket, asked)

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, object]) -> None:
        pairs = msgspec.convert(asked.get("query_strings", []), list[dict[str, str]])
        body = msgspec.json.decode(str(asked["message_body"])) if "message_body" in asked else None
        query = {pair["name"]: pair["value"] for pair in pairs}
        refusal = self.twin.faults.refusal_of(f"{asked['method']} {asked['uri']}")
        answer = refusal or act(self.twin, str(asked["method"]), str(asked["uri"]), query, body)
        text = answer.text if isinstance(answer.text, str) else answer.text.decode()
        await socket.send_str(
            msgspec.json.encode(
                {
                    "type": "RESTResponse",
                    "request_id": asked["request_id"],
                    "status_code": answer.status,
                    "reason_phrase": answer.phrase,
                    "message_body": text,
                }
            ).decode()
        )


def link_to(server: Server, patience: Patience, *, lanes: int) -> Link:
    address = Address("127.0.0.1", server.port, "ivr", "secret")
    return Link(address, app="ivr", patience=patience, lanes=lanes)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def patience() -> Patience:
    """How long the link waits; a test of what does not come says `parametrize("patience", [IMPATIENT])`."""
    return PATIENT


@pytest.fixture
def link(server: Server, patience: Patience) -> Link:
    """With events and requests on one socket; the lanes have tests of their own."""
    return link_to(server, patience, lanes=0)


@pytest.fixture
async def node(link: Link) -> AsyncIterator[Node]:
    node = Node(link, app="ivr")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run(), name="node")
        yield node
        running.cancel()
