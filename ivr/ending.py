"""A program that has started others ends them, too, however it is told to end itself."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, `kill`, and the end of the terminal."""


def run_and_clear_up(
    work: Coroutine[Any, Any, T],
    *,
    stopping: Callable[[], object] = lambda: None,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> T:
    """What `work` returns or raises. The first of SIGNALS cancels it; further ones do not cut short what it does then.

    `stopping` is called once it is cancelled, for a word to whoever waits. Signals that were ignored before stay so
    (`nohup`, a job in the background). Raises KeyboardInterrupt once the cancelled work is over. Off the main thread,
    where no signal comes, the work just runs.
    """
    interrupted = False

    async def guarded() -> T:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()

        def interrupt() -> None:
            nonlocal interrupted
            if not interrupted and task is not None:
                interrupted = True
                task.cancel()
                stopping()

        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    loop.add_signal_handler(number, interrupt)
        return await work

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        try:
            return runner.run(guarded())
        except asyncio.CancelledError:
            if interrupted:
                raise KeyboardInterrupt from None
            raise
