import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.asterisk.blueprint import Blueprint, PhoneTls
from ivr.asterisk.installation import Installation
from ivr.asterisk.ports import free_port, refuse_taken_ports
from ivr.certificates import OwnCertificate
from ivr.errors import ConfigRefused, PortTaken
from ivr.lending import lend


def _blueprint() -> Blueprint:
    first, second = free_port(), free_port()
    return Blueprint(
        home=Path("/home/ivr"),
        installation=Installation(
            ("/p",), (22, 10, 1), Path("/p"), Path("/p"), Path("/p"), Path("/p"), True
        ),
        http_port=first,
        sip_port=second,
        ari_password="abcd-efgh-ijkl",
        fallback_prompt=Path("/p"),
        rtp_first=(base := min(free_port(), 65_000)),
        rtp_last=base + 3,
    )


@contextmanager
def _taken(kind: socket.SocketKind, *ports: int) -> Iterator[None]:
    with ExitStack() as stack:
        for port in ports:
            holder = stack.enter_context(socket.socket(socket.AF_INET, kind))
            holder.bind(("127.0.0.1", port))
            if kind is socket.SOCK_STREAM:
                holder.listen()
        yield


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_free_port_is_found_once(kind: socket.SocketKind) -> None:
    found = [range(first, first + 3) for first in (free_port(kind=kind, count=3) for _ in range(9))]

    assert len({port for ports in found for port in ports}) == 27
    assert not any(lend(ports, kind) for ports in found)


def test_free_ports_are_not_refused() -> None:
    refuse_taken_ports(_blueprint())


def test_a_taken_sip_port_is_named_with_the_option_that_changes_it() -> None:
    blueprint = _blueprint()

    with _taken(socket.SOCK_DGRAM, blueprint.sip_port), pytest.raises(PortTaken) as refused:
        refuse_taken_ports(blueprint)

    assert f"127.0.0.1:{blueprint.sip_port}/udp" in str(refused.value)
    assert "--sip" in str(refused.value)


def test_a_taken_ari_port_is_refused() -> None:
    blueprint = _blueprint()

    with _taken(socket.SOCK_STREAM, blueprint.http_port), pytest.raises(PortTaken) as refused:
        refuse_taken_ports(blueprint)

    assert "ARI" in str(refused.value)


def test_one_taken_rtp_port_is_stepped_over_but_a_taken_range_is_refused() -> None:
    blueprint = _blueprint()
    ports = range(blueprint.rtp_first, blueprint.rtp_last + 1)

    with _taken(socket.SOCK_DGRAM, ports[0]):
        refuse_taken_ports(blueprint)
    with _taken(socket.SOCK_DGRAM, *ports), pytest.raises(PortTaken) as refused:
        refuse_taken_ports(blueprint)

    assert "--rtp" in str(refused.value)


def test_an_address_of_another_machine_is_refused_as_a_setting() -> None:
    with pytest.raises(ConfigRefused) as refused:
        refuse_taken_ports(replace(_blueprint(), sip_host="192.0.2.1"))

    assert "192.0.2.1" in str(refused.value)


def test_an_address_that_is_not_this_machines_is_refused_with_one_that_is() -> None:
    blueprint = replace(_blueprint(), sip_host="198.51.100.9")

    with pytest.raises(ConfigRefused, match=r"an address of this machine: .*127\.0\.0\.1"):
        refuse_taken_ports(blueprint)


def test_a_taken_tls_port_is_refused_with_its_setting() -> None:
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    tls = PhoneTls(min(free_port(), 65_000), Path("/c"), OwnCertificate(ends, "pem"))

    with (
        _taken(socket.SOCK_STREAM, tls.port),
        pytest.raises(PortTaken, match=r"sip\.tls_address"),
    ):
        refuse_taken_ports(replace(_blueprint(), tls=tls))
