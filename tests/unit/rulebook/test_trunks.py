"""What is said of a trunk whose carrier cannot be reached from where SIP listens."""

from __future__ import annotations

import pytest

from ivr.rulebook.trunks import trunk_faults
from ivr.settings import Settings


def told(sip: str, *addresses: str) -> list[tuple[str, str]]:
    trunk = {"name": "telia", "addresses": addresses}
    settings = Settings.model_validate({"sip": {"address": sip}, "trunk": [trunk]})
    return [(one.code, one.message) for one in trunk_faults(settings)]


@pytest.mark.parametrize("address", ["203.0.113.10", "203.0.113.10:5070", "sip.carrier.example"])
def test_a_carrier_that_is_elsewhere_is_not_reached_from_loopback(address: str) -> None:
    ((code, message),) = told("127.0.0.1:5060", "127.0.0.2", address)

    assert code == "IVR652"
    assert f"trunk telia is at {address}, and SIP listens on 127.0.0.1 only" in message


@pytest.mark.parametrize(
    ("sip", "address"),
    [
        ("192.0.2.80:5060", "203.0.113.10"),
        ("127.0.0.1:5060", "127.0.0.2:5070"),
        ("127.0.0.1:5060", "localhost"),
        ("[::1]:5060", "[::1]:5070"),
    ],
)
def test_nothing_is_said_where_both_are_on_this_machine_or_neither(sip: str, address: str) -> None:
    assert told(sip, address) == []
