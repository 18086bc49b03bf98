"""A phone that speaks SIP over TLS and takes its sound encrypted (SRTP with keys in SDP: RFC 3711, RFC 4568)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import re
import ssl
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.acceptance.plain_sip import PlainPhone
from tests.acceptance.probe import Address, Inbox

TAG_BYTES = 10
_ENCRYPTS, _AUTHENTICATES, _SALTS = 0, 1, 2


class TlsInbox(Inbox):
    """A connection whose messages wait, time-stamped, in a queue, as packets do."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__()
        self.writer = writer
        self.reader = reader
        self.port = int(writer.get_extra_info("sockname")[1])

    def send(self, packet: bytes, to: Address) -> None:
        self.writer.write(packet)

    async def read(self) -> None:
        """Message by message, until the connection ends."""
        while True:
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            body = await self.reader.readexactly(int(length[1]) if length else 0)
            if head.strip():
                self.packets.put_nowait((time.perf_counter(), head.lstrip() + body))


@asynccontextmanager
async def tls_phone(
    server: Address, account: str, password: str, trusted: str, *, host: str
) -> AsyncIterator[PlainPhone]:
    """Connected, and sure that it is the server: `trusted` is the PEM text of who vouches for it."""
    context = ssl.create_default_context(cadata=trusted)
    reader, writer = await asyncio.open_connection(*server, ssl=context, local_addr=(host, 0))
    inbox = TlsInbox(reader, writer)
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(inbox.read(), name="tls-phone")
        try:
            yield PlainPhone(server, account, password, inbox, host, transport="TLS")
        finally:
            reading.cancel()
            writer.close()


@dataclass(frozen=True, slots=True)
class SrtpKey:
    """A master key and salt, for one direction of the sound."""

    text: bytes = field(default_factory=lambda: os.urandom(30))

    @classmethod
    def in_answer(cls, sdp: str) -> SrtpKey:
        """The one that the other side encrypts with."""
        found = re.search(r"a=crypto:\d+ AES_CM_128_HMAC_SHA1_80 inline:([^\s|]+)", sdp)
        assert found is not None, sdp
        return cls(base64.b64decode(found[1]))

    @property
    def line(self) -> str:
        return f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{base64.b64encode(self.text).decode()}"

    def opened(self, packet: bytes) -> bytes:
        """The packet in clear, of the first 65,536. Raises AssertionError where the key is another."""
        body, tag = packet[:-TAG_BYTES], packet[-TAG_BYTES:]
        proof = hmac.new(self._derived(_AUTHENTICATES, 20), body + bytes(4), hashlib.sha1).digest()
        assert hmac.compare_digest(tag, proof[:TAG_BYTES])
        sequence, _, source = struct.unpack("!HII", body[2:12])
        salt = int.from_bytes(self._derived(_SALTS, 14), "big")
        start = (salt << 16) ^ (source << 64) ^ (sequence << 16)
        return body[:12] + _stream(self._derived(_ENCRYPTS, 16), start, body[12:])

    def _derived(self, label: int, length: int) -> bytes:
        salt = int.from_bytes(self.text[16:], "big")
        return _stream(self.text[:16], (salt ^ (label << 48)) << 16, bytes(length))


def _stream(key: bytes, start: int, text: bytes) -> bytes:
    """AES in counter mode."""
    counter = start.to_bytes(16, "big")
    return Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor().update(text)
