"""Asking a machine on loopback whether it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from ivr.settings import SipHost
from ivr.trunks import ask_host

HERE = "127.0.0.1"


class Machine(asyncio.DatagramProtocol):
    """Answers the request number `from_request` on, with each of `statuses`."""

    def __init__(self, *statuses: str, from_request: int = 1) -> None:
        self.statuses, self.from_request = statuses, from_request
        self.asked: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, packet: bytes, sender: tuple[str, int]) -> None:
        self.asked.append(packet.decode())
        if len(self.asked) >= self.from_request:
            for status in self.statuses:
                self.transport.sendto(f"SIP/2.0 {status}\r\n\r\n".encode(), sender)


@asynccontextmanager
async def machine(played: Machine) -> AsyncIterator[SipHost]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: played, local_addr=(HERE, 0))
    try:
        yield SipHost(HERE, transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "401 Unauthorized"])
async def test_any_final_answer_is_told(status: str) -> None:
    played = Machine("100 Trying", status)
    async with machine(played) as host:
        answer = await ask_host(host, HERE)

    assert answer.status == int(status[:3])
    assert answer.milliseconds is not None
    assert played.asked[0].startswith(f"OPTIONS sip:{host} SIP/2.0\r\n")


async def test_a_packet_that_is_lost_is_sent_again() -> None:
    played = Machine("200 OK", from_request=2)
    async with machine(played) as host:
        answer = await ask_host(host, HERE)

    assert answer.status == 200


async def test_garbage_is_no_answer() -> None:
    class Babbler(Machine):
        def datagram_received(self, packet: bytes, sender: tuple[str, int]) -> None:
            self.transport.sendto(b"\x00\xff SIP/2.0 two hundred", sender)

    async with machine(Babbler()) as host:
        answer = await ask_host(host, HERE)

    assert (answer.status, answer.trouble) == (None, None)


async def test_where_nobody_listens_the_network_says_so() -> None:
    async with machine(Machine()) as host:
        pass

    answer = await ask_host(host, HERE)

    assert answer.status is None
    assert answer.trouble
