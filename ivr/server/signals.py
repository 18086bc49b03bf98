"""Two signals: the first asks for an orderly stop, the second for one at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StopSignals:
    """Set one after the other by SIGTERM or SIGINT; `takes_calls` by the server, once there is something to drain."""

    orderly: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: asyncio.Event = field(default_factory=asyncio.Event)
    takes_calls: asyncio.Event = field(default_factory=asyncio.Event)

    def signal(self) -> None:
        (self.at_once if self.orderly.is_set() else self.orderly).set()


@contextmanager
def stop_signals() -> Iterator[StopSignals]:
    """Catch both signals while the body runs."""
    loop = asyncio.get_running_loop()
    stop = StopSignals()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.signal)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
