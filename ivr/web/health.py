"""`/health`: every state that an operator asks for, and for each that is wrong, what it does to callers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
from aiohttp import web


class QueueHealth(msgspec.Struct, frozen=True):
    """A queue at this moment; the wait in seconds."""

    waiting: int
    signed_in: int
    longest_wait_seconds: float


class AgentHealth(msgspec.Struct, frozen=True):
    """An agent at this moment."""

    state: str
    queues: tuple[str, ...]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `ok`, `degraded` (calls are taken, something else is wrong) or `down` (no call is taken)."""

    status: Literal["ok", "degraded", "down"]
    problems: tuple[str, ...]
    version: str
    asterisk: str | None
    up_seconds: float
    rules: str
    rules_revision: str
    calls: int
    tasks: int
    queues: dict[str, QueueHealth]
    agents: dict[str, AgentHealth]
    counts: dict[str, int]


def health_site(health: Callable[[], Health]) -> web.Application:
    """The web application; `health` is asked anew for each request."""

    async def show(_: web.Request) -> web.Response:
        now = health()
        return web.Response(
            body=msgspec.json.format(msgspec.json.encode(now), indent=2),
            content_type="application/json",
            status=503 if now.status == "down" else 200,
            headers={"Cache-Control": "no-store"},
        )

    site = web.Application()
    site.router.add_get("/health", show)
    return site
