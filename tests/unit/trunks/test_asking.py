"""Asking a machine on loopback whether it is there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, cast

import pytest
import trustme

from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import HostAnswer, Trunk, ask_host, ask_machine, open_trunk

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


@asynccontextmanager
async def stream_machine(
    said: bytes, context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[str]]]:
    """A machine that says this to whoever connects; its port, and what it was asked."""
    asked: list[str] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(said)
        writer.close()

    listening = await asyncio.start_server(accept, HERE, 0, ssl=context)
    try:
        yield int(listening.sockets[0].getsockname()[1]), asked
    finally:
        listening.close()


def over(transport: Literal["tcp", "tls"], port: int, **keys: Any) -> Trunk:
    address = f"{HERE}:{port}"
    said = TrunkSettings(name="telia", addresses=(address,), transport=transport, **keys)
    return open_trunk(said, lambda _: ())


async def asked_by_its_own_way(trunk: Trunk) -> HostAnswer:
    ((host, address),) = trunk.machines
    return await ask_machine(trunk, host, address, HERE)


OK = b"SIP/2.0 100 Trying\r\n\r\nSIP/2.0 200 OK\r\n\r\n"


async def test_over_tcp_a_machine_is_asked_over_tcp() -> None:
    async with stream_machine(OK) as (port, asked):
        answer = await asked_by_its_own_way(over("tcp", port))

    assert answer.status == 200
    assert "\r\nVia: SIP/2.0/TCP 127.0.0.1:" in asked[0]


async def test_over_tls_a_machine_is_asked_if_its_certificate_is_believed(tmp_path: Path) -> None:
    ca, stranger, context = trustme.CA(), trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for name, one in (("ca", ca), ("stranger", stranger)):
        one.cert_pem.write_to_path(str(tmp_path / f"{name}.pem"))
    ca.issue_cert(HERE).configure_cert(context)
    async with stream_machine(OK, context) as (port, _):
        good, bad = [
            await asked_by_its_own_way(over("tls", port, ca_file=tmp_path / f"{name}.pem"))
            for name in ("ca", "stranger")
        ]

    assert good.status == 200
    assert bad.status is None
    assert "is not believed: unable to get local issuer certificate" in str(bad.trouble)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"x" * 200_000])
async def test_a_machine_that_speaks_no_sip_is_told_so(said: bytes) -> None:
    async with stream_machine(said) as (port, _):
        answer = await asked_by_its_own_way(over("tcp", port))

    assert answer.status is None
    assert answer.trouble


async def test_a_machine_where_nobody_listens_is_told_so() -> None:
    async with stream_machine(OK) as (port, _):
        pass
    answer = await asked_by_its_own_way(over("tcp", port))

    assert "no connection" in str(answer.trouble)
