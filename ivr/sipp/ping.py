"""Is a SIP phone there? One OPTIONS after another until it answers."""

from __future__ import annotations

import asyncio
from itertools import count

from ulid import ULID

_BETWEEN_TRIES_SECONDS = 0.1


class _Answer(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.came = asyncio.Event()

    def datagram_received(self, _packet: bytes, _sender: object) -> None:
        self.came.set()

    def error_received(self, _refused: Exception) -> None:
        """Nobody listens on the port yet: the next try may be met."""


async def until_it_answers(host: str, port: int) -> None:
    """Return when the phone at `host:port` answers anything at all. Never returns while it does not."""
    loop = asyncio.get_running_loop()
    transport, answer = await loop.create_datagram_endpoint(_Answer, remote_addr=(host, port))
    own = transport.get_extra_info("sockname")
    call_id = str(ULID()).lower()
    try:
        for number in count(1):
            transport.sendto(_options(f"{host}:{port}", f"{own[0]}:{own[1]}", call_id, number))
            try:
                async with asyncio.timeout(_BETWEEN_TRIES_SECONDS):
                    await answer.came.wait()
            except TimeoutError:
                continue
            return
    finally:
        transport.close()


def _options(there: str, here: str, call_id: str, number: int) -> bytes:
    lines = (
        f"OPTIONS sip:ping@{there} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{call_id}{number}",
        f"From: <sip:ping@{here}>;tag={call_id}",
        f"To: <sip:ping@{there}>",
        f"Call-ID: {call_id}.{number}",
        f"CSeq: {number} OPTIONS",
        "Max-Forwards: 70",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()
