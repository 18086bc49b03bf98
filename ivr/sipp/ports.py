"""Ports for played phones: free ones from a given range, each lent to one process at a time.

A port is lent before anybody listens on it, so whether it is free says little. What is lent is written down where every
program of this user sees it: locks on the bytes of one small file, which go with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ivr.errors import PortTaken

LOOPBACK = "127.0.0.1"
_LENT_HERE: set[int] = set()


class PortRange:
    """UDP ports on loopback from `first` to `last`, both included."""

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last
        self._next = first

    @contextmanager
    def lend(self, count: int = 1) -> Iterator[int]:
        """Lend `count` neighbouring ports that nobody listens on, the first of them even; yield the first.

        Ports that were just given back come last, so that late packets of an ended call meet nobody new.
        Raises PortTaken when the range holds no such neighbours.
        """
        first = self._find(count)
        block = range(first, first + count)
        _LENT_HERE.update(block)
        self._next = first + count
        try:
            yield first
        finally:
            _LENT_HERE.difference_update(block)
            fcntl.lockf(_lent_everywhere(), fcntl.LOCK_UN, count, first)

    def _find(self, count: int) -> int:
        for start in (self._next, self.first):
            for first in range(start + start % 2, self.last - count + 2, 2):
                if _take(range(first, first + count)):
                    return first
        address = f"{LOOPBACK}:{self.first}-{self.last}/udp"
        raise PortTaken(address, f"{count} neighbouring ports of a played phone", "a wider range")


def _take(block: range) -> bool:
    """Lock the bytes of these ports, unless somebody has one of them, or listens on it."""
    if not _LENT_HERE.isdisjoint(block):
        return False  # the lock would be granted: it keeps out other processes only
    try:
        fcntl.lockf(_lent_everywhere(), fcntl.LOCK_EX | fcntl.LOCK_NB, len(block), block.start)
    except OSError:
        return False
    if all(map(_is_free, block)):
        return True
    fcntl.lockf(_lent_everywhere(), fcntl.LOCK_UN, len(block), block.start)
    return False


@cache
def _lent_everywhere() -> int:
    """The file whose bytes are the ports. It stays open: closing it would let go of all locks."""
    path = Path(tempfile.gettempdir()) / f"sentralbord-ports-{os.getuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
