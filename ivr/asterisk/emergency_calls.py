"""The emergency calls that an Asterisk of ours has: the server only looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import aiohttp
import structlog

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.conf_emergency import EMERGENCY_CONTEXT
from ivr.asterisk.interface import interface

log = structlog.get_logger()

PATIENCE_SECONDS = 30.0
"""So long a new dialplan waits at most for the answer to a call for help. Whoever has not answered by then rings."""

_BETWEEN_LOOKS_SECONDS = 0.2


async def emergency_calls(blueprint: Blueprint) -> Mapping[str, bool] | None:
    """The phones that are in an emergency call, or wait for one; None where it does not answer.

    By Asterisk's name for each call, whether somebody has answered it.
    """
    try:
        async with interface(blueprint) as session, session.get("channels") as answer:
            if answer.status != 200:
                return None
            channels = await answer.json()
    except (aiohttp.ClientError, TimeoutError):
        return None
    return {
        channel["id"]: channel["state"] == "Up"
        for channel in channels
        if channel["dialplan"]["context"] == EMERGENCY_CONTEXT
    }


async def none_on_its_way(blueprint: Blueprint) -> None:
    """Wait until no call for help goes from trunk to trunk any more.

    A dialplan that changes under it would take it up at another step, or at none.
    """
    if not await _is_on_its_way(blueprint):
        return
    log.warning("a new dialplan waits for an emergency call")
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await _is_on_its_way(blueprint):  # noqa: ASYNC110 - another program's state
                await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)


async def _is_on_its_way(blueprint: Blueprint) -> bool:
    calls = await emergency_calls(blueprint)
    return calls is not None and not all(calls.values())
