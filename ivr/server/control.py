"""The server's side of `/control/…`, and the eye on the rules file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivr.server.changes import Changes
from ivr.server.overrides import Overrides
from ivr.server.watch import edits
from ivr.web.control import Apply, CallOff, Changed, Close, Open, Overridden, Rollback


@dataclass(frozen=True, slots=True)
class Control:
    """See Controls: each request goes to the one who keeps what it changes."""

    changes: Changes
    overrides: Overrides

    async def apply(self, asked: Apply) -> Changed:
        return await self.changes.apply(asked)

    async def rollback(self, asked: Rollback) -> Changed:
        return await self.changes.rollback(asked)

    async def call_off(self, asked: CallOff) -> Changed:
        return await self.changes.call_off(asked)

    async def close(self, asked: Close) -> Overridden:
        return await self.overrides.close(asked)

    async def reopen(self, asked: Open) -> Overridden:
        return await self.overrides.reopen(asked)


async def watch_rules(changes: Changes) -> None:
    """Take the rules file whenever it has been edited, until cancelled."""

    def files() -> Iterable[Path]:
        return (
            changes.text_of_file.on_disk()
        )  # of the text as it was read last: it may include other files now

    is_first = True
    async for _ in edits(files):
        if not is_first or await changes.is_file_another():
            await changes.file_edited()
        is_first = False


def owner_of(file: Path) -> str:
    """Who owns a file: the best that is known of who last wrote it."""
    try:
        return file.owner()
    except (OSError, KeyError):
        return "unknown"
