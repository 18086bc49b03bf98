"""Signals: the first SIGTERM asks for an orderly stop, the second for one at once; SIGHUP for the settings anew."""

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

    `reload` is set by SIGHUP. It also comes when the terminal that a server was started at is closed: that is a stop.
    """

    orderly: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: asyncio.Event = field(default_factory=asyncio.Event)
    takes_calls: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)

    def signal(self) -> None:
        (self.at_once if self.orderly.is_set() else self.orderly).set()

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
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
