"""A phone that measures: one SIP call with A-law RTP both ways, each packet time-stamped as it arrives.

Only for measuring, so it knows one peer on loopback, A-law, and RFC 4733 keys; every other call in the tests is SIPp's.
Prompts that are pure tones tell which prompt a packet belongs to.
"""

from __future__ import annotations

import asyncio
import re
import struct
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

from tests.acceptance.tones import LINEAR, dominates, speech

HOST = "127.0.0.1"
KEYS = "0123456789*#"
EVENT_PAYLOAD_TYPE = 101
FRAME_SECONDS = 0.02
FRAME_SAMPLES = 160
KEY_FRAMES = 6
SILENCE = b"\xd5" * FRAME_SAMPLES
RETRANSMIT_SECONDS = 0.5
_LOUD = min(range(256), key=lambda octet: abs(LINEAR[octet] - 8000))
SPEECH = bytes([_LOUD] * 4 + [_LOUD ^ 0x80] * 4) * 20
"""20 ms of sound. Of silence Asterisk counts no second, however long it is."""

Address = tuple[str, int]


class CallRefused(Exception):
    """The peer did not take the call."""


class Inbox(asyncio.DatagramProtocol):
    """A UDP socket whose packets wait, time-stamped, in a queue."""

    def __init__(self) -> None:
        self.packets: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    @classmethod
    async def open(cls, host: str = HOST, port: int = 0) -> Inbox:
        loop = asyncio.get_running_loop()
        _, inbox = await loop.create_datagram_endpoint(cls, local_addr=(host, port))
        return inbox

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)
        self.port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, packet: bytes, _sender: Address) -> None:
        self.packets.put_nowait((time.perf_counter(), packet))

    def send(self, packet: bytes, to: Address) -> None:
        self.transport.sendto(packet, to)


@asynccontextmanager
async def call(
    server: Address, dialled: str, caller: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[ProbeCall]:
    """A call that has been answered, until the scope is left, which hangs up. Raises CallRefused."""
    signalling, media = await Inbox.open(), await Inbox.open()
    placed = ProbeCall(server, dialled, caller, signalling, media)
    try:
        await placed.dial(headers or {})
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(placed.speak(), name="probe/speak"),
                group.create_task(placed.attend(), name="probe/attend"),
            ]
            yield placed
            for task in tasks:
                task.cancel()
        await placed.hang_up()
    finally:
        signalling.transport.close()
        media.transport.close()


