"""A process that keeps events until it is killed, and prints each that it was told is on disk.

Run by test_kill.py and test_disk_full.py: `journal_writer.py FILE [BYTES]`; by so many BYTES
its file may grow, which is how the disk gets full. With `--each` the files come on stdin.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from itertools import count
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.records.events import Answered, Arrived, CallEvent, Ended
from ivr.store.journal import SqliteJournal
from ivr.store.writer import Limits

ARRIVED = Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c")
STORY: tuple[CallEvent, ...] = (ARRIVED, Answered(), Ended(by="caller"))


def tell(*words: object) -> None:
    """A line for the test, at once: the next moment may be the last."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def keep_calls(journal: SqliteJournal, writer: int) -> None:
    """Keep one call after another; ends when the disk refuses one."""
    for number in count():
        call_id = f"{writer}-{number:06}"
        for seq, event in enumerate(STORY, 1):
            try:
                await journal.keep(call_id, event)
            except StoreFailed as error:
                tell("refused", error)
                return
            tell("kept", call_id, seq)


async def main(path: Path, left: int | None) -> None:
    limits = Limits(retry_seconds=0.001)
    async with SqliteJournal(path, limits=limits) as journal, asyncio.TaskGroup() as group:
        if left is not None:
            largest = max(file.stat().st_size for file in path.parent.iterdir())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest + left, resource.RLIM_INFINITY))
        group.create_task(journal.run(), name="journal")
        async with asyncio.TaskGroup() as writers:
            for writer in range(4):
                writers.create_task(keep_calls(journal, writer), name=f"writer-{writer}")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        while journal.state.failing_since is not None:  # noqa: ASYNC110 - it is told by asking
            await asyncio.sleep(0.001)
        await journal.keep("after", ARRIVED)
        tell("kept", "after", 1)
        await journal.close()


def one_after_the_other() -> None:
    """A process for each file named on a line of stdin, at once since all is imported; `gone` when it has ended."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            tell("pid", os.getpid())
            asyncio.run(main(Path(line.strip()), None))
            os._exit(0)
        os.waitpid(pid, 0)
        tell("gone")


if __name__ == "__main__" and sys.argv[1:] == ["--each"]:
    one_after_the_other()
elif __name__ == "__main__":
    if len(sys.argv) > 2:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None))
