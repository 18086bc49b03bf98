import asyncio
from typing import cast

import pytest

from ivr.sipp.ping import until_it_answers


class Phone(asyncio.DatagramProtocol):
    """Answers from the `deaf_for`-th request on."""

    def __init__(self, deaf_for: int) -> None:
        self.deaf_for = deaf_for
        self.heard: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, packet: bytes, sender: tuple[str, int]) -> None:
        self.heard.append(packet)
        if len(self.heard) > self.deaf_for:
            self.transport.sendto(b"SIP/2.0 200 OK\r\n\r\n", sender)


@pytest.mark.parametrize("deaf_for", [0, 1])
async def test_phone_is_asked_again_until_it_answers(deaf_for: int) -> None:
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(
        lambda: Phone(deaf_for), local_addr=("127.0.0.1", 0)
    )
    host, port = transport.get_extra_info("sockname")

    async with asyncio.timeout(5):
        await until_it_answers(host, port)

    assert len(phone.heard) == deaf_for + 1
    assert phone.heard[0].startswith(f"OPTIONS sip:ping@{host}:{port} SIP/2.0\r\n".encode())
    assert phone.heard[0].endswith(b"\r\n\r\n")
    transport.close()
