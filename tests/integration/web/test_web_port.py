"""The web port as whoever attacks it sees it: bytes in, bytes out, and one line of log without what was sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from ivr.observe import Counts
from ivr.web import Guard, Lines, TurnedAway, empty_site, open_site

MOST = 4
SOON = 0.1
MUCH, LONG = 1_000_000, 10.0
"""So many bytes are not sent soon on a machine that is busy."""
NEVER = 3600.0
HOST = b"Host: localhost:PORT\r\n"
SECRET = b"99887766"


@dataclass
class Port:
    """An open web port, and what it counts."""

    number: int
    lines: Lines
    counts: Counts
    may_answer: asyncio.Event

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.number)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    def filled(self, sent: bytes) -> bytes:
        return sent.replace(b"PORT", str(self.number).encode())

    async def answers(self, sent: bytes) -> list[bytes]:
        """The answers until the port closes the connection."""
        try:
            async with self.connected() as (reader, writer):
                writer.write(self.filled(sent))
                answered = await reader.read()
        except ConnectionResetError:  # sent away while some of what was sent is unread
            return []
        return [b"HTTP/" + one for one in answered.split(b"HTTP/")[1:]]

    async def status(self, sent: bytes) -> int:
        """The status of the only answer."""
        (answer,) = await self.answers(sent)
        return int(answer.split()[1])


@asynccontextmanager
async def opened(*, wait_seconds: float = SOON) -> AsyncIterator[Port]:
    counts = Counts()
    may_answer = asyncio.Event()
    lines = Lines(TurnedAway(counts), most=MOST, wait_seconds=wait_seconds)

    async def long(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * int(request.query.get("bytes", "2")))

    async def fails(_: web.Request) -> web.Response:
        raise ValueError(SECRET)

    async def takes(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async def thinks(_: web.Request) -> web.Response:
        await may_answer.wait()
        return web.Response()

    site = empty_site()
    site.router.add_get("/health", long)
    site.router.add_get("/fails", fails)
    site.router.add_get("/thinks", thinks)
    site.router.add_post("/control/apply", takes)
    async with open_site(site, "127.0.0.1:0", Guard(), lines) as (_, number):
        yield Port(number, lines, counts, may_answer)


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async with opened() as port:
        yield port


@pytest.fixture
def logged() -> Iterator[list[dict[str, object]]]:
    with capture_logs() as lines:
        yield lines  # type: ignore[misc]


async def until(is_so: Callable[[], bool]) -> None:
    """The server has no event for what only this test looks at."""
    while not is_so():  # noqa: ASYNC110
        await asyncio.sleep(0.001)


def get(path: bytes = b"/health", more: bytes = b"", *, method: bytes = b"GET") -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\n" + HOST + more + b"\r\n"


def post(more: bytes, body: bytes) -> bytes:
    return b"POST /control/apply HTTP/1.1\r\n" + HOST + more + b"\r\n" + body


REQUESTS = {
    "plain": (get(), 200),
    "HTTP/1.0 without a host, as load balancers ask": (b"GET /health HTTP/1.0\r\n\r\n", 200),
    "the whole address": (get(b"http://localhost:PORT/health"), 200),
    "HEAD": (get(method=b"HEAD"), 200),
    "own page": (get(more=b"Origin: http://localhost:PORT\r\n"), 200),
    "an upgrade that nobody offers": (
        get(more=b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n"),
        200,
    ),
    "chunked": (post(b"Transfer-Encoding: chunked\r\n", b"1\r\n7\r\n0\r\n\r\n"), 200),
    "no host": (b"GET /health HTTP/1.1\r\n\r\n", 400),
    "two hosts": (get(more=HOST), 400),
    "a name that leads here": (b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    "a host in Latin-1": (b"GET /health HTTP/1.1\r\nHost: l\xf8\r\n\r\n", 421),
    "another's whole address": (get(b"http://evil.example/health"), 421),
    "a foreign page": (post(b"Origin: http://evil.example\r\nContent-Length: 2\r\n", b"{}"), 403),
    "a file's page": (get(more=b"Origin: null\r\n"), 403),
    "asked whether a foreign page may": (
        get(b"/control/apply", b"Origin: http://evil.example\r\n", method=b"OPTIONS"),
        403,
    ),
    "OPTIONS": (get(method=b"OPTIONS"), 405),
    "TRACE": (get(method=b"TRACE"), 405),
    "DELETE": (get(b"/control/apply", method=b"DELETE"), 405),
    "GET where POST belongs": (get(b"/control/apply"), 405),
    "CONNECT": (get(b"localhost:PORT", method=b"CONNECT"), 404),
    "a method that nobody knows": (get(method=b"BREW"), 400),
    "out of the folder": (get(b"/health/%2e%2e%2f%2e%2e%2fetc/passwd"), 404),
    "NUL in the path, encoded": (get(b"/health%00"), 404),
    "NUL in the path": (get(b"/health\x00"), 400),
    "a path in Latin-1": (get(b"/\xe6\xf8\xe5"), 400),
    "broken percent signs": (get(b"/%E6%zz%"), 404),
    "no path": (get(b"health"), 400),
    "half an IPv6 address": (get(b"http://[::1/health"), 400),
    "SIP": (b"INVITE sip:" + SECRET + b"@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60, 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a long address": (get(b"/" + b"k" * 9000), 431),
    "a long header": (get(more=b"X: " + b"k" * 9000 + b"\r\n"), 431),
    "many headers": (get(more=b"X: 1\r\n" * 300), 400),
    "a header without a name": (get(more=b": 1\r\n"), 400),
    "a header on two lines": (get(more=b"X: 1\r\n 2\r\n"), 400),
    "two lengths": (post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"{}"), 400),
    "a length and chunks": (
        post(b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
        400,
    ),
    "a negative length": (post(b"Content-Length: -1\r\n", b"{}"), 400),
    "a length that is none": (post(b"Content-Length: 1e3\r\n", b"{}"), 400),
    "broken chunks": (post(b"Transfer-Encoding: chunked\r\n", b"zz\r\n7\r\n"), 400),
    "more than may be": (
        post(b"Connection: close\r\nContent-Length: 9000000\r\n", b"x" * 9_000_000),
        413,
    ),
    "an expectation that nobody has": (post(b"Expect: tea\r\nContent-Length: 2\r\n", b"{}"), 417),
    "a fault of ours": (get(b"/fails"), 500),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_each_request_is_answered_and_nothing_of_it_is_logged(
    logged: list[dict[str, object]], name: str
) -> None:
    sent, expected = REQUESTS[name]

    async with opened(wait_seconds=LONG if len(sent) > MUCH else SOON) as port:
        (answer,) = await port.answers(sent)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == expected
    if expected >= 400:
        assert b"application/problem+json" in head
        assert json.loads(body)["status"] == expected
        assert b"aiohttp" not in head
        assert SECRET not in body
    if expected == 500:
        assert [line["event"] for line in logged] == ["web request failed"]
    else:
        told = {"event", "code", "times", "log_level"}
        assert [line.keys() for line in logged] in ([], [told])


@pytest.mark.parametrize("sent", [b"", b"G", b"GET /health HTTP/1.1\r\nX: ", b"\r\n", get()[:-2]])
async def test_who_sends_half_a_head_is_not_waited_for(port: Port, sent: bytes) -> None:
    assert [answer.split()[1] for answer in await port.answers(sent)] == ([b"408"] if sent else [])
    assert len(port.lines) == 0


async def test_who_sends_nothing_after_an_answer_is_not_waited_for(port: Port) -> None:
    assert await port.status(get()) == 200
    assert port.counts["web_refused"] == 0


async def test_one_byte_at_a_time_gains_no_time(port: Port) -> None:
    async with port.connected() as (reader, writer):
        answer = asyncio.ensure_future(reader.read())
        with pytest.raises(ConnectionError):
            while True:
                writer.write(b"X")
                await writer.drain()
                await asyncio.sleep(0.01)
        answer.cancel()


async def test_who_does_not_read_the_answer_is_not_waited_for(port: Port) -> None:
    async with port.connected() as (_, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(port.filled(get(b"/health?bytes=50000000")))
        await until(lambda: len(port.lines) == 1)
        await until(lambda: len(port.lines) == 0)


async def test_requests_in_one_packet_are_answered_one_after_the_other(port: Port) -> None:
    answers = await port.answers(b"".join(get(b"/health?bytes=%d" % size) for size in (1, 2, 3)))

    assert [len(answer.partition(b"\r\n\r\n")[2]) for answer in answers] == [1, 2, 3]


async def test_where_all_lines_wait_the_oldest_makes_way_and_commands_are_answered() -> None:
    async with AsyncExitStack() as flood, opened(wait_seconds=NEVER) as port:
        for _ in range(100):
            _, writer = await flood.enter_async_context(port.connected())
            writer.write(b"GET /hea")

        assert await port.status(get(more=b"Connection: close\r\n")) == 200
        assert len(port.lines) <= MOST


async def test_where_all_lines_are_at_work_one_more_is_told_so() -> None:
    async with opened(wait_seconds=NEVER) as port, asyncio.TaskGroup() as group:
        last = get(b"/thinks", b"Connection: close\r\n")
        at_work = [group.create_task(port.status(last)) for _ in range(MOST)]
        await until(lambda: port.lines.at_work == MOST)

        (answer,) = await port.answers(b"")

        assert answer.startswith(b"HTTP/1.1 503 ")
        port.may_answer.set()
    assert [task.result() for task in at_work] == [200] * MOST


async def test_a_stop_waits_for_nobody_who_says_nothing() -> None:
    async with asyncio.TaskGroup() as group, opened(wait_seconds=NEVER) as port:
        half = group.create_task(port.answers(b"GET /hea"))
        await until(lambda: len(port.lines) == 1)

    assert half.result() == []
