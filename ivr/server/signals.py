"""Signals: the first SIGTERM asks for an orderly stop, the second for one at once; SIGHUP for the settings anew.

SIGUSR1 asks for a restart: callers stay for the server that comes next.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StopSignals:
    """Set one after the other by SIGTERM or SIGINT; `takes_calls` by the server, once there is something to drain.

    `hand_over` is set by SIGUSR1, `reload` by SIGHUP. That one also comes when the terminal is closed
    that a server was started at: then it is a stop.
    """

    orderly: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: asyncio.Event = field(default_factory=asyncio.Event)
    takes_calls: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)
    hand_over: asyncio.Event = field(default_factory=asyncio.Event)
    is_told: asyncio.Event = field(default_factory=asyncio.Event)

    def signal(self) -> None:
        (self.at_once if self.orderly.is_set() else self.orderly).set()
        self.is_told.set()

    def leave(self) -> None:
        """Where a stop has begun, it goes on."""
        if not self.orderly.is_set():
            self.hand_over.set()
            self.is_told.set()

    def hang_up(self, *, terminal_is_gone: bool) -> None:
        if terminal_is_gone:
            self.signal()
        else:
            self.reload.set()


@contextmanager
def stop_signals() -> Iterator[StopSignals]:
    """Catch the signals while the body runs."""
    loop = asyncio.get_running_loop()
    stop = StopSignals()
    had_terminal = os.isatty(sys.__stderr__.fileno()) if sys.__stderr__ else False

    def hang_up() -> None:
        gone = had_terminal and sys.__stderr__ and not os.isatty(sys.__stderr__.fileno())
        stop.hang_up(terminal_is_gone=bool(gone))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.signal)
    loop.add_signal_handler(signal.SIGHUP, hang_up)
    loop.add_signal_handler(signal.SIGUSR1, stop.leave)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
            loop.remove_signal_handler(number)
