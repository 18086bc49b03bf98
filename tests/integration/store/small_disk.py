"""A process with a small disk of its own, which fills up under the journal and gets room again, or turns read-only.

Run by test_causes.py below `unshare`, so that no rights are needed: `small_disk.py FOLDER full|reserve|read-only`.
Prints what the journal said when it could not write, and how many events were lost in the end.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.records.events import Arrived, MenuTry
from ivr.server.journal import journal_problems
from ivr.store.journal import SqliteJournal
from ivr.store.writer import Limits

ARRIVED = Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c")
AFTERWARDS = 50
"""So many events go to the reserve, each on the disk before the next."""

CHOICE = MenuTry(menu="main", result="chosen", key="1")


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


async def on_a_full_disk(path: Path) -> dict[str, object]:
    ballast = path.with_name("ballast")
    async with (
        SqliteJournal(path, limits=Limits(retry_seconds=0.001)) as journal,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(journal.run(), name="journal")
        await journal.keep("call", ARRIVED)
        fill(ballast)
        wanted = 1
        try:
            while True:  # a full disk has a little room left
                wanted += 1
                await journal.keep("call", CHOICE)
        except StoreFailed:
            journal.note("call", CHOICE)
        (problem,) = journal_problems(journal.state)
        ballast.unlink()
        while journal.state.failing_since is not None or journal.state.behind:  # noqa: ASYNC110 - told by asking
            await asyncio.sleep(0.001)
        after = journal_problems(journal.state)
        await journal.close()
    return {"problem": problem, "after": after, "lost": wanted - journal.state.written}


async def with_a_reserve(path: Path) -> dict[str, object]:
    ballast = path.with_name("ballast")
    limits = Limits(retry_seconds=0.001, reserve_bytes=512 * 1024)
    async with SqliteJournal(path, limits=limits) as journal, asyncio.TaskGroup() as group:
        group.create_task(journal.run(), name="journal")
        await journal.keep("call", ARRIVED)
        fill(ballast)
        wanted = 1
        while not journal.state.notices:  # a full disk has a little room left
            await journal.keep("call", CHOICE)
            wanted += 1
        for _ in range(AFTERWARDS):
            await journal.keep("call", CHOICE)
        (problem,) = journal_problems(journal.state)
        ballast.unlink()
        await journal.keep("call", CHOICE)
        after = journal_problems(journal.state)
        wanted += AFTERWARDS + 1
        await journal.close()
    return {"problem": problem, "after": after, "lost": wanted - journal.state.written}


async def on_a_disk_turned_read_only(path: Path) -> dict[str, object]:
    async with SqliteJournal(path):
        pass
    mount("-o", "remount,ro", str(path.parent))
    try:
        await SqliteJournal(path).open()
    except StoreFailed as error:
        return {"problem": str(error), "after": [], "lost": 0}
    return {}


FAULTS = {
    "full": on_a_full_disk,
    "reserve": with_a_reserve,
    "read-only": on_a_disk_turned_read_only,
}


async def main(folder: Path, fault: str) -> None:
    mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    path = folder / "journal.sqlite"
    said = await FAULTS[fault](path)
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
