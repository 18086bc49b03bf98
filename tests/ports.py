"""Ports of the tests on real parts: lent across processes, so that workers and checkouts never meet.

They are those below the ones that the system gives to outgoing connections. Each process begins elsewhere in a range:
late packets of one's ended call then seldom come to another's phone.
"""

from __future__ import annotations

import random
import socket

from ivr.asterisk.ports import free_port
from ivr.sipp import PortRange


def _range(first: int, last: int) -> PortRange:
    return PortRange(first, last, begin=random.randrange(first, last))


SIP = _range(10_240, 14_999)
"""For servers and for SIPp."""

MEDIA = _range(17_500, 23_999)
"""For the sound of SIPp."""

RTP = _range(24_000, 31_999)
"""For the sound of servers."""


FEW = 60
"""Ports for the sound of an Asterisk that has few calls."""


def udp_ports(count: int = 1) -> int:
    """The first of `count` neighbouring UDP ports, lent to this process for good."""
    return free_port(kind=socket.SOCK_DGRAM, count=count)
