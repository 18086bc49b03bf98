"""A WebSocket's frames, however the network cuts them, and the answers to a handshake that are none."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.ari.websocket import HandshakeRefused, WebSocket

TEXT, PIECE, LAST_PIECE, BINARY, CLOSE, PING, PONG = 0x81, 0x01, 0x80, 0x82, 0x88, 0x89, 0x8A
SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: yes\r\n\r\n"
)
LENGTHS = (0, 1, 125, 126, 127, 65_535, 65_536, 70_000)


class Wire(asyncio.Transport):
    """What a socket writes, and whether it has let go."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = True


def frame(kind: int, payload: bytes) -> bytes:
    """As a server sends it: without a mask."""
    length = len(payload)
    if length < 126:
        return struct.pack("!BB", kind, length) + payload
    if length < 65_536:
        return struct.pack("!BBH", kind, 126, length) + payload
    return struct.pack("!BBQ", kind, 127, length) + payload


def unmasked(sent: bytes) -> list[tuple[int, bytes]]:
    """The frames that a client sent."""
    frames = []
    while sent:
        kind, length = sent[0], sent[1] & 0x7F
        assert sent[1] & 0x80, "a client's frame is masked"
        size = {126: 2, 127: 8}.get(length, 0)
        length = int.from_bytes(sent[2 : 2 + size]) if size else length
        mask, sent = sent[2 + size : 6 + size], sent[6 + size :]
        frames.append((kind, bytes(b ^ mask[at % 4] for at, b in enumerate(sent[:length]))))
        sent = sent[length:]
    return frames


async def shaken(socket: WebSocket, wire: Wire, answer: bytes = SWITCHING) -> None:
    socket.connection_made(wire)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(socket.shake_hands(b"please", b"yes"))
        await asyncio.sleep(0)
        socket.data_received(answer)
    wire.written = b""


async def opened(heard: list[bytes]) -> tuple[WebSocket, Wire]:
    socket, wire = WebSocket(heard.append), Wire()
    await shaken(socket, wire)
    socket.begin()
    return socket, wire


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@given(
    texts=st.lists(st.binary(max_size=300), max_size=8),
    places=st.lists(st.integers(0, 10_000), max_size=12),
    first=st.integers(0, 10_000),
)
def test_texts_come_whole_and_in_order_however_they_are_cut(
    texts: list[bytes], places: list[int], first: int
) -> None:
    async def hear() -> list[bytes]:
        heard: list[bytes] = []
        socket, wire = WebSocket(heard.append), Wire()
        stream = b"".join(frame(TEXT, text) + frame(PONG, b"") for text in texts)
        early = first % (len(stream) + 1)
        await shaken(socket, wire, SWITCHING + stream[:early])
        assert heard == []  # nobody reads yet
        socket.begin()
        for piece in cut(stream[early:], places):
            socket.data_received(piece)
        return heard

    assert asyncio.run(hear()) == texts


@pytest.mark.parametrize("length", LENGTHS)
async def test_a_text_of_any_length_goes_and_comes(length: int) -> None:
    heard: list[bytes] = []
    socket, wire = await opened(heard)
    text = bytes(number % 251 for number in range(length))

    socket.send(text)
    for piece in cut(frame(TEXT, text), range(0, length, 4_096)):
        socket.data_received(piece)

    assert unmasked(wire.written) == [(TEXT, text)]
    assert heard == [text]


async def test_a_text_in_pieces_is_one_text_and_a_ping_between_them_is_answered() -> None:
    heard: list[bytes] = []
    socket, wire = await opened(heard)

    socket.data_received(frame(PIECE, b"he") + frame(0, b"ll") + frame(PING, b"there?"))
    assert heard == []
    socket.data_received(frame(LAST_PIECE, b"o"))

    assert heard == [b"hello"]
    assert unmasked(wire.written) == [(PONG, b"there?")]


async def test_a_goodbye_is_returned_with_its_code_and_nothing_is_handed_on_after_it() -> None:
    heard: list[bytes] = []
    socket, wire = await opened(heard)

    socket.data_received(frame(CLOSE, struct.pack("!H", 1011) + b"why") + frame(TEXT, b"late"))
    socket.send(b"later")

    assert socket.over.result() == "closed by asterisk, code 1011"
    assert unmasked(wire.written) == [(CLOSE, struct.pack("!H", 1011))]
    assert heard == []
    assert wire.is_closed


async def test_our_goodbye_waits_for_theirs() -> None:
    heard: list[bytes] = []
    socket, wire = await opened(heard)
    socket.send(b"last words")

    closing = asyncio.ensure_future(socket.close(60))
    await asyncio.sleep(0)
    socket.data_received(frame(TEXT, b"an answer that nobody waits for"))
    assert not closing.done()
    assert not wire.is_closed
    socket.data_received(frame(CLOSE, struct.pack("!H", 1000)))
    socket.connection_lost(None)
    await closing

    assert [kind for kind, _ in unmasked(wire.written)] == [TEXT, CLOSE]
    assert heard == []


@pytest.mark.parametrize(
    "wrong", [frame(BINARY, b"x"), frame(0x83, b"x"), b"\xc1\x00", b"\x81\x85maskhello"]
)
async def test_what_asterisk_never_sends_ends_the_connection(wrong: bytes) -> None:
    heard: list[bytes] = []
    socket, _ = await opened(heard)

    socket.data_received(wrong + frame(TEXT, b"next"))

    assert socket.over.done()
    assert heard == []


async def test_a_reader_that_cannot_go_on_says_why_and_is_left_alone() -> None:
    socket, wire = WebSocket(lambda text: f"no more after {text.decode()}"), Wire()
    await shaken(socket, wire)
    socket.begin()

    socket.data_received(frame(TEXT, b"one") + frame(TEXT, b"two"))

    assert socket.over.result() == "no more after one"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", HandshakeRefused),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", HandshakeRefused),
        (b"HTTP/1.1 101 Yes\r\nSec-WebSocket-Accept: other\r\n\r\n", ConnectionError),
        (b"HTTP/1.1 101 Yes\r\n\r\n", ConnectionError),
        (b"SSH-2.0-OpenSSH\r\n\r\n", ConnectionError),
        (b"\r\n\r\n", ConnectionError),
        (b"x" * 20_000, ConnectionError),
    ],
)
async def test_an_answer_that_opens_no_websocket_is_refused(
    answer: bytes, error: type[Exception]
) -> None:
    socket = WebSocket(lambda _: None)

    with pytest.raises(ExceptionGroup) as caught:
        await shaken(socket, Wire(), answer)

    assert isinstance(caught.value.exceptions[0], error)


async def test_a_peer_that_hangs_up_in_the_handshake_is_told_of() -> None:
    socket = WebSocket(lambda _: None)
    socket.connection_made(Wire())
    shaking = asyncio.ensure_future(socket.shake_hands(b"please", b"yes"))
    await asyncio.sleep(0)
    socket.connection_lost(ConnectionResetError("reset"))

    with pytest.raises(ConnectionError, match="reset"):
        await shaking
