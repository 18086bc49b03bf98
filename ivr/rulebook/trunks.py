"""What the settings of trunks lack beside those of SIP: a carrier that is elsewhere is not reached from loopback."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location
from ivr.settings import Settings, SipHost, split_address


def trunk_faults(settings: Settings) -> Iterator[Fault]:
    """Of each trunk whose carrier is not on this machine, while SIP is."""
    own, _ = split_address(settings.sip.address)
    if not _is_loopback(own):
        return
    for trunk in settings.trunk:
        away = [text for text in trunk.addresses if not _is_loopback(SipHost.read(text).host)]
        if away:
            yield fault(
                FaultKind.BEYOND_LOOPBACK,
                Location("ivr.toml", 1, 1, "sip.address"),
                f"trunk {trunk.name} is at {away[0]}, "
                f"and SIP listens on {own} only: no call gets there, or comes from there",
                'name an address of this machine that the carrier reaches: `[sip]` and `address = "192.0.2.80:5060"`',
            )


def _is_loopback(host: str) -> bool:
    """Of names, `localhost` alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
