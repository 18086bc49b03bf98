"""How the web port answers: JSON, and problem+json (RFC 9457) for what it refuses."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from ivr.control import Problem

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Server": "Sentralbord",  # and not which versions of what
}

LONGEST_ECHO = 60


def json_answer(status: int, body: Any) -> web.Response:  # noqa: ANN401 - any struct
    """`body` as JSON that nobody keeps."""
    return _answer(status, msgspec.json.encode(body), "application/json")


def readable_answer(status: int, body: Any) -> web.Response:  # noqa: ANN401 - any struct
    """The same, laid out for people."""
    text = msgspec.json.format(msgspec.json.encode(body), indent=2)
    return _answer(status, text, "application/json")


def plain_answer(body: bytes, content_type: str) -> web.Response:
    """Text of another form; `content_type` with its parameters."""
    headers = {**HEADERS, "Content-Type": content_type}
    return web.Response(body=body, headers=headers)


def problem_answer(problem: Problem) -> web.Response:
    """Why not."""
    answer = _answer(problem.status, msgspec.json.encode(problem), "application/problem+json")
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def echoed(text: str) -> str:
    """What somebody sent, so that it can stand in a sentence: printable, and not long."""
    shown = text.encode("ascii", "backslashreplace").decode()
    shown = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in shown)
    return shown if len(shown) <= LONGEST_ECHO else shown[:LONGEST_ECHO] + "…"


def _answer(status: int, body: bytes, content_type: str) -> web.Response:
    return web.Response(body=body, status=status, content_type=content_type, headers=HEADERS)
