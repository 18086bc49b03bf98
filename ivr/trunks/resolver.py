"""Asking name servers what a carrier's name means. Nothing waits for them but the task that asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.rdtypes.IN.SRV
import dns.resolver

from ivr.trunks.machines import CarrierName, Machine, NameUnknown

MOST_MACHINES = 16
"""Of one name. A carrier has some machines; more is a mistake, or somebody's joke."""

HOSTS_FILE = Path("/etc/hosts")

LONGEST_ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Resolver:
    """Asks the name servers of this machine, or those of the settings. `version` is that of the IP that SIP listens on.

    The hosts file goes before, as everywhere on this machine.
    """

    version: int = 4
    servers: Sequence[tuple[str, int]] = ()
    hosts_file: Path = HOSTS_FILE
    seconds: float = LONGEST_ANSWER_SECONDS

    async def __call__(self, name: CarrierName) -> tuple[Machine, ...]:
        """In order of trial: by priority, then the heavier; the same answer is in the same order always."""
        asks = self._asks()
        if name.service is not None:
            found = await self._answer(asks, f"{name.service}.{name.host}", "SRV")
            records = [one for one in found if isinstance(one, dns.rdtypes.IN.SRV.SRV)]
            if records:
                return await self._machines(asks, records)
        return (Machine(name.host, None, await self._addresses(asks, name.host)),)

    def _asks(self) -> dns.asyncresolver.Resolver:
        """Made anew each time: which name servers there are may have changed."""
        if not self.servers:
            try:
                return dns.asyncresolver.Resolver()
            except dns.exception.DNSException as error:
                raise NameUnknown(_why(error)) from error
        asks = dns.asyncresolver.Resolver(configure=False)
        asks.nameservers = [dns.nameserver.Do53Nameserver(*one) for one in self.servers]
        return asks

    async def _machines(
        self, asks: dns.asyncresolver.Resolver, records: Iterable[dns.rdtypes.IN.SRV.SRV]
    ) -> tuple[Machine, ...]:
        """A target whose address is not known is left out, unless none is."""
        ordered = sorted(records, key=lambda one: (one.priority, -one.weight, one.target, one.port))
        machines, why = [], "it says that there is no such machine"
        for record in ordered[:MOST_MACHINES]:
            host = record.target.to_text(omit_final_dot=True)
            if not host or host == ".":
                continue
            try:
                addresses = await self._addresses(asks, host)
            except NameUnknown as unknown:
                why = str(unknown)
                continue
            machines.append(Machine(host, record.port, addresses))
        if not machines:
            raise NameUnknown(why)
        return tuple(machines)

    async def _addresses(self, asks: dns.asyncresolver.Resolver, host: str) -> tuple[str, ...]:
        written = _of_hosts_file(self.hosts_file, host, self.version)
        if written:
            return written
        kind = "A" if self.version == 4 else "AAAA"
        found = await self._answer(asks, host, kind)
        addresses = [
            one.address
            for one in found
            if isinstance(one, dns.rdtypes.IN.A.A | dns.rdtypes.IN.AAAA.AAAA)
        ]
        if not addresses:
            raise NameUnknown(f"{host} has no address ({kind})")
        return tuple(sorted(addresses))[:MOST_MACHINES]

    async def _answer(
        self, asks: dns.asyncresolver.Resolver, name: str, kind: str
    ) -> Sequence[object]:
        """The records; none where there are none, which for SRV is usual."""
        try:
            answer = await asks.resolve(
                name,
                kind,
                raise_on_no_answer=False,
                lifetime=self.seconds,
                search="." not in name,
            )
        except dns.resolver.NXDOMAIN as error:
            if kind == "SRV":
                return ()
            raise NameUnknown(f"{name} is not known to the name servers") from error
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NameUnknown(_why(error)) from error
        return tuple(answer.rrset or ())


def _why(error: Exception) -> str:
    match error:
        case dns.exception.Timeout():
            return "no name server answered in time"
        case dns.resolver.NoNameservers():
            return "the name servers answered with nothing that can be read, or would not say"
        case dns.resolver.NoResolverConfiguration():
            return "this machine has no name servers (/etc/resolv.conf)"
    return str(error) or type(error).__name__


def _of_hosts_file(file: Path, host: str, version: int) -> tuple[str, ...]:
    """The addresses that the hosts file has for a name. A few lines, read anew each time: it may have been edited."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        address, *names = line.partition("#")[0].split() or ("",)
        if host.lower() in (name.lower() for name in names) and (":" in address) == (version == 6):
            found.append(address)
    return tuple(dict.fromkeys(found))
