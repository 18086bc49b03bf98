"""Ports for played phones: free ones from a given range, each lent to one process at a time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from ivr.errors import PortTaken
from ivr.lending import give_back, lend

LOOPBACK = "127.0.0.1"


class PortRange:
    """UDP ports on loopback from `first` to `last`, both included. Those from `begin` on are lent before the others."""

    def __init__(self, first: int, last: int, *, begin: int | None = None) -> None:
        self.first = first
        self.last = last
        self._next = first if begin is None else begin

    @contextmanager
    def lend(self, count: int = 1) -> Iterator[int]:
        """Lend `count` neighbouring ports that nobody listens on, the first of them even; yield the first.

        Ports that were just given back come last, so that late packets of an ended call meet nobody new.
        Raises PortTaken when the range holds no such neighbours.
        """
        first = self._find(count)
        block = range(first, first + count)
        self._next = first + count
        try:
            yield first
        finally:
            give_back(block, socket.SOCK_DGRAM)

    def _find(self, count: int) -> int:
        for start in (self._next, self.first):
            for first in range(start + start % 2, self.last - count + 2, 2):
                if _take(range(first, first + count)):
                    return first
        address = f"{LOOPBACK}:{self.first}-{self.last}/udp"
        raise PortTaken(address, f"{count} neighbouring ports of a played phone", "a wider range")


def _take(block: range) -> bool:
    """Have these ports lent, unless somebody has one of them, or listens on it."""
    if not lend(block, socket.SOCK_DGRAM):
        return False
    if all(map(_is_free, block)):
        return True
    give_back(block, socket.SOCK_DGRAM)
    return False


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
