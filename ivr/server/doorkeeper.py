"""Keeps strangers out who try without end: has Asterisk answer their addresses no more, for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import msgspec
import structlog

from ivr.private_file import write_private
from ivr.server.asterisk import AsteriskInUse
from ivr.server.strangers import Strangers
from ivr.trunks import Trunk

log = structlog.get_logger()

LOOK_SECONDS = 0.25

ADDRESSES_FILE = "addresses.json"
"""In the home folder: who is barred, for the next server to let in again, since Asterisk may outlive this one; and
where phones of ours are at home."""


class AddressesKept(msgspec.Struct, frozen=True):
    """What stands in that file: until when each is barred, and when a phone last signed in from each."""

    barred: dict[str, datetime] = {}
    homes: dict[str, datetime] = {}


@dataclass(slots=True)
class Doorkeeper:
    """Bars who is beyond a limit, and lets in whose time is over. `trunks` says which addresses carriers have."""

    asterisk: AsteriskInUse
    strangers: Strangers
    folder: Path
    trunks: Callable[[], tuple[Trunk, ...]] = tuple
    _told: int | None = field(default=None, init=False)
    """The Asterisk that was told who is barred."""
    _kept: AddressesKept = field(default_factory=AddressesKept, init=False)

    async def run(self) -> None:
        """Look, until cancelled. An Asterisk that runs elsewhere is looked after there."""
        if self.asterisk.pid is None:
            return
        self.begin()
        while True:
            try:
                await self.look()
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.debug("nobody barred or let in at this moment", error=str(error))
            await asyncio.sleep(LOOK_SECONDS)

    def begin(self) -> None:
        """Go on where a server before this one stopped."""
        self._kept = _read(self.folder / ADDRESSES_FILE)
        self.strangers.homes.update(sorted(self._kept.homes.items(), key=lambda home: home[1]))
        for address, until in self._kept.barred.items():
            self.strangers.bar(address, until)

    async def let_in(self, address: str) -> None:
        """Answer it again. Raises aiohttp.ClientError where Asterisk does not answer."""
        await self.asterisk.let_in(address)
        self.strangers.spare(address)
        await self._keep()

    async def look(self) -> None:
        """Bar and let in as it is due. Raises aiohttp.ClientError, TimeoutError, OSError, for a later look to mend."""
        if self._told != self.asterisk.pid:
            for one in self.strangers.barred():
                await self.asterisk.bar(one.address)
            self._told = self.asterisk.pid
        for address in self.strangers.over():
            await self.asterisk.let_in(address)
            self.strangers.spare(address)
            log.info("address answered again", address=address)
        for address in await self._strange(self.strangers.beyond()):
            await self.asterisk.bar(address)
            self.strangers.bar(address)
        await self._keep()

    async def _strange(self, addresses: Sequence[str]) -> list[str]:
        """Those that are to be barred; the others may go on. The console is asked only where nothing else tells."""
        found = [
            one for one in addresses if not (self._is_ours(one) or self.strangers.is_home(one))
        ]
        if found:
            signed_in = {phone.host for phone in (await self.asterisk.contacts()).values()}
            found = [one for one in found if one not in signed_in]
        for address in set(addresses).difference(found):
            self.strangers.spare(address)
        return found

    def _is_ours(self, address: str) -> bool:
        """This machine, by the addresses that programs on it use, and carriers."""
        here = {"127.0.0.1", "::1", self.asterisk.sip.rpartition(":")[0].strip("[]")}
        try:
            ip_address(address)
        except ValueError:
            return True
        return address in here or any(trunk.has(address) for trunk in self.trunks())

    async def _keep(self) -> None:
        """Write down what has changed."""
        barred = {
            one.address: one.barred_until for one in self.strangers.barred() if one.barred_until
        }
        now = AddressesKept(barred, dict(self.strangers.homes))
        if now != self._kept:
            text = msgspec.json.encode(now).decode()
            await asyncio.to_thread(write_private, self.folder / ADDRESSES_FILE, text)
            self._kept = now


def _read(file: Path) -> AddressesKept:
    try:
        return msgspec.json.decode(file.read_bytes(), type=AddressesKept)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return AddressesKept()
