"""`/api/v1/…`: the state of queues, agents and calls for programs and wallboards, and what changes in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from ivr.control import Problem
from ivr.web.answers import echoed, json_answer, problem_answer, readable_answer
from ivr.web.api_gate import ApiGate
from ivr.web.api_paths import DESCRIPTION, EVENTS, PATHS, ROOT, ApiPath, unknown
from ivr.web.control import strange_query
from ivr.web.looks import Looks, StateLook
from ivr.web.openapi import description
from ivr.web.stream import Streams

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_api(
    site: web.Application,
    present: StateLook,
    gate: ApiGate,
    streams: Streams | None = None,
) -> None:
    """Put it into the site; `present` is asked anew for each request, and gives callers' numbers in full."""
    told, streams, looks = description(), streams or Streams(), Looks.at(present)
    # All listeners look at the same times; who asks once sees what is so at that moment.
    for_listeners = looks.shared(streams.tick_seconds / 2)

    async def describe(_: web.Request) -> web.Response:
        return readable_answer(200, told)

    async def listen(request: web.Request) -> web.StreamResponse:
        look = _look(request, for_listeners, gate)
        refused = look if isinstance(look, Problem) else strange_query(request)
        if refused is not None:
            return problem_answer(refused)
        # Asked anew each time: who may not look any more, is told no more.
        return await streams.serve(
            request, lambda: _look(request, for_listeners, gate), gate.turned_away
        )

    for path in PATHS:
        site.router.add_get(f"{ROOT}{path.path}", _answering(path, looks, gate))
    site.router.add_get(EVENTS, listen, allow_head=False)  # there is no end, and so no head of it
    site.router.add_get(DESCRIPTION, describe)
    site.on_shutdown.append(streams.close)


def _answering(path: ApiPath, looks: Looks, gate: ApiGate) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        look = _look(request, looks, gate)
        if isinstance(look, Problem):
            return problem_answer(look)
        if strange := strange_query(request, path.query):
            return problem_answer(strange)
        present = look()
        if misnamed := unknown(present, request.query):
            word, name = misnamed
            return _not_found(f'{word} "{echoed(name)}"', f"{ROOT}/{word}s")
        found = path.answer(present, {**request.query, **request.match_info})
        if found is None:
            name = echoed(next(iter(request.match_info.values())))
            return _not_found(f'"{name}"', f"{ROOT}{path.path.partition('/{')[0]}")
        return json_answer(200, found)

    return answer


def _not_found(what: str, whole: str) -> web.Response:
    detail = f"there is no {what} now; {whole} has those that there are"
    return problem_answer(Problem(title="Not found", status=404, code="not-found", detail=detail))


def _look(request: web.Request, looks: Looks, gate: ApiGate) -> StateLook | Problem:
    """How this request may look at the state: with callers' numbers, or without them."""
    may = gate.may(request)
    if isinstance(may, Problem):
        return may
    if "numbers" in may:
        return looks.whole
    if "read" in may:
        return looks.masked
    return gate.not_allowed(
        "this token may not read; make one with `ivr token add NAME --scope read`"
    )
