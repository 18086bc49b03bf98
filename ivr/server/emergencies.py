"""A stop waits for emergency calls, which no server of ours takes part in."""

from __future__ import annotations

import asyncio

import structlog

from ivr.server.asterisk import AsteriskInUse

log = structlog.get_logger()

LOOK_SECONDS = 1.0

LOOKS_BETWEEN_WORDS = 10
"""So often is looked before the log says again why the server has not ended."""


async def emergency_calls_over(asterisk: AsteriskInUse) -> None:
    """Wait until no phone is in an emergency call, for as long as that takes."""
    looks = 0
    while calls := await asterisk.emergency_calls():
        if looks % LOOKS_BETWEEN_WORDS == 0:
            log.warning("the stop waits for emergency calls", calls=calls)
        looks += 1
        await asyncio.sleep(LOOK_SECONDS)