@dataclass(slots=True)
class ProbeCall:
    """The caller's side of one call."""

    server: Address
    dialled: str
    caller: str
    signalling: Inbox
    media: Inbox
    call_id: str = field(default_factory=lambda: f"{uuid4().hex}-probe")
    tag: str = field(default_factory=lambda: uuid4().hex[:8])
    to_tag: str = ""
    peer_media: Address = (HOST, 0)
    has_ended: bool = False
    sequence: int = 0
    timestamp: int = 0
    sound: bytes = SILENCE
    key_to_send: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    key_ended: asyncio.Queue[float] = field(default_factory=asyncio.Queue)

    async def key_to_tone(self, key: str, tone_hz: float, *, within_seconds: float = 5.0) -> float:
        """Press `key`; seconds from its first end packet to the first packet of the prompt `tone_hz`."""
        async with asyncio.timeout(within_seconds):
            self.key_to_send.put_nowait(key)
            ended_at = await self.key_ended.get()
            return await self.hears(tone_hz, since=ended_at) - ended_at

    async def hears(self, tone_hz: float, *, since: float = 0.0) -> float:
        """When the first packet after `since` arrived that the tone dominates. Wrap it in a timeout."""
        while True:
            at, packet = await self.media.packets.get()
            if at > since and dominates(tone_hz, speech(packet)):
                return at

    async def dial(self, headers: Mapping[str, str]) -> None:
        """INVITE until it is answered, then ACK."""
        invite = self._request("INVITE", 1, headers, offer(self.media.port))
        status, answer = await self._final_response(invite, "INVITE")
        if match := re.search(r"(?im)^To:.*;tag=([^;\s]+)", answer):
            self.to_tag = match[1]
        self._acknowledge()
        port = re.search(r"(?m)^m=audio (\d+) ", answer)
        if status != 200 or port is None:
            raise CallRefused(answer.splitlines()[0])
        self.peer_media = (self.server[0], int(port[1]))

    async def hang_up(self) -> None:
        """BYE, unless the peer has said so first."""
        if not self.has_ended:
            await self._final_response(self._request("BYE", 2), "BYE")

    async def speak(self) -> None:
        """`sound` (silence, unless a test has set it), a packet each 20 ms, and keys between."""
        loop = asyncio.get_running_loop()
        next_at = loop.time()
        while True:
            if self.key_to_send.empty():
                self._send_rtp(8, self.sound)
                self.timestamp += FRAME_SAMPLES
            else:
                next_at = await self._press(self.key_to_send.get_nowait(), next_at)
            next_at += FRAME_SECONDS
            await asyncio.sleep(next_at - loop.time())

    async def attend(self) -> None:
        """Answer what the peer asks during the call: BYE ends it, a repeated 200 is acknowledged again."""
        while True:
            _, packet = await self.signalling.packets.get()
            first, *lines = packet.decode(errors="replace").split("\r\n")
            if first.startswith("SIP/2.0 200"):
                self._acknowledge()
            elif not first.startswith("SIP/2.0"):
                self.has_ended |= first.startswith("BYE ")
                kept = [
                    line for line in lines if re.match(r"(?i)(via|from|to|call-id|cseq):", line)
                ]
                text = "\r\n".join(("SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""))
                self.signalling.send(text.encode(), self.server)

    async def _press(self, key: str, next_at: float) -> float:
        """An RFC 4733 event of 120 ms; its end is sent three times, in one go."""
        loop = asyncio.get_running_loop()
        for number in range(1, KEY_FRAMES + 1):
            self._send_rtp(EVENT_PAYLOAD_TYPE, event(key, number, is_over=False), number == 1)
            next_at += FRAME_SECONDS
            await asyncio.sleep(next_at - loop.time())
        over_at = time.perf_counter()
        for _ in range(3):
            self._send_rtp(EVENT_PAYLOAD_TYPE, event(key, KEY_FRAMES + 1, is_over=True))
        self.key_ended.put_nowait(over_at)
        self.timestamp += (KEY_FRAMES + 1) * FRAME_SAMPLES
        return next_at

    def _send_rtp(self, payload_type: int, payload: bytes, marker: bool = False) -> None:
        second = payload_type | (0x80 if marker else 0)
        head = struct.pack("!BBHII", 0x80, second, self.sequence, self.timestamp, 0x5E47_AB0D)
        self.media.send(head + payload, self.peer_media)
        self.sequence = (self.sequence + 1) & 0xFFFF

    async def _final_response(self, request: bytes, method: str) -> tuple[int, str]:
        """Send `request` again and again until it has a final response: its status and text."""
        for _ in range(10):
            self.signalling.send(request, self.server)
            try:
                async with asyncio.timeout(RETRANSMIT_SECONDS):
                    while True:
                        _, packet = await self.signalling.packets.get()
                        text = packet.decode(errors="replace")
                        match = re.match(r"SIP/2\.0 ([2-6]\d\d)", text)
                        if match and re.search(rf"(?im)^CSeq:.*{method}\s*$", text):
                            return int(match[1]), text
            except TimeoutError:
                continue
        raise CallRefused(f"no answer to {method}")

    def _acknowledge(self) -> None:
        self.signalling.send(self._request("ACK", 1), self.server)

    def _request(
        self, method: str, number: int, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> bytes:
        here, there = f"{HOST}:{self.signalling.port}", f"{self.server[0]}:{self.server[1]}"
        lines = (
            f"{method} sip:{self.dialled}@{there} SIP/2.0",
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{self.call_id}{method}",
            f"From: <sip:{self.caller}@{here}>;tag={self.tag}",
            f"To: <sip:{self.dialled}@{there}>" + (f";tag={self.to_tag}" if self.to_tag else ""),
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{self.caller}@{here}>",
            "Max-Forwards: 70",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
            *(("Content-Type: application/sdp",) if body else ()),
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join((*lines, "", body)).encode()


def offer(port: int, host: str = HOST) -> str:
    """SDP: A-law and keys at `port`."""
    here = f"IN IP{6 if ':' in host else 4} {host}"
    lines = (
        *("v=0", f"o=probe 1 1 {here}", "s=-", f"c={here}", "t=0 0"),
        f"m=audio {port} RTP/AVP 8 {EVENT_PAYLOAD_TYPE}",
        *("a=rtpmap:8 PCMA/8000", f"a=rtpmap:{EVENT_PAYLOAD_TYPE} telephone-event/8000"),
        *(f"a=fmtp:{EVENT_PAYLOAD_TYPE} 0-15", "a=ptime:20", "a=sendrecv"),
    )
    return "\r\n".join((*lines, ""))


def event(key: str, frame: int, *, is_over: bool) -> bytes:
    """The RFC 4733 payload for `key` after `frame` frames."""
    flags = 10 | (0x80 if is_over else 0)
    return struct.pack("!BBH", KEYS.index(key), flags, frame * FRAME_SAMPLES)
