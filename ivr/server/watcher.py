"""Whoever watches over this server, systemd or `ivr serve --watched`, and what it is told: sd_notify's datagrams."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import Self

SOCKET, SILENCE, WHOSE = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
BEATS_IN_A_SILENCE = 4
"""So often the loop says that it answers, within what the watcher takes for silence."""

TOLD_SECONDS = 5.0
"""How often a watcher that does not wait for beats is told how it goes."""


class Watcher:
    """Says `ready`, that the loop still answers, `reloading` and `stopping`. Without a socket nobody is told.

    Nothing here waits or raises: a watcher that does not listen costs no caller anything.
    """

    def __init__(self, address: str | None = None, silence_seconds: float | None = None) -> None:
        """`silence_seconds`: after so long without a word the watcher ends us; None: it does not."""
        self._address = address
        self._silence_seconds = silence_seconds
        self._is_gone = False

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str] | None = None) -> Self:
        """The one that started us. Its words are taken out of the environment: they are not for what we start."""
        given = os.environ if environment is None else environment
        address, silence, whose = (given.pop(name, None) for name in (SOCKET, SILENCE, WHOSE))
        is_ours = whose in {None, str(os.getpid())}
        return cls(address, int(silence) / 1e6 if silence and is_ours else None)

    @property
    def is_there(self) -> bool:
        """Whether we are watched, so that somebody ends us when we hang, and starts the next."""
        return self._is_meant and not self._is_gone

    @property
    def problems(self) -> tuple[str, ...]:
        """What an operator must know: somebody watched, and has been killed."""
        if not (self._is_meant and self._is_gone):
            return ()
        return (
            "whoever watched over this server is gone, so nobody starts it again when it ends or hangs; end it with "
            f"`kill -USR1 {os.getpid()}`, which keeps all callers, and start it again at once as before",
        )

    @property
    def _is_meant(self) -> bool:
        return self._address is not None and self._silence_seconds is not None

    def ready(self, status: str) -> None:
        """Calls are taken, again after a reload too."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self, within_seconds: float, status: str) -> None:
        """It may take so long; a watcher that has a shorter patience waits."""
        self._tell(
            "STOPPING=1", f"STATUS={status}", f"EXTEND_TIMEOUT_USEC={round(within_seconds * 1e6)}"
        )

    async def run(self, status: Callable[[], str]) -> None:
        """Tell how it goes, until cancelled: in the loop, so that it is silent when the loop is."""
        if self._address is None:
            return
        silence = self._silence_seconds
        words = ("WATCHDOG=1",) if silence else ()
        while True:
            self._tell(*words, f"STATUS={status()}")
            await asyncio.sleep(silence / BEATS_IN_A_SILENCE if silence else TOLD_SECONDS)

    def _tell(self, *words: str) -> None:
        if self._address is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
        with suppress(OSError), socket.socket(socket.AF_UNIX, kind) as ours:
            try:
                ours.sendto("\n".join(words).encode(), address)
            except (ConnectionRefusedError, FileNotFoundError):  # nobody has that address any more
                self._is_gone = True
            else:
                self._is_gone = False
