"""A restart: the server ends as in a crash, with all written down, and the next one goes on with its callers."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import NoReturn

import structlog

from ivr.desk import Logbook
from ivr.errors import StoreFailed
from ivr.server.watcher import Watcher
from ivr.store.door import ServerJournal

log = structlog.get_logger()

WRITE_SECONDS = 2.0
"""How long the disk may take for what is not written yet."""


async def leave_to_the_next(
    watcher: Watcher, calls: int, logbook: Logbook, journal: ServerJournal
) -> NoReturn:
    """End the process. Callers, talks and Asterisk stay, and are the next server's.

    No scope is left on the way, so nothing can hang up on anybody (docs/adr/0045).
    """
    watcher.stopping(WRITE_SECONDS, "callers are left to the next server")
    log.info("left to the next server", calls=calls)
    try:
        async with asyncio.timeout(WRITE_SECONDS):
            await logbook.write()
            await journal.written()
    except (StoreFailed, TimeoutError) as error:
        log.warning("not all is written down", error=str(error) or "the disk is slow")
    sys.stdout.flush()
    os._exit(0)
