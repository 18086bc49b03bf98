"""Ports: a free one, and whether a blueprint's are free, asked before the start."""

from __future__ import annotations

import errno
import random
import socket

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.networks import addresses
from ivr.errors import ConfigRefused, PortTaken
from ivr.lending import give_back, lend

_LOWEST, _HIGHEST, _TRIES = 10_240, 32_767, 200


def free_port(
    host: str = "127.0.0.1", kind: socket.SocketKind = socket.SOCK_STREAM, *, count: int = 1
) -> int:
    """The first of `count` neighbouring ports that are free, TCP ones unless told; this program's until it ends.

    They lie below those that the system lends to outgoing connections: one of those could go to somebody else before
    it is listened on. Raises PortTaken when none are free.
    """
    for _ in range(_TRIES):
        # spreads servers over the ports, keeps no secret
        first = random.randint(_LOWEST, _HIGHEST + 1 - count)  # noqa: S311
        ports = range(first, first + count)
        if not lend(ports, kind):
            continue
        if not any(is_taken(host, port, kind) for port in ports):
            return first
        give_back(ports, kind)
    raise PortTaken(f"{host}:{_LOWEST}-{_HIGHEST}", "ARI", "fewer servers on this machine")


def refuse_taken_ports(blueprint: Blueprint) -> None:
    """Raise PortTaken for the first address of the blueprint that another program holds.

    Asterisk steps over single RTP ports that are taken, so only a range that is mostly taken is
    refused: another server of ours, most likely, that was given the same range.
    """
    if is_taken(blueprint.sip_host, blueprint.sip_port, socket.SOCK_DGRAM):
        address = f"{blueprint.sip_address}/udp"
        raise PortTaken(address, "SIP", "--sip HOST:PORT")
    speaks_tcp = any(trunk.said.transport == "tcp" for trunk in blueprint.trunks)
    if speaks_tcp and is_taken(blueprint.sip_host, blueprint.sip_port, socket.SOCK_STREAM):
        raise PortTaken(f"{blueprint.sip_address}/tcp", "SIP over TCP", "--sip HOST:PORT")
    if blueprint.tls and is_taken(blueprint.sip_host, blueprint.tls.port, socket.SOCK_STREAM):
        raise PortTaken(f"{blueprint.tls_address}/tcp", "SIP over TLS", "sip.tls_address")
    if is_taken("127.0.0.1", blueprint.http_port, socket.SOCK_STREAM):
        address = f"127.0.0.1:{blueprint.http_port}"
        # Another free one is chosen at every start.
        raise PortTaken(address, "ARI", "a second start")
    ports = range(blueprint.rtp_first, blueprint.rtp_last + 1)
    taken = sum(is_taken(blueprint.sip_host, port, socket.SOCK_DGRAM) for port in ports)
    if taken * 2 > len(ports):
        address = f"{blueprint.sip_host}:{blueprint.rtp_first}-{blueprint.rtp_last}/udp"
        raise PortTaken(address, "RTP", "--rtp FROM-TO")


def is_taken(host: str, port: int, kind: socket.SocketKind) -> bool:
    """Whether another program holds it. Raises ConfigRefused for what this user may not listen on."""
    with socket.socket(_family(host), kind) as probe:
        if kind is socket.SOCK_STREAM:
            # As Asterisk does: the last minute's closed connections do not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                return True
            wanted = f"an address and port that this user may listen on ({refused.strerror})"
            if refused.errno == errno.EADDRNOTAVAIL:
                ours = " or ".join((*addresses(), "127.0.0.1"))
                wanted = f"an address of this machine: {ours}"
            address = f"{host}:{port}"
            raise ConfigRefused(key="sip", value=address, expected=wanted) from refused
    return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
