"""The probe against a peer in the same loop: no Asterisk, so that a figure of its is the probe's own."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator

import pytest

from ivr.sipp.sounds import tone
from tests.acceptance.probe import KEYS, SILENCE, CallRefused, Inbox, call, offer
from tests.acceptance.tones import dominates, speech


class Peer:
    """Answers a call, hums `before`, and hums `after` from the first end of a key on."""

    def __init__(self, signalling: Inbox, media: Inbox, status: str) -> None:
        self.signalling = signalling
        self.media = media
        self.status = status
        self.requests: list[str] = []
        self.events: list[tuple[int, bool, bool]] = []

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.signalling.port

    async def answer(self) -> None:
        while True:
            _, packet = await self.signalling.packets.get()
            first, *lines = packet.decode().split("\r\n")
            method, port = first.split()[0], int(lines[0].split(";")[0].rpartition(":")[2])
            self.requests.append(method)
            if method == "ACK":
                continue
            kept = [line for line in lines if line.startswith(("Via", "From", "Call-ID", "CSeq"))]
            body = offer(self.media.port)
            answer = (f"SIP/2.0 {self.status}", *kept, "To: <sip:100@127.0.0.1>;tag=peer", "", body)
            self.signalling.send("\r\n".join(answer).encode(), ("127.0.0.1", port))
            if method == "INVITE":
                self.probe = ("127.0.0.1", int(packet.decode().split("m=audio ")[1].split()[0]))

    async def hum(self, before: float, after: float) -> None:
        hertz = before
        while True:
            _, packet = await self.media.packets.get()
            if packet[1] & 0x7F == 101:
                key, flags, _ = struct.unpack("!BBH", packet[12:])
                self.events.append((key, bool(packet[1] & 0x80), bool(flags & 0x80)))
                hertz = after if flags & 0x80 else hertz
            head = struct.pack("!BBHII", 0x80, 8, 0, 0, 1)
            self.media.send(head + tone(hertz, seconds=0.02), self.probe)


@pytest.fixture
async def peer(request: pytest.FixtureRequest) -> AsyncIterator[Peer]:
    status = getattr(request, "param", "200 OK")
    peer = Peer(await Inbox.open(), await Inbox.open(), status)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(peer.answer()), group.create_task(peer.hum(440, 1000))]
        yield peer
        for task in tasks:
            task.cancel()
    for inbox in (peer.signalling, peer.media):
        inbox.transport.close()


async def test_call_is_answered_acknowledged_and_hung_up(peer: Peer) -> None:
    async with asyncio.timeout(5), call(peer.address, "100", "+4790000001") as placed:
        await placed.hears(440)

    assert peer.requests == ["INVITE", "ACK", "BYE"]


@pytest.mark.alone
async def test_time_is_counted_from_the_end_of_the_key_to_the_next_prompts_first_packet(
    peer: Peer,
) -> None:
    async with asyncio.timeout(5), call(peer.address, "100", "+4790000001") as placed:
        await placed.hears(440)

        seconds = await placed.key_to_tone("#", 1000)

    assert 0 < seconds < 0.1  # the key itself lasts 0.12 s


async def test_key_begins_with_a_mark_and_its_end_is_sent_three_times(peer: Peer) -> None:
    async with asyncio.timeout(5), call(peer.address, "100", "+4790000001") as placed:
        await placed.key_to_tone("#", 1000)
        await placed.hears(1000)

    assert {key for key, _, _ in peer.events} == {KEYS.index("#")}
    assert [is_first for _, is_first, _ in peer.events] == [True] + [False] * 8
    assert [is_over for _, _, is_over in peer.events] == [False] * 6 + [True] * 3


@pytest.mark.parametrize("peer", ["486 Busy Here"], indirect=True)
async def test_call_that_is_not_taken_says_what_the_peer_said(peer: Peer) -> None:
    with pytest.raises(CallRefused, match="486 Busy Here"):
        async with call(peer.address, "100", "+4790000001"):
            pass


@pytest.mark.parametrize("hertz", [440, 620, 1000, 1600])
def test_tone_dominates_its_own_sound_and_no_other(hertz: float) -> None:
    samples = tone(hertz, seconds=0.02)

    heard = [other for other in (440, 620, 1000, 1600) if dominates(other, samples)]

    assert heard == [hertz]


def test_silence_has_no_tone() -> None:
    assert not dominates(440, SILENCE)
    assert not dominates(440, b"")


def test_packet_that_is_no_speech_has_no_samples() -> None:
    assert speech(struct.pack("!BBHII", 0x80, 101, 0, 0, 1) + b"\x01\x0a\x00\xa0") == b""
    assert speech(b"SIP/2.0") == b""
