"""Taking out of the store: the server that runs does it, and where none runs, the command itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import click
import msgspec

from ivr.amount import counted
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import ask
from ivr.control import TakingOut
from ivr.errors import ServerNotRunning
from ivr.records.removals import Removal, Removals, TakenOut
from ivr.store.open import open_store

_TOLD = {
    "events": "rows of the journal went",
    "numbers": "calls do not say any more who called",
    "messages": "messages went",
    "files": "files of sound were deleted",
    "words": "calls do not say any more what was said",
    "changes": "rows of what agents did went",
}


_NOT_SENT_YET = (
    "left: PostgreSQL (`store.url`) keeps it until a server runs with this home folder again, "
    "and sends on what went"
)


def take_out(
    home: Path,
    verb: str,
    question: msgspec.Struct,
    author: str,
    alone: Callable[[Removals], Awaitable[Removal]],
) -> Removal | None:
    """What was taken out; None where the server still does it. Raises ChangeRefused, StoreFailed."""
    try:
        return ask(home, verb, question, TakingOut, author=author).removal
    except ServerNotRunning:
        with open_store(home).reading():
            pass  # says it where nothing was ever kept, and makes nothing
        removal = asyncio.run(_alone(home, alone))
        if open_store(home).is_sent_on():
            click.echo(_NOT_SENT_YET, err=True)
        return removal


async def _alone(home: Path, work: Callable[[Removals], Awaitable[Removal]]) -> Removal:
    async with open_store(home).keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        try:
            await kept.removals.finish()
            return await work(kept.removals)
        finally:
            await kept.journal.close()


def tell_removal(home: Path, removal: Removal | None, *, as_json: bool) -> None:
    """What became of it, and which files of the home folder nothing is taken out of."""
    for file in open_store(home).set_aside():
        click.echo(
            f"left: {file} still has what it had when it was set aside; delete it when you need it no more",
            err=True,
        )
    if as_json:
        click.echo(facts_text({"removal": removal}))
        return
    if removal is None:
        click.echo("under way: `ivr removals` says when it is done")
        return
    for line in taken_lines(removal.taken):
        click.echo(line)
    if removal.under_way:
        click.echo(
            f"left, since under way: {counted(removal.under_way, 'call')}; ask again when over"
        )
    if removal.files_left:
        click.echo(f"not deleted: {counted(removal.files_left, 'file')}; each night tries again")


def taken_lines(taken: TakenOut) -> list[str]:
    """A line for each kind."""
    counts = msgspec.structs.asdict(taken)
    lines = [f"{counts[name]:>9}  {told}" for name, told in _TOLD.items() if counts[name]]
    return lines or ["there was nothing to take out"]
