"""A WebSocket to Asterisk (RFC 6455): text both ways, with no task and no queue between the socket and its reader.

What comes is handed on in the turn of the loop that it came in, and what is sent leaves at once. A call costs what it
wakes, more than what is done then (docs/explanation/measured.md).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import random
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias, cast

Take: TypeAlias = Callable[[bytes], str | None]
"""Is given every text, in order; where the connection cannot go on, it returns why."""

_TEXT, _CLOSE, _PING, _PONG = 0x81, 0x88, 0x89, 0x8A
_FIRST_PIECE, _PIECE, _LAST_PIECE = 0x01, 0x00, 0x80
_LENGTH_BYTES = {126: 2, 127: 8}
_NORMAL_CLOSURE = struct.pack("!H", 1000)
_NO_CODE, _NO_CLOSE_FRAME = 1005, 1006
NO_EVENT = "asterisk sent a frame that is no event"
_LONGEST_HEAD = 16_384
_ACCEPTS = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # the RFC's


class HandshakeRefused(Exception):
    """The other side opens no WebSocket for us. `status` is its HTTP answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the WebSocket was refused ({status})")
        self.status = status


class WebSocket(asyncio.Protocol):
    """One connection. `over` is done when it is, with the reason; whoever looks at `has_heard` sets it back."""

    def __init__(self, take: Take) -> None:
        loop = asyncio.get_running_loop()
        self.over: asyncio.Future[str] = loop.create_future()
        self.has_heard = True
        self._take = take
        self._transport: asyncio.Transport | None = None
        self._head: asyncio.Future[bytes] = loop.create_future()
        self._gone: asyncio.Future[None] = loop.create_future()
        self._has_begun = self._has_said_goodbye = False
        self._unread = bytearray()
        self._wanted = 0
        self._pieces: list[bytes] = []

    def begin(self) -> None:
        """Hand on what came since the handshake, and from now on what comes."""
        self._has_begun = True
        self._read()

    def send(self, text: bytes) -> None:
        """Send a text after all that was sent before. Once the connection is over it goes nowhere."""
        if not self.over.done():
            self._write(_TEXT, text)

    def ping(self) -> None:
        """Have the other side say something."""
        if not self.over.done():
            self._write(_PING, b"")

    def end(self, reason: str) -> None:
        """It is over from here: nothing more is handed on. Leaving its scope closes it."""
        if not self.over.done():
            self.over.set_result(reason)

    def abort(self) -> None:
        """Let go at once, without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self, within_seconds: float) -> None:
        """Say goodbye, and let go when the other side has said so too: by then it has read what was sent before."""
        self.end("closed by us")
        try:
            self._say_goodbye(_NORMAL_CLOSURE)
            await asyncio.wait((self._gone,), timeout=within_seconds)
        finally:
            self.abort()

    async def shake_hands(self, request: bytes, accepted: bytes) -> None:
        """Send the request, and wait for the answer. Raises HandshakeRefused or ConnectionError."""
        if self._transport is not None:
            self._transport.write(request)
        status_line, *lines = (await self._head).split(b"\r\n")
        words = status_line.split()
        if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
            raise ConnectionError("it speaks no HTTP")
        if words[1] != b"101":
            raise HandshakeRefused(int(words[1]))
        named = (line.partition(b":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in named}
        if headers.get(b"sec-websocket-accept") != accepted:
            raise ConnectionError("it speaks no WebSocket")

    # -- what asyncio calls ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.has_heard = True
        self._unread += data
        if not self._head.done():
            self._read_head()
        elif self._has_begun and len(self._unread) >= self._wanted:
            self._read()

    def connection_lost(self, error: Exception | None) -> None:
        reason = (
            f"connection broke ({error})"
            if error
            else f"closed by asterisk, code {_NO_CLOSE_FRAME}"
        )
        if not self._head.done():
            self._head.set_exception(ConnectionError(reason))
        self.end(reason)
        if not self._gone.done():
            self._gone.set_result(None)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _read_head(self) -> None:
        """The answer to the handshake ends with an empty line; frames may follow it at once."""
        head, end, rest = self._unread.partition(b"\r\n\r\n")
        if end:
            self._unread = rest
            self._head.set_result(bytes(head))
        elif len(head) > _LONGEST_HEAD:
            self._head.set_exception(ConnectionError("it speaks no HTTP"))

    def _read(self) -> None:
        """Take the frames that are whole, and keep the rest."""
        data, self._unread = bytes(self._unread), bytearray()
        at, end = 0, len(data)
        self._wanted = 2
        while end - at >= self._wanted:
            length, begin = data[at + 1], at + 2
            if length > 127:  # a mask, which a server never has
                self.end(NO_EVENT)
                return
            if length in _LENGTH_BYTES:
                begin += _LENGTH_BYTES[length]
                length = int.from_bytes(data[at + 2 : begin]) if begin <= end else 0
            after = begin + length
            if after > end:
                self._wanted = after - at
                break
            self._take_frame(data[at], data[begin:after])
            at, self._wanted = after, 2
        self._unread += data[at:]

    def _take_frame(self, kind: int, payload: bytes) -> None:
        if kind == _CLOSE:
            self._say_goodbye(payload[:2])
            code = int.from_bytes(payload[:2]) if payload else _NO_CODE
            self.end(f"closed by asterisk, code {code}")
            if self._transport is not None:
                self._transport.close()
        elif self.over.done() or kind == _PONG:
            return
        elif kind == _TEXT:
            self._hand_on(payload)
        elif kind == _PING:
            self._write(_PONG, payload)
        elif kind in {_FIRST_PIECE, _PIECE, _LAST_PIECE}:
            self._pieces.append(payload)
            if kind == _LAST_PIECE:
                whole = b"".join(self._pieces)
                self._pieces.clear()
                self._hand_on(whole)
        else:
            self.end(NO_EVENT)

    def _hand_on(self, text: bytes) -> None:
        if reason := self._take(text):
            self.end(reason)

    def _say_goodbye(self, code: bytes) -> None:
        if not self._has_said_goodbye:
            self._has_said_goodbye = True
            self._write(_CLOSE, code)

    def _write(self, kind: int, payload: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_frame(kind, payload))


@asynccontextmanager
async def websocket(
    address: tuple[str, int],
    path: str,
    headers: Mapping[str, str],
    take: Take,
    *,
    close_seconds: float,
) -> AsyncIterator[WebSocket]:
    """Open one, and close it with the scope. Raises HandshakeRefused, or OSError where nobody listens."""
    key = base64.b64encode(os.urandom(16))
    proof = hashlib.sha1(key + _ACCEPTS, usedforsecurity=False)
    lines = {
        "Host": f"{address[0]}:{address[1]}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key.decode(),
        **headers,
    }
    request = (
        f"GET {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n"
    )
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: WebSocket(take), *address)
    try:
        await socket.shake_hands(request.encode(), base64.b64encode(proof.digest()))
    except BaseException:
        socket.abort()
        raise
    try:
        yield socket
    finally:
        await socket.close(close_seconds)


def _frame(kind: int, payload: bytes) -> bytes:
    """A frame of a client's: what it carries is masked, so that no proxy takes it for something else."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", kind, 0x80 | length)
    elif length < 65_536:
        head = struct.pack("!BBH", kind, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", kind, 0x80 | 127, length)
    mask = random.getrandbits(32).to_bytes(4)
    masks = (mask * (length // 4 + 1))[:length]
    return head + mask + (int.from_bytes(payload) ^ int.from_bytes(masks)).to_bytes(length)
