"""This machine's networks, from what Linux says."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from ivr.asterisk.networks import networks_of, read_ipv6, read_routes

ROUTES = """\
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0100A8C0	0003	0	0	0	00000000	0	0	0
eth0	0000A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
tun0	0000140A	00000000	0001	0	0	0	0000FFFF	0	0	0
tun0	0000150A	0100A8C0	0003	0	0	0	0000FFFF	0	0	0
"""
IPV6 = """\
fd000000000000000000000000000002 04 40 00 82     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_networks_behind_a_gateway_are_not_ours() -> None:
    assert [*map(str, read_routes(ROUTES))] == ["192.168.0.0/24", "10.20.0.0/16"]
    assert [*map(str, read_ipv6(IPV6))] == ["fd00::/64", "::1/128"]


@pytest.mark.parametrize("text", ["", "Iface\n", "Iface\nlo\n"])
def test_where_nothing_is_told_there_are_none(text: str) -> None:
    assert [*read_routes(text)] == []
    assert [*read_ipv6(text)] == []


def test_loopback_is_a_network_and_a_strange_address_is_one_alone() -> None:
    assert networks_of("127.0.0.1") == (ip_network("127.0.0.0/8"),)
    assert networks_of("198.51.100.9") == (ip_network("198.51.100.9/32"),)
    assert ip_network("127.0.0.0/8") in networks_of("0.0.0.0")
    assert all(one.version == 6 for one in networks_of("::"))
