"""This machine's own addresses and networks, as Linux tells them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path
from typing import TypeAlias

OwnNetwork: TypeAlias = IPv4Network | IPv6Network

_ROUTES = Path("/proc/net/route")
_IPV6 = Path("/proc/net/if_inet6")
_ANYWHERE = (("192.0.2.1", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Addresses that nobody has; nothing is sent there."""


def networks_of(host: str) -> tuple[OwnNetwork, ...]:
    """The networks that an address of ours is in; all of ours for an address that stands for every one.

    The address alone where nobody tells which network it is in.
    """
    address = ip_address(host)
    same_kind = [one for one in _networks() if one.version == address.version]
    if address.is_unspecified:
        return tuple(same_kind)
    return tuple(one for one in same_kind if address in one) or (ip_network(host),)


def addresses() -> tuple[str, ...]:
    """By which other machines reach this one: the one that a packet to the world would carry, of each kind."""
    found = []
    for somewhere, family in _ANYWHERE:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((somewhere, 9))
            except OSError:
                continue
            found.append(str(probe.getsockname()[0]))
    return tuple(found)


def _networks() -> Iterator[OwnNetwork]:
    yield ip_network("127.0.0.0/8")
    yield ip_network("::1/128")
    yield from read_routes(_text(_ROUTES))
    yield from read_ipv6(_text(_IPV6))


def read_routes(text: str) -> Iterator[IPv4Network]:
    """Those that are reached without a gateway, of `/proc/net/route`."""
    for line in text.splitlines()[1:]:
        columns = line.split()
        if len(columns) > 7 and int(columns[2], 16) == 0 and int(columns[7], 16):
            destination, mask = (_in_order(columns[place]) for place in (1, 7))
            yield IPv4Network((int(destination), int(mask).bit_count()))


def read_ipv6(text: str) -> Iterator[IPv6Network]:
    """Of `/proc/net/if_inet6`: the address, its place among the interfaces, the length of the network's part."""
    for line in text.splitlines():
        columns = line.split()
        if len(columns) > 2:
            address = IPv6Address(bytes.fromhex(columns[0]))
            yield IPv6Interface((address, int(columns[2], 16))).network


def _in_order(number: str) -> IPv4Address:
    """Linux prints addresses as its processor keeps them."""
    return IPv4Address(struct.pack("=I", int(number, 16)))


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
