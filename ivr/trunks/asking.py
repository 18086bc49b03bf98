"""Asking a carrier's machine whether it is there: one OPTIONS, from a socket of its own, and what comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ulid import ULID

from ivr.settings.trunk import SipHost
from ivr.trunks.tls import DEFAULT_PORT as DEFAULT_TLS_PORT
from ivr.trunks.tls import believing, end_of, trouble_in
from ivr.trunks.trunk import Trunk

RESENT_AFTER_SECONDS = (0.5, 1.0, 2.0)
"""Waits for an answer, each followed by the same request again (RFC 3261, 17.1.2.2), but the last."""

DEFAULT_PORT = 5060

_STATUS = re.compile(rb"SIP/2\.0 ([1-6]\d\d) ")


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """What an address answered: SIP's `status` after so many `milliseconds`; both None where nothing came.

    Any status is a sign of life. `trouble` is the network's own word, where it had one. `certificate_until` is when the
    machine's certificate ends (aware), over TLS.
    """

    address: str
    status: int | None = None
    milliseconds: float | None = None
    trouble: str | None = None
    certificate_until: datetime | None = None


class _Answers(asyncio.DatagramProtocol):
    """The first final answer, or the network's refusal."""

    def __init__(self) -> None:
        self.came: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def datagram_received(self, packet: bytes, _sender: object) -> None:
        found = _STATUS.match(packet)
        if found and int(found[1]) >= 200 and not self.came.done():
            self.came.set_result(int(found[1]))

    def error_received(self, refused: Exception) -> None:
        if not self.came.done():
            self.came.set_exception(refused)


async def ask_machine(trunk: Trunk, host: SipHost, address: str, own_host: str) -> HostAnswer:
    """Ask one of a trunk's machines, which is at this address, the way that its calls go."""
    if trunk.said.transport == "udp":
        return await ask_host(SipHost(address, host.port), own_host)
    loop = asyncio.get_running_loop()
    began = loop.time()
    context = believing(trunk.tls) if trunk.tls else None
    ends = None
    try:
        async with asyncio.timeout(sum(RESENT_AFTER_SECONDS)):
            reader, writer = await asyncio.open_connection(
                address,
                host.port or (DEFAULT_TLS_PORT if context else DEFAULT_PORT),
                ssl=context,
                server_hostname=host.host if context else None,
                local_addr=(own_host, 0),
            )
            try:
                own = writer.get_extra_info("sockname")
                ends = end_of(writer.get_extra_info("peercert"))
                writer.write(_request(host, own, trunk.said.transport))
                status = await _final_status(reader)
            finally:
                writer.transport.abort()
    except TimeoutError:
        return HostAnswer(str(host), certificate_until=ends)
    except OSError as error:
        return HostAnswer(str(host), trouble=trouble_in(error, host), certificate_until=ends)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        trouble = f"{host} speaks no SIP there"
        return HostAnswer(str(host), trouble=trouble, certificate_until=ends)
    took = round((loop.time() - began) * 1000, 1)
    return HostAnswer(str(host), status, took, certificate_until=ends)


async def _final_status(reader: asyncio.StreamReader) -> int:
    while True:
        found = _STATUS.match(await reader.readuntil(b"\n"))
        if found and int(found[1]) >= 200:
            return int(found[1])


async def ask_host(host: SipHost, own_host: str) -> HostAnswer:
    """Ask this address, in numbers, over UDP; `own_host` is where our own SIP is, which carriers know us by."""
    loop = asyncio.get_running_loop()
    address = str(host)
    try:
        transport, answers = await loop.create_datagram_endpoint(
            _Answers, local_addr=(own_host, 0), remote_addr=(host.host, host.port or DEFAULT_PORT)
        )
    except OSError as error:
        return HostAnswer(address, trouble=error.strerror or str(error))
    began = loop.time()
    try:
        request = _request(host, transport.get_extra_info("sockname"))
        for wait in RESENT_AFTER_SECONDS:
            transport.sendto(request)
            try:
                async with asyncio.timeout(wait):
                    status = await asyncio.shield(answers.came)
            except TimeoutError:
                continue
            except OSError as error:
                return HostAnswer(address, trouble=error.strerror or str(error))
            return HostAnswer(address, status, round((loop.time() - began) * 1000, 1))
        return HostAnswer(address)
    finally:
        answers.came.cancel()
        transport.close()


def _request(there: SipHost, own: tuple[str, int], transport: str = "udp") -> bytes:
    here = str(SipHost(own[0], own[1]))
    call = str(ULID()).lower()
    return "\r\n".join((*_lines(str(there), here, call, transport.upper()), "", "")).encode()


def _lines(there: str, here: str, call: str, transport: str) -> Iterator[str]:
    yield f"OPTIONS sip:{there} SIP/2.0"
    yield f"Via: SIP/2.0/{transport} {here};rport;branch=z9hG4bK{call}"
    yield f"From: <sip:sentralbord@{here}>;tag={call}"
    yield f"To: <sip:{there}>"
    yield f"Contact: <sip:sentralbord@{here}>"
    yield f"Call-ID: {call}"
    yield "CSeq: 1 OPTIONS"
    yield "Max-Forwards: 70"
    yield "Accept: application/sdp"
    yield "Content-Length: 0"
