"""What a carrier's name stands for: machines, each with a port and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import msgspec

SrvPrefix: TypeAlias = Literal["_sip._udp", "_sip._tcp", "_sips._tcp"]
"""What a name is asked for before its addresses: the SIP machines of this transport (RFC 3263)."""


class NameUnknown(Exception):
    """Nobody could say what a name means; the text says why."""


@dataclass(frozen=True, slots=True, order=True)
class CarrierName:
    """A name to be asked for: with `service` for machines and their ports, without for its addresses only."""

    host: str
    service: SrvPrefix | None = None

    def __str__(self) -> str:
        return f"{self.service}.{self.host}" if self.service else self.host


class Machine(msgspec.Struct, frozen=True):
    """One of a name's machines: what it is called, its port where name servers say one, its addresses in numbers."""

    host: str
    port: int | None = None
    addresses: tuple[str, ...] = ()


class AsksNames(Protocol):
    """Says what a name means. Raises NameUnknown, TimeoutError."""

    async def __call__(self, name: CarrierName) -> tuple[Machine, ...]: ...
