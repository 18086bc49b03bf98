"""Asking name servers what a carrier's name means; the server is played."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.trunks.machines import CarrierName, Machine, NameUnknown
from ivr.trunks.resolver import MOST_MACHINES, Resolver
from tests.name_server import Mood, NameServer, name_server

SIP = "sip.carrier.example"
RECORDS = {
    (SIP, "A"): ["192.0.2.11", "192.0.2.10"],
    (SIP, "AAAA"): ["2001:db8::1"],
    ("_sip._udp.carrier.example", "SRV"): [
        "20 1 5060 b.carrier.example.",
        "10 1 5070 a.carrier.example.",
        "10 9 5080 a.carrier.example.",
        "30 1 5060 gone.carrier.example.",
    ],
    ("a.carrier.example", "A"): ["192.0.2.20"],
    ("b.carrier.example", "A"): ["192.0.2.21"],
    ("_sip._udp.nowhere.example", "SRV"): ["0 0 0 ."],
    ("alias.example", "A"): [],
}


def resolver(server: NameServer, version: int = 4, hosts: Path = Path("/nonexistent")) -> Resolver:
    return Resolver(version, (("127.0.0.1", server.port),), hosts, seconds=1.0)


@pytest.mark.parametrize(
    ("version", "addresses"), [(4, ("192.0.2.10", "192.0.2.11")), (6, ("2001:db8::1",))]
)
async def test_a_name_means_the_addresses_that_our_sip_can_reach_always_in_the_same_order(
    version: int, addresses: tuple[str, ...]
) -> None:
    async with name_server(RECORDS) as server:
        asks = resolver(server, version)

        assert await asks(CarrierName(SIP)) == (Machine(SIP, None, addresses),)
        assert await asks(CarrierName(SIP, "_sip._udp")) == (Machine(SIP, None, addresses),)


async def test_machines_are_in_order_of_priority_then_weight_without_those_that_are_gone() -> None:
    async with name_server(RECORDS) as server:
        found = await resolver(server)(CarrierName("carrier.example", "_sip._udp"))

    a, b = "a.carrier.example", "b.carrier.example"
    assert found == (
        Machine(a, 5080, ("192.0.2.20",)),
        Machine(a, 5070, ("192.0.2.20",)),
        Machine(b, 5060, ("192.0.2.21",)),
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (CarrierName("gone.example"), "gone.example is not known"),
        (CarrierName("gone.example", "_sip._udp"), "gone.example is not known"),
        (CarrierName("alias.example"), "has no address"),
        (CarrierName("nowhere.example", "_sip._udp"), "no such machine"),
        (CarrierName("a..b"), "empty"),
    ],
)
async def test_a_name_that_means_nothing_is_told_why(name: CarrierName, why: str) -> None:
    async with name_server(RECORDS) as server:
        with pytest.raises(NameUnknown, match=why):
            await resolver(server)(name)


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("fails", "would not say"),
        ("garbage", "no name server answered in time"),
        ("silent", "no name server answered in time"),
        ("another question", "no address"),
    ],
)
async def test_a_server_that_lies_or_fails_gives_no_address(mood: Mood, why: str) -> None:
    async with name_server(RECORDS) as server:
        server.mood = mood
        with pytest.raises(NameUnknown, match=why):
            await resolver(server)(CarrierName(SIP))


async def test_of_a_thousand_addresses_a_few_are_taken() -> None:
    many = [f"192.0.2.{number}" for number in range(1, 21)]
    async with name_server({("many.example", "A"): many}) as server:
        (machine,) = await resolver(server)(CarrierName("many.example"))

    assert len(machine.addresses) == MOST_MACHINES


async def test_the_hosts_file_goes_before_the_name_servers(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(f"# a remark\n192.0.2.99 other {SIP.upper()}  # here\n2001:db8::9 {SIP}\n\n")
    async with name_server(RECORDS) as server:
        found = [await resolver(server, version, hosts)(CarrierName(SIP)) for version in (4, 6)]

    assert [machine.addresses for (machine,) in found] == [("192.0.2.99",), ("2001:db8::9",)]
    assert server.asked == []
