"""A carrier that is played over TLS or TCP: the server comes to it, and calls go both ways over that connection."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.acceptance.carrier import Carrier
from tests.acceptance.probe import Address, Inbox
from tests.acceptance.tls_phone import TlsInbox


@dataclass(slots=True)
class Connections:
    """Whoever has connected, each as a carrier of its own."""

    server: Address
    host: str
    kind: str
    login: str
    secret: str
    media: Inbox
    port: int = 0
    connected: list[Carrier] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inbox = TlsInbox(reader, writer)
        played = Carrier(
            self.server,
            "carrier",
            "",
            inbox,
            self.host,
            transport=self.kind,
            login=self.login,
            secret=self.secret,
            media=self.media,
        )
        self.connected.append(played)
        self.changed.set()
        try:
            async with asyncio.TaskGroup() as group:
                attending = group.create_task(played.attend(), name="carrier")
                await inbox.read()
                attending.cancel()
        except* (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def signed_in(self) -> Carrier:
        """The connection that the server made, and signed in over where there is a login. Raises TimeoutError."""
        async with asyncio.timeout(15):
            while not self.connected:
                self.changed.clear()
                await self.changed.wait()
            if self.login:
                await self.connected[0].until(1)
            return self.connected[0]


@asynccontextmanager
async def stream_carrier(
    server: Address,
    host: str,
    *,
    context: ssl.SSLContext | None = None,
    login: str = "",
    secret: str = "",
) -> AsyncIterator[Connections]:
    """A carrier at a TCP port of its own, over TLS where there is a `context`, until the scope is left."""
    media = await Inbox.open(host)
    connections = Connections(server, host, "TLS" if context else "TCP", login, secret, media)
    listening = await asyncio.start_server(connections.accept, host, 0, ssl=context)
    connections.port = int(listening.sockets[0].getsockname()[1])
    try:
        yield connections
    finally:
        listening.close()
        media.transport.close()
