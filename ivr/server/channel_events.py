"""Asterisk's own ledger of its channels, which `ivr records audit` reads: a file a day, for some weeks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ivr.asterisk.conf_core import CHANNEL_EVENTS_FILE

log = structlog.get_logger()

FOLDER = Path("asterisk/log/cel-custom")
"""Below the home folder."""

KEPT_FOR = timedelta(days=35)
"""No number stands in it; a month can be audited after its end."""


async def at_night(home: Path, now: datetime, also: Awaitable[object]) -> None:
    """Turn the ledger over, and do what else is to be done."""
    await asyncio.to_thread(turn_over, home / FOLDER, now)
    await also


def turn_over(folder: Path, now: datetime) -> None:
    """Begin a new file and remove those that are old. Asterisk opens the file anew for each line."""
    try:
        present = folder / CHANNEL_EVENTS_FILE
        if present.exists():
            present.rename(folder / f"cel-{now:%Y%m%dT%H%M%S}.csv")
        for file in folder.glob("cel-*.csv"):
            if file.stat().st_mtime < (now - KEPT_FOR).timestamp():
                file.unlink()
    except OSError as error:
        log.warning("Asterisk's ledger cannot be turned over", error=str(error))
