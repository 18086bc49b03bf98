"""The server's side of `/control/…`, and the eye on the rules file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivr import ids
from ivr.audio.catalogue import files_of
from ivr.clock import Clock
from ivr.control import (
    Apply,
    CallOff,
    Changed,
    Close,
    Forget,
    Open,
    Overridden,
    Purge,
    Reload,
    Reloaded,
    Rollback,
    SeenTo,
    SeeTo,
    TakingOut,
    TrunkTried,
    TryTrunk,
)
from ivr.numbers import caller_told, parse_number
from ivr.records.changes import FollowUp, Ledger
from ivr.rulebook.changes import Changes
from ivr.rulebook.file import edits
from ivr.rulebook.overrides import Overrides
from ivr.server.retention import Keeper
from ivr.server.settings_in_force import SettingsInForce
from ivr.server.trial import TrunkTrial


@dataclass(frozen=True, slots=True)
class Control:
    """See Controls: each request goes to the one who keeps what it changes."""

    changes: Changes
    overrides: Overrides
    ledger: Ledger
    clock: Clock
    trial: TrunkTrial
    keeper: Keeper
    settings: SettingsInForce

    async def apply(self, asked: Apply, author: str) -> Changed:
        return await self.changes.apply(asked, author)

    async def rollback(self, asked: Rollback, author: str) -> Changed:
        return await self.changes.rollback(asked, author)

    async def call_off(self, asked: CallOff, author: str) -> Changed:
        return await self.changes.call_off(asked, author)

    async def close(self, asked: Close, author: str) -> Overridden:
        return await self.overrides.close(asked, author)

    async def reopen(self, asked: Open, author: str) -> Overridden:
        return await self.overrides.reopen(asked, author)

    async def try_trunk(self, asked: TryTrunk, _: str) -> TrunkTried:
        return await self.trial.run(asked)

    async def reload(self, _: Reload, author: str) -> Reloaded:
        return await self.settings.reload(author)

    async def see_to(self, asked: SeeTo, author: str) -> SeenTo:
        told = FollowUp(
            follow_up_id=ids.new("fol"),
            caller=parse_number(asked.caller).digits,
            at=self.clock.now(),
            author=author,
            why=asked.why.strip(),
        )
        await self.ledger.put_follow_up(told)
        return SeenTo(follow_up=told)

    async def purge(self, asked: Purge, author: str) -> TakingOut:
        return TakingOut(removal=await self.keeper.purge(author, asked.why.strip()))

    async def forget(self, asked: Forget, author: str) -> TakingOut:
        caller = caller_told(asked.caller)
        return TakingOut(removal=await self.keeper.forget(caller, author, asked.why.strip()))


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


async def watch_prompts(changes: Changes, folder: Path) -> None:
    """Take recordings whenever one has come, gone or been replaced, until cancelled."""
    async for _ in edits(lambda: files_of(folder)):
        await changes.prompts_changed()


def owner_of(file: Path) -> str:
    """Who owns a file: the best that is known of who last wrote it."""
    try:
        return file.owner()
    except (OSError, KeyError):
        return "unknown"
