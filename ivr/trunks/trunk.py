"""A trunk as Asterisk is told of it: its names as addresses, its password read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.regular_file import open_regular
from ivr.settings.trunk import Network, SipHost, TrunkSettings

LONGEST_PASSWORD = 128

LooksUp = Callable[[str], tuple[str, ...]]
"""What a name means: its addresses in numbers, none where nobody knows."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """One carrier. `hosts`, in order of trial, and `sources` are addresses in numbers.

    A name that means nothing at the moment is in neither: its calls do not come in until it does.
    """

    said: TrunkSettings
    hosts: tuple[SipHost, ...]
    sources: tuple[Network, ...]
    password: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.said.name

    @property
    def domain(self) -> str:
        """What the carrier calls itself; a port is no part of that."""
        host = SipHost.read(self.said.domain or self.said.addresses[0]).host
        return str(SipHost(host))

    @property
    def registrar(self) -> SipHost:
        """Where to sign in: as it is written, or the first address in numbers, so that no name need be looked up."""
        if self.said.registrar:
            return SipHost.read(self.said.registrar)
        return self.hosts[0] if self.hosts else self.said.hosts[0]

    @property
    def client(self) -> str:
        """Who signs in, as a SIP URI."""
        return f"sip:{self.said.account}@{self.domain}"

    @property
    def binding(self) -> tuple[str, ...]:
        """What a carrier knows it by that has signed in; nothing where it does not."""
        if not self.said.registers:
            return ()
        return self.name, self.client, str(self.registrar), self.said.user or ""

    def has(self, address: str) -> bool:
        """Whether this IP address is one that the carrier calls from."""
        try:
            here = ip_address(address)
        except ValueError:
            return False
        return any(here in network for network in self.sources)


def open_trunk(said: TrunkSettings, look: LooksUp) -> Trunk:
    """The trunk with its names looked up and its password read. Blocks. Raises ConfigRefused."""
    hosts = tuple(number for host in said.hosts for number in _numbers(host, look))
    named = (ip_network(host.host) for host in hosts)
    return Trunk(
        said,
        hosts,
        said.sources if said.calls_from else tuple(dict.fromkeys(named)),
        None if said.password_file is None else _password(said.name, said.password_file),
    )


def _numbers(host: SipHost, look: LooksUp) -> Iterator[SipHost]:
    if not host.is_name:
        yield host
        return
    for number in look(host.host):
        yield SipHost(number, host.port)


def _password(trunk: str, file: Path) -> str:
    """The first line of a file that only this user can read. What it holds is never shown."""
    key = f"trunk.{trunk}.password_file"
    try:
        with open_regular(file) as opened:
            mode = os.fstat(opened.fileno()).st_mode
            line = opened.readline(LONGEST_PASSWORD + 2)
    except OSError as error:
        wanted = f"the path of a file that this user may read ({error.strerror})"
        raise ConfigRefused(key, str(file), wanted) from error
    if stat.S_IMODE(mode) & 0o077:
        wanted = f"a file that nobody else may read: `chmod 600 {file}`"
        raise ConfigRefused(key, str(file), wanted)
    try:
        password = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        password = ""
    if not 0 < len(password) <= LONGEST_PASSWORD or not password.isprintable():
        wanted = f"a file whose first line is the password, 1 to {LONGEST_PASSWORD} characters"
        raise ConfigRefused(key, str(file), wanted)
    return password
