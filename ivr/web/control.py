"""`/control/…`: what commands may ask of a running server. Only for this machine, and only with the token.

Who asks is told beside the token, in a header: a request does not name its author.

Requests and answers are JSON; what cannot be done is answered as problem+json (RFC 9457) with the error's code.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol, TypeVar

import msgspec
import structlog
from aiohttp import web

from ivr.control import (
    AUTHOR_HEADER,
    Apply,
    CallOff,
    Changed,
    Close,
    Forget,
    Open,
    Overridden,
    Problem,
    Purge,
    Reload,
    Reloaded,
    Rollback,
    SeenTo,
    SeeTo,
    TakingOut,
    TrunkTried,
    TryTrunk,
    author_told,
)
from ivr.errors import ChangeRefused, IvrError, RulesRefused, StoreFailed
from ivr.web.answers import echoed, json_answer, problem_answer
from ivr.web.turned_away import TurnedAway

log = structlog.get_logger()

BODY_SECONDS = 30.0
"""How long a whole body may take to come."""


class Controls(Protocol):
    """What a running server can be asked, and `author` by whom. Each raises IvrError where it cannot.

    It has changed nothing then.
    """

    async def apply(self, asked: Apply, author: str) -> Changed: ...

    async def rollback(self, asked: Rollback, author: str) -> Changed: ...

    async def call_off(self, asked: CallOff, author: str) -> Changed: ...

    async def close(self, asked: Close, author: str) -> Overridden: ...

    async def reopen(self, asked: Open, author: str) -> Overridden: ...

    async def try_trunk(self, asked: TryTrunk, author: str) -> TrunkTried: ...

    async def reload(self, asked: Reload, author: str) -> Reloaded: ...

    async def see_to(self, asked: SeeTo, author: str) -> SeenTo: ...

    async def purge(self, asked: Purge, author: str) -> TakingOut: ...

    async def forget(self, asked: Forget, author: str) -> TakingOut: ...


_FORWARDED = frozenset({"Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"})
"""What a proxy adds: it may be on this machine, and who asks through it is not."""

A = TypeVar("A", bound=msgspec.Struct)


def add_control(
    site: web.Application, controls: Controls, token: str, turned_away: TurnedAway
) -> None:
    """Put `/control/…` into the site; whoever asks must send `token` as a bearer token."""
    add_verb(site, "apply", Apply, controls.apply, ControlGate(token, turned_away))
    add_verb(site, "rollback", Rollback, controls.rollback, ControlGate(token, turned_away))
    add_verb(site, "call-off", CallOff, controls.call_off, ControlGate(token, turned_away))
    add_verb(site, "close", Close, controls.close, ControlGate(token, turned_away))
    add_verb(site, "open", Open, controls.reopen, ControlGate(token, turned_away))
    add_verb(site, "try-trunk", TryTrunk, controls.try_trunk, ControlGate(token, turned_away))
    add_verb(site, "reload", Reload, controls.reload, ControlGate(token, turned_away))
    add_verb(site, "see-to", SeeTo, controls.see_to, ControlGate(token, turned_away))
    add_verb(site, "purge", Purge, controls.purge, ControlGate(token, turned_away))
    add_verb(site, "forget", Forget, controls.forget, ControlGate(token, turned_away))


def add_verb(
    site: web.Application,
    verb: str,
    kind: type[A],
    answer: Callable[[A, str], Awaitable[msgspec.Struct]],
    gate: ControlGate,
) -> None:
    """Put one request into the site: `kind` is its body, `answer` answers it."""
    decoder = msgspec.json.Decoder(kind)

    async def ask(request: web.Request) -> web.Response:
        refused = gate.refuses(request) or no_json(request)
        if refused is not None:
            return problem_answer(refused)
        body = await whole_body(request)
        if isinstance(body, Problem):
            return problem_answer(body)
        try:
            author = author_told(request.headers.get(AUTHOR_HEADER))
        except ChangeRefused as error:
            return problem_answer(not_understood(str(error)))
        asked = understood(decoder, body)
        if isinstance(asked, Problem):
            return problem_answer(asked)
        try:
            return json_answer(200, await answer(asked, author))
        except IvrError as error:
            log.warning("change refused", asked=verb, author=author, code=error.code)
            return problem_answer(problem_of(error))

    site.router.add_post(f"/control/{verb}", ask)


def understood(decoder: msgspec.json.Decoder[A], body: bytes, wanted: str = "") -> A | Problem:
    """What a body asks for, or why it asks for nothing; `wanted` is a sentence on what would be understood."""
    try:
        return decoder.decode(body)
    except UnicodeDecodeError:
        return not_understood("JSON is UTF-8, and this is not")
    except ChangeRefused as error:
        return not_understood(str(error))
    except msgspec.DecodeError as error:
        return not_understood(f"{error}; {wanted}" if wanted else str(error))


def not_understood(why: str) -> Problem:
    """What is answered to a request that cannot be read."""
    return Problem(title="Not understood", status=400, code="bad-request", detail=why)


def strange_query(request: web.Request, known: Collection[str] = ()) -> Problem | None:
    """Why it is not answered, where something stands behind the `?` that is not `known` or stands there twice."""
    for name in request.query:
        if name not in known:
            can = ", ".join(known) or "nothing"
            return not_understood(f'"{echoed(name)}" cannot be asked for here; {can} can')
        if len(request.query.getall(name)) > 1:
            return not_understood(f'"{name}" stands there twice; ask for one')
    return None


async def whole_body(request: web.Request) -> bytes | Problem:
    """What was sent, or why it is not waited for any longer."""
    if (request.content_length or 0) > request.client_max_size:
        raise web.HTTPRequestEntityTooLarge(request.client_max_size)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        detail = f"the whole request must have come within {BODY_SECONDS:g} seconds"
        return Problem(title="Too slow", status=408, code="too-slow", detail=detail)


@dataclass(frozen=True, slots=True)
class ControlGate:
    """Lets in who asks from this machine and knows the token."""

    token: str
    turned_away: TurnedAway

    def refuses(self, request: web.Request) -> Problem | None:
        refused = _stranger(request, self.token)
        if refused is not None:
            self.turned_away.tell(refused.code)
        return refused

    def knows(self, request: web.Request) -> bool:
        """Whether it would be let in; whoever would not is not counted as turned away."""
        return _stranger(request, self.token) is None


def _stranger(request: web.Request, token: str) -> Problem | None:
    """Refuse other machines, and whoever does not know the token."""
    if not _is_here(request):
        detail = "this server is changed from its own machine only"
        return Problem(title="Not from here", status=403, code="not-from-here", detail=detail)
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and hmac.compare_digest(told.strip().encode(), token.encode()):
        return None
    detail = "send the token that stands as `control` in secrets.json in the home folder, as a bearer token"
    return Problem(title="Not known", status=401, code="not-known", detail=detail)


def _is_here(request: web.Request) -> bool:
    """A caller on loopback, or one that uses the very address of this machine that was called; no proxy between."""
    transport = request.transport
    if not _FORWARDED.isdisjoint(request.headers):
        return False
    if transport is None:
        return False
    peer, own = (transport.get_extra_info(name) for name in ("peername", "sockname"))
    if not peer or not own:
        return False
    return peer[0] == own[0] or ip_address(peer[0]).is_loopback


def no_json(request: web.Request) -> Problem | None:
    """Why a body is not read, where it is not said to be JSON."""
    if request.content_type == "application/json":
        return None
    detail = "send JSON, with Content-Type: application/json"
    return Problem(title="Not JSON", status=415, code="not-json", detail=detail)


def problem_of(error: IvrError) -> Problem:
    """What is answered to a request that could not be done."""
    match error:
        case RulesRefused(faults=faults):
            many = "1 finding" if len(faults) == 1 else f"{len(faults)} findings"
            detail = f"the rules are refused, with {many}; the rules in force stay as they are"
            return Problem(
                title="Rules refused", status=422, code=error.code, detail=detail, findings=faults
            )
        case ChangeRefused():
            return Problem(title="Change refused", status=409, code=error.code, detail=str(error))
        case StoreFailed():
            detail = f"nothing was changed, because it could not be written down: {error}"
            return Problem(title="Not written down", status=503, code=error.code, detail=detail)
        case _:
            return Problem(title="Change refused", status=409, code=error.code, detail=str(error))
