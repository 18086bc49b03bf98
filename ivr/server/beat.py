"""The server's beat: while it stands still, the dialplan lets callers hear that we are on our way."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from ivr.ari.node import Node
from ivr.asterisk.conf_watch import BEAT, CHANNEL_ID, LOOKS, WATCH_CONTEXT, WAY_IN
from ivr.clock import Clock
from ivr.errors import AsteriskRefused, AsteriskUnreachable

log = structlog.get_logger()

BEAT_SECONDS = 1.0
"""How often it is told."""


async def beat(node: Node, clock: Clock, somebody: asyncio.Event) -> None:
    """Tell it over the link, until cancelled: in the loop, so that it stands still when the loop does.

    While `somebody` is on the line, Asterisk watches over them: that it does is seen to at each beat, and as the first
    call comes.
    """
    while True:
        await node.ready()
        try:
            node.tell_all(BEAT, str(int(clock.now().timestamp())))
            if somebody.is_set():
                await _watched_over(node)
        except AsteriskUnreachable as error:  # lost this very moment, or it hangs
            log.debug("no beat", error=str(error))
        waits = asyncio.sleep(BEAT_SECONDS) if somebody.is_set() else somebody.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT_SECONDS):
                await waits


async def _watched_over(node: Node) -> None:
    try:
        await node.begin_in_dialplan(CHANNEL_ID, WAY_IN, WATCH_CONTEXT, LOOKS)
    except AsteriskRefused as error:
        log.warning("nobody would look after callers without a server", error=str(error))
