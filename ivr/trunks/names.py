"""What carriers' names mean. Asterisk is never asked: where DNS is dead it would stand still for 40 s.

The last good answer of each name is kept, over restarts too: a name server that is gone costs nobody a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import msgspec
import structlog

from ivr.clock import Clock
from ivr.private_file import write_private
from ivr.trunks.machines import AsksNames, CarrierName, Machine, NameUnknown

log = structlog.get_logger()

FIRST_ANSWER_SECONDS = 2.0
"""How long a start or a reload waits for name servers; whoever answers later is heard at the next asking."""

EVERY_SECONDS, AFTER_FAILURE_SECONDS = 180.0, 15.0
"""How often names are asked for anew: while all is well, and while one is not known."""


class KeptAnswer(msgspec.Struct, frozen=True):
    """The machines of a name, as they were told last."""

    machines: tuple[Machine, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that could not be resolved when it was asked last. `kept` is when it last could, if it ever did."""

    name: CarrierName
    why: str
    kept: datetime | None

    def __str__(self) -> str:
        if self.kept is None:
            return f"the name {self.name.host} means nothing yet: {self.why}; look for it in `addresses`"
        since = self.kept.isoformat(timespec="seconds")
        return (
            f"the name {self.name.host} is not resolved ({self.why}); the answer of {since} is used"
        )


@dataclass(slots=True)
class NameBook:
    """`file` keeps the answers. `own` is the address of our SIP: no name of a carrier can mean that."""

    asks: AsksNames
    clock: Clock
    file: Path
    own: str = "127.0.0.1"
    _known: dict[str, KeptAnswer] = field(default_factory=dict)
    _failures: dict[CarrierName, str] = field(default_factory=dict)

    @property
    def wait_seconds(self) -> float:
        """How long until they are asked for anew."""
        return AFTER_FAILURE_SECONDS if self._failures else EVERY_SECONDS

    def read(self) -> None:
        """Take what was kept. Blocks. A file that cannot be read is none."""
        try:
            text = self.file.read_bytes()
            self._known = msgspec.json.decode(text, type=dict[str, KeptAnswer])
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError) as error:
            log.warning(
                "kept answers of name servers are lost", file=str(self.file), why=str(error)
            )

    def look(self, name: CarrierName) -> tuple[Machine, ...]:
        """What is known of it, without asking anybody."""
        kept = self._known.get(str(name))
        return kept.machines if kept else ()

    def unresolved(self, names: Iterable[CarrierName]) -> Iterator[Unresolved]:
        """Those of these names that could not be resolved when they were asked last."""
        for name in names:
            if why := self._failures.get(name):
                kept = self._known.get(str(name))
                yield Unresolved(name, why, kept.at if kept else None)

    async def ask(
        self, names: Iterable[CarrierName], *, within_seconds: float = FIRST_ANSWER_SECONDS
    ) -> bool:
        """Ask for all of them at once; whether one means something else now."""
        wanted = sorted(set(names))
        before = {name: self.look(name) for name in wanted}
        self._failures = {name: why for name, why in self._failures.items() if name in wanted}
        async with asyncio.TaskGroup() as group:
            for name in wanted:
                group.create_task(self._ask(name, within_seconds), name=f"name/{name.host}")
        changed = [name for name in wanted if self.look(name) != before[name]]
        for name in changed:
            log.info("a carrier's name means", host=name.host, machines=_shown(self.look(name)))
        if wanted:
            await asyncio.to_thread(self._keep)
        return bool(changed)

    async def _ask(self, name: CarrierName, within_seconds: float) -> None:
        try:
            async with asyncio.timeout(within_seconds):
                machines = self._usable(await self.asks(name))
        except TimeoutError:
            self._failed(name, "no name server answered in time")
        except NameUnknown as unknown:
            self._failed(name, str(unknown))
        else:
            self._known[str(name)] = KeptAnswer(machines, self.clock.now())
            if self._failures.pop(name, None):
                log.info("a carrier's name is resolved again", host=name.host)

    def _failed(self, name: CarrierName, why: str) -> None:
        if self._failures.get(name) != why:
            log.warning("a carrier's name is not resolved", host=name.host, why=why)
        self._failures[name] = why

    def _usable(self, machines: tuple[Machine, ...]) -> tuple[Machine, ...]:
        """Without addresses that no carrier can have. Raises NameUnknown where none is left."""
        usable = []
        for machine in machines:
            addresses = tuple(one for one in machine.addresses if self._is_a_carriers(one))
            if addresses:
                usable.append(msgspec.structs.replace(machine, addresses=addresses))
        if not usable:
            told = ", ".join(one for machine in machines for one in machine.addresses)
            raise NameUnknown(f"the name servers say {told}, which no carrier can have")
        return tuple(usable)

    def _is_a_carriers(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        if address == ip_address(self.own) or address.is_unspecified or address.is_multicast:
            return False
        if address.is_loopback:
            return ip_address(self.own).is_loopback
        return not (address.version == 4 and address.is_reserved)

    def _keep(self) -> None:
        try:
            write_private(self.file, msgspec.json.encode(self._known).decode())
        except OSError as error:
            log.warning("answers of name servers cannot be kept", why=str(error))


def _shown(machines: tuple[Machine, ...]) -> list[str]:
    return [
        address if machine.port is None else f"{address} port {machine.port}"
        for machine in machines
        for address in machine.addresses
    ]
