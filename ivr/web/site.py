"""What lies behind the web port, who is let in, and the time that it is open."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from ivr.control import Problem
from ivr.errors import ConfigRefused, PortTaken
from ivr.settings import split_address
from ivr.web.answers import echoed, problem_answer
from ivr.web.api_paths import DESCRIPTION
from ivr.web.guard import Addressed, Guard
from ivr.web.line import Line, Lines

LARGEST_BODY = 8 * 1024 * 1024
"""Rules have at most 2 MiB; in JSON a character may take several."""

LINGER_SECONDS = 2.0
"""How long the rest of a body that nobody wants is read, so that its sender sees the answer."""

STOP_SECONDS = 5.0
"""How long a stop waits for answers that are under way."""


def empty_site() -> web.Application:
    """A site without pages yet."""
    return web.Application(client_max_size=LARGEST_BODY)


@asynccontextmanager
async def open_site(
    site: web.Application, address: str, guard: Guard, lines: Lines
) -> AsyncIterator[tuple[str, int]]:
    """Answer at `address` (HOST:PORT) for as long as the scope lasts; yields where. Raises PortTaken, ConfigRefused."""
    runner = web.AppRunner(site, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        server = runner.server
        assert server is not None  # noqa: S101 - it is there after `setup`
        # Before the site, not a middleware of it: aiohttp answers some requests before it asks those.
        server.request_handler = _door(guard, lines, server.request_handler)
        listening = await _listen(server, address, lines)
        try:
            yield listening.sockets[0].getsockname()[:2]
        finally:
            # Not waited for here: since Python 3.12 that is until nobody is connected, and the runner sends them away.
            listening.close()
    finally:
        await runner.cleanup()


async def _listen(server: web.Server, address: str, lines: Lines) -> asyncio.Server:
    def take() -> Line:
        # Bodies stay as they were sent: a small one that unpacks to a large one is none of ours.
        return Line(
            lines, server, access_log=None, lingering_time=LINGER_SECONDS, auto_decompress=False
        )

    host, port = split_address(address)
    try:
        return await asyncio.get_running_loop().create_server(take, host, port, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(address, "web pages", "--web HOST:PORT") from error
        wanted = f"an address and port that this user may listen on ({error.strerror})"
        raise ConfigRefused("--web", address, wanted) from error


Respond = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def _door(guard: Guard, lines: Lines, inside: Respond) -> Respond:
    async def let_in(request: web.BaseRequest) -> web.StreamResponse:
        with _answering(request):
            if refused := guard.refuses(_asked(request)):
                lines.turned_away.tell(refused.code)
                told = problem_answer(refused)
                told.force_close()
                return told
            try:
                return await inside(request)
            except web.HTTPException as error:
                return _told(request, error)

    return let_in


@contextmanager
def _answering(request: web.BaseRequest) -> Iterator[None]:
    line = request.protocol
    assert isinstance(line, Line)  # noqa: S101 - see `take`
    with line.answering():
        yield


def _asked(request: web.BaseRequest) -> Addressed:
    transport = request.transport
    own = transport.get_extra_info("sockname") if transport is not None else None
    return Addressed(
        hosts=request.headers.getall(hdrs.HOST, []),
        own=own[:2] if own else ("127.0.0.1", 0),
        origin=request.headers.get(hdrs.ORIGIN),
        target=_host_in_target(request.raw_path),
        is_http_1_0=request.version < (1, 1),
    )


def _host_in_target(target: str) -> str | None:
    """`evil.example:80` of `http://evil.example:80/health`; None where the first line has a path only."""
    scheme, is_absolute, _ = target.partition("://")
    return urlsplit(target).netloc if is_absolute and scheme.isalpha() else None


def _told(request: web.BaseRequest, error: web.HTTPException) -> web.Response:
    """What aiohttp refuses, in our words."""
    match error:
        case web.HTTPNotFound():
            whole = DESCRIPTION if request.path.startswith("/api") else "/health"
            detail = f'there is nothing at "{echoed(request.raw_path)}"; look at {whole}'
            problem = Problem(title="Not found", status=404, code="not-found", detail=detail)
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            detail = f"this takes {allowed}"
            problem = Problem(title="Wrong method", status=405, code="wrong-method", detail=detail)
        case web.HTTPRequestEntityTooLarge():
            detail = f"a request may have {LARGEST_BODY} bytes"
            problem = Problem(title="Too large", status=413, code="too-large", detail=detail)
        case _:
            problem = Problem(
                title=error.reason, status=error.status, code="bad-request", detail=error.reason
            )
    answer = problem_answer(problem)
    if hdrs.ALLOW in error.headers:
        answer.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
    return answer
