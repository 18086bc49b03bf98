"""An agent's phone inside this process: it notes when it answered, and then speaks a tone.

For the probe only: it knows one peer on loopback, and A-law.
"""

from __future__ import annotations

import asyncio
import re
import struct
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bench.scenario import AGENT_HZ, RING_SECONDS
from ivr.sipp.sounds import tone
from tests.acceptance.probe import (
    FRAME_SAMPLES,
    FRAME_SECONDS,
    HOST,
    RETRANSMIT_SECONDS,
    Inbox,
    offer,
)
from tests.acceptance.tones import dominates, speech

_TONE = tone(AGENT_HZ)
_KEPT = re.compile(r"(?im)^(?:via|from|call-id|cseq|to):.*$")


@dataclass(slots=True)
class _Talk:
    """One call to the phone, by its SIP Call-ID."""

    invite: str
    media: Inbox
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class MeasuredPhone:
    """Rings for RING_SECONDS, answers, speaks until the other side hangs up. Any number of calls at once."""

    def __init__(
        self, signalling: Inbox, group: asyncio.TaskGroup, hears_hz: float | None = None
    ) -> None:
        """`hears_hz` is the tone of callers' voices, where it is to be told when each was heard."""
        self.answered_at: dict[str, float] = {}
        """The caller (`caller_key`) → when the 200 OK was sent (`time.perf_counter`)."""
        self._hears_hz = hears_hz
        self._heard: dict[str, asyncio.Future[float]] = {}
        self._signalling = signalling
        self._group = group
        self._talks: dict[str, _Talk] = {}

    @property
    def port(self) -> int:
        """Where it is called."""
        return self._signalling.port

    def uris(self, names: tuple[str, ...]) -> Mapping[str, str]:
        return {name: f"sip:{name}@{HOST}:{self._signalling.port}" for name in names}

    async def hears(self, caller: str) -> float:
        """When the first packet of this caller's voice came (`time.perf_counter`). Wrap it in a timeout."""
        loop = asyncio.get_running_loop()
        return await self._heard.setdefault(caller, loop.create_future())

    async def listen(self) -> None:
        while True:
            _, packet = await self._signalling.packets.get()
            await self._take(packet.decode(errors="replace"))

    async def _take(self, text: str) -> None:
        call_id = _header(text, "Call-ID")
        talk = self._talks.get(call_id)
        match text.partition(" ")[0]:
            case "INVITE" if talk is None:
                self._talks[call_id] = talk = _Talk(text, await Inbox.open())
                self._group.create_task(self._attend(call_id, talk), name=f"agent/{call_id}")
            case "ACK" if talk is not None:
                talk.acknowledged.set()
            case "BYE" | "CANCEL":
                self._respond("200 OK", text)
                if talk is not None:
                    talk.acknowledged.set()
                    talk.ended.set()
            case "OPTIONS":
                self._respond("200 OK", text)

    async def _attend(self, call_id: str, talk: _Talk) -> None:
        self._respond("180 Ringing", talk.invite)
        try:
            async with asyncio.timeout(RING_SECONDS):
                await talk.ended.wait()
            self._respond("487 Request Terminated", talk.invite)
        except TimeoutError:
            await self._answer(talk)
        finally:
            talk.media.transport.close()
            del self._talks[call_id]

    async def _answer(self, talk: _Talk) -> None:
        self.answered_at[_caller(talk.invite)] = time.perf_counter()
        speaking = self._group.create_task(_speak(talk), name="agent/speak")
        listening = self._group.create_task(self._listen_to(talk), name="agent/hear")
        try:
            while not talk.acknowledged.is_set():
                self._respond("200 OK", talk.invite, offer(talk.media.port))
                with suppress(TimeoutError):
                    async with asyncio.timeout(RETRANSMIT_SECONDS):
                        await talk.acknowledged.wait()
            await talk.ended.wait()
        finally:
            speaking.cancel()
            listening.cancel()

    async def _listen_to(self, talk: _Talk) -> None:
        if self._hears_hz is None:
            return
        heard = self._heard.setdefault(
            _caller(talk.invite), asyncio.get_running_loop().create_future()
        )
        while not heard.done():
            at, packet = await talk.media.packets.get()
            if dominates(self._hears_hz, speech(packet)):
                heard.set_result(at)

    def _respond(self, status: str, request: str, body: str = "") -> None:
        via = re.search(r"(?im)^via: *\S+ ([\d.]+):(\d+)", request)
        if via is not None:
            packet = _response(status, request, self._signalling.port, body)
            self._signalling.send(packet, (via[1], int(via[2])))


@asynccontextmanager
async def measured_phone(hears_hz: float | None = None) -> AsyncIterator[MeasuredPhone]:
    """A phone that is up until the scope is left. See MeasuredPhone."""
    signalling = await Inbox.open()
    try:
        async with asyncio.TaskGroup() as group:
            phone = MeasuredPhone(signalling, group, hears_hz)
            listening = group.create_task(phone.listen(), name="agent/listen")
            yield phone
            listening.cancel()
    finally:
        signalling.transport.close()


async def _speak(talk: _Talk) -> None:
    """The tone, a packet each 20 ms, from the moment of the answer."""
    port = re.search(r"(?m)^m=audio (\d+) ", talk.invite)
    if port is None:
        return
    loop = asyncio.get_running_loop()
    next_at = loop.time()
    sequence = 0
    while True:
        begin = sequence * FRAME_SAMPLES % len(_TONE)
        head = struct.pack("!BBHII", 0x80, 8, sequence & 0xFFFF, sequence * FRAME_SAMPLES, 0xA6E4)
        talk.media.send(head + _TONE[begin : begin + FRAME_SAMPLES], (HOST, int(port[1])))
        sequence += 1
        next_at += FRAME_SECONDS
        await asyncio.sleep(next_at - loop.time())


def caller_key(number: str) -> str:
    """A Norwegian number without its country code, however it is written: what both sides agree on."""
    return re.sub(r"\D", "", number)[-8:]


def _response(status: str, request: str, port: int, body: str) -> bytes:
    lines = [line.rstrip() for line in _KEPT.findall(request)]
    tagged = [line + ";tag=agent" * _needs_tag(line) for line in lines]
    kind = ["Content-Type: application/sdp"] if body else []
    contact = f"Contact: <sip:agent@{HOST}:{port}>"
    head = (f"SIP/2.0 {status}", *tagged, contact, *kind, f"Content-Length: {len(body)}")
    return "\r\n".join((*head, "", body)).encode()


def _needs_tag(line: str) -> bool:
    return line.lower().startswith("to:") and ";tag=" not in line


def _header(text: str, name: str) -> str:
    match = re.search(rf"(?im)^{name}: *(.*?)\r?$", text)
    return match[1] if match else ""


def _caller(invite: str) -> str:
    match = re.search(r"sip:([^@>;]+)@", _header(invite, "From"))
    return caller_key(match[1]) if match else ""
