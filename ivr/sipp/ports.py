"""Ports for played phones: free ones from a given range, each lent to one process at a time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from ivr.errors import PortTaken

LOOPBACK = "127.0.0.1"


class PortRange:
    """UDP ports on loopback from `first` to `last`, both included."""

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last
        self._lent: set[int] = set()
        self._next = first

    @contextmanager
    def lend(self, count: int = 1) -> Iterator[int]:
        """Lend `count` neighbouring ports that nobody listens on, the first of them even; yield the first.

        Ports that were just given back come last, so that late packets of an ended call meet nobody new.
        Raises PortTaken when the range holds no such neighbours.
        """
        first = self._find(count)
        block = range(first, first + count)
        self._lent.update(block)
        self._next = first + count
        try:
            yield first
        finally:
            self._lent.difference_update(block)

    def _find(self, count: int) -> int:
        for start in (self._next, self.first):
            for first in range(start + start % 2, self.last - count + 2, 2):
                block = range(first, first + count)
                if self._lent.isdisjoint(block) and all(map(_is_free, block)):
                    return first
        address = f"{LOOPBACK}:{self.first}-{self.last}/udp"
        raise PortTaken(address, f"{count} neighbouring ports of a played phone", "a wider range")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
