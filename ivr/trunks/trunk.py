"""A trunk as Asterisk is told of it: its names as addresses, its password read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.regular_file import open_regular
from ivr.settings.trunk import Network, SipHost, TrunkSettings, overlap
from ivr.trunks.machines import CarrierName, Machine, SrvPrefix
from ivr.trunks.tls import DEFAULT_PORT, TrunkTls, open_tls

LONGEST_PASSWORD = 128

_SERVICES: dict[str, SrvPrefix] = {"udp": "_sip._udp", "tcp": "_sip._tcp", "tls": "_sips._tcp"}

LooksUp = Callable[[CarrierName], tuple[Machine, ...]]
"""What a name means, none where nobody knows."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """One carrier. `hosts`, in order of trial, and `sources` are addresses in numbers.

    A name that means nothing at the moment is in neither: its calls do not come in until it does. `anothers` are
    addresses that its names mean and that another trunk has: calls from there are the other's. `registrar_at` and
    `proxy_at` are what those names mean. Over TLS the `hosts` stay names: its certificate is compared with them;
    `machines` has the addresses of each, and `names` those of every name that Asterisk is given: it need not ask.
    """

    said: TrunkSettings
    hosts: tuple[SipHost, ...]
    sources: tuple[Network, ...]
    password: str | None = field(default=None, repr=False)
    anothers: tuple[Network, ...] = ()
    registrar_at: SipHost | None = None
    proxy_at: SipHost | None = None
    tls: TrunkTls | None = None
    machines: tuple[tuple[SipHost, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    def uri(self, host: SipHost, user: str = "") -> str:
        """Of one of its machines, or of somebody there, as SIP says it. Over UDP nothing more need be said."""
        who = f"{user}@" if user else ""
        how = "" if self.said.transport == "udp" else f";transport={self.said.transport}"
        return f"sip:{who}{host}{how}"

    @property
    def name(self) -> str:
        return self.said.name

    @property
    def transport(self) -> str:
        """What Asterisk calls the transport that its SIP goes out by.

        A trunk over TLS has one of its own, since files belong to a transport; other files make it another one, for
        of a transport that is there Asterisk does not read anew who vouches for the carrier.
        """
        if self.tls is not None:
            return f"{self.name}.tls-{self.tls.mark}"
        return f"{self.said.transport}.transport"

    @property
    def domain(self) -> str:
        """What the carrier calls itself; a port is no part of that."""
        host = SipHost.read(self.said.domain or self.said.addresses[0]).host
        return str(SipHost(host))

    @property
    def registrar(self) -> SipHost:
        """Where to sign in: in numbers, so that Asterisk looks up no name, unless a proxy finds the way."""
        if self.said.registrar:
            return self.registrar_at or SipHost.read(self.said.registrar)
        return self.hosts[0] if self.hosts else self.said.hosts[0]

    @property
    def proxy(self) -> SipHost | None:
        """Through which all goes, in numbers where it is known."""
        written = SipHost.read(self.said.proxy) if self.said.proxy else None
        return self.proxy_at or written

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


def names_of(trunks: Iterable[TrunkSettings]) -> tuple[CarrierName, ...]:
    """All that name servers are to be asked for."""
    hosts = [(host, said) for said in trunks for host in (*said.hosts, *_ways(said))]
    return tuple(dict.fromkeys(_name(host, said) for host, said in hosts if host.is_name))


def open_trunks(said: Iterable[TrunkSettings], look: LooksUp) -> tuple[Trunk, ...]:
    """See open_trunk; no two trunks have the same address to be known by, whatever name servers say."""
    opened: list[Trunk] = []
    written = {trunk.name: trunk.sources for trunk in said}
    for one in said:
        trunk = open_trunk(one, look)
        others = [
            *(network for name, those in written.items() if name != one.name for network in those),
            *(network for earlier in opened for network in earlier.sources),
        ]
        anothers = tuple(
            network
            for network in trunk.sources
            if network not in one.sources and any(overlap(network, other) for other in others)
        )
        own = tuple(network for network in trunk.sources if network not in anothers)
        opened.append(replace(trunk, sources=own, anothers=anothers))
    return tuple(opened)


def open_trunk(said: TrunkSettings, look: LooksUp) -> Trunk:
    """The trunk with its names as addresses and its password read. Blocks. Raises ConfigRefused."""
    numbers = tuple(number for host in said.hosts for number in _numbers(host, look, said))
    named = (ip_network(host.host) for host in numbers)
    is_tls = said.transport == "tls"
    hosts = (
        tuple(one for host in said.hosts for one in _called(host, look, said))
        if is_tls
        else numbers
    )
    registrar = SipHost.read(said.registrar) if said.registrar and not said.proxy else None
    proxy = SipHost.read(said.proxy) if said.proxy else None
    return Trunk(
        said,
        hosts,
        said.sources if said.calls_from else tuple(dict.fromkeys(named)),
        None if said.password_file is None else _password(said.name, said.password_file),
        registrar_at=next(_called(registrar, look, said), None) if registrar else None,
        proxy_at=next(_called(proxy, look, said), None) if proxy else None,
        tls=open_tls(said),
        machines=tuple(_machines(said, look))
        if is_tls
        else tuple((one, one.host) for one in hosts),
        names=tuple(dict.fromkeys(_names(said, look))) if is_tls else (),
    )


def _ways(said: TrunkSettings) -> Iterator[SipHost]:
    """Besides its addresses: a registrar that is reached through a proxy is the proxy's affair."""
    if said.proxy:
        yield SipHost.read(said.proxy)
    elif said.registrar:
        yield SipHost.read(said.registrar)


def _name(host: SipHost, said: TrunkSettings) -> CarrierName:
    """Where a port is written, no machine but the name's own is meant (RFC 3263, 4.2)."""
    return CarrierName(host.host, _SERVICES[said.transport] if host.port is None else None)


def _numbers(host: SipHost, look: LooksUp, said: TrunkSettings) -> Iterator[SipHost]:
    if not host.is_name:
        yield host
        return
    for machine in look(_name(host, said)):
        for address in machine.addresses:
            yield SipHost(address, machine.port or host.port)


def _machines(said: TrunkSettings, look: LooksUp) -> Iterator[tuple[SipHost, str]]:
    for host in said.hosts:
        called = _called(host, look, said)
        numbers = [number.host for number in _numbers(host, look, said)]
        for one in called:
            machine = [known for known in look(_name(host, said)) if known.host == one.host]
            for address in machine[0].addresses if machine else numbers:
                yield one, address


def _names(said: TrunkSettings, look: LooksUp) -> Iterator[tuple[str, str]]:
    """Of all that is called by its name: the name and each of its addresses."""
    for host in (*said.hosts, *_ways(said)):
        for machine in look(_name(host, said)) if host.is_name else ():
            for address in machine.addresses:
                yield machine.host, address


def _called(host: SipHost, look: LooksUp, said: TrunkSettings) -> Iterator[SipHost]:
    """As it is called by: over TLS by its name, which stays even while nobody knows what it means."""
    if said.transport != "tls" or not host.is_name:
        yield from _numbers(host, look, said)
        return
    machines = look(_name(host, said)) or (Machine(host.host, host.port),)
    for machine in machines:
        # Without a port Asterisk would ask name servers for one.
        yield SipHost(machine.host, machine.port or host.port or DEFAULT_PORT)


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
