"""A wire between two programs on this machine, which a test cuts, or lets swallow all that is sent over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class CutWire:
    """Connections to `address` are carried on. `swallow`: nothing that is sent comes through, and nobody is told."""

    def __init__(self, host: str, port: int) -> None:
        self.address = ("", 0)
        self._to = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._carries = asyncio.Event()
        self._carries.set()

    @classmethod
    @asynccontextmanager
    async def to(cls, host: str, port: int) -> AsyncIterator[CutWire]:
        """Laid for as long as the scope lasts."""
        wire = cls(host, port)
        server = await asyncio.start_server(wire._carry, "127.0.0.1", 0)
        async with server:
            wire.address = server.sockets[0].getsockname()[:2]
            yield wire
            wire.cut()

    def cut(self) -> None:
        """Every connection is reset."""
        for writer in self._writers:
            writer.transport.abort()

    def swallow(self) -> None:
        self._carries.clear()

    def mend(self) -> None:
        """Connections that are made from here on are carried. What was swallowed is lost, with its connection."""
        self.cut()
        self._carries.set()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self._writers.add(back)
        await self._carries.wait()
        if back.is_closing():  # it was made in vain
            return
        try:
            far, on = await asyncio.open_connection(*self._to)
        except OSError:
            back.close()
            return
        self._writers.add(on)
        with suppress(OSError):
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(near, on))
                both.create_task(self._pass(far, back))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while sent := await reader.read(65536):
                if self._carries.is_set():
                    writer.write(sent)
                    await writer.drain()
        finally:
            self._writers.discard(writer)
            writer.close()
