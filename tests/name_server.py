"""A name server of a test's own, on loopback: it answers, is silent, or lies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Mood = Literal["answers", "silent", "garbage", "fails", "another question"]


@dataclass(slots=True)
class NameServer(asyncio.DatagramProtocol):
    """`records` by name and type, as in a zone file; what is not there does not exist."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    mood: Mood = "answers"
    asked: list[str] = field(default_factory=list)
    port: int = 0
    _transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, packet: bytes, sender: tuple[str, int]) -> None:
        query = dns.message.from_wire(packet)
        self.asked.append(query.question[0].name.to_text(omit_final_dot=True))
        assert self._transport is not None
        match self.mood:
            case "silent":
                return
            case "garbage":
                self._transport.sendto(packet[:2] + b"\xff" * 40, sender)
            case _:
                self._transport.sendto(self._answer(query).to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        question = query.question[0]
        answer.flags |= dns.flags.RA
        if self.mood == "fails":
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer
        name = question.name.to_text(omit_final_dot=True)
        found = self.records.get((name, question.rdtype.name), [])
        if found:
            asked = "another.example." if self.mood == "another question" else question.name
            answer.answer.append(dns.rrset.from_text(asked, 60, "IN", question.rdtype, *found))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


@asynccontextmanager
async def name_server(
    records: dict[tuple[str, str], list[str]] | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[NameServer]:
    """At a port of its own, until the scope is left."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: NameServer(records or {}), local_addr=(host, 0)
    )
    try:
        yield server
    finally:
        transport.close()
