"""Ports lent to one program of this user at a time, before anybody listens on them.

Whether a port is free says little before its listener is there. What is lent is written down where every program of
this user sees it: locks on the bytes of one small file, which go with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from functools import cache
from pathlib import Path

_PLACES = {socket.SOCK_DGRAM: 0, socket.SOCK_STREAM: 65_536}
"""Where the bytes of UDP's ports begin, and those of TCP's."""

_LENT_HERE: set[int] = set()


def lend(ports: range, kind: socket.SocketKind) -> bool:
    """Lend neighbouring ports to this process, until it gives them back or ends; not when somebody has one of them.

    Where no file can be written nobody knows of another, and every program has what it asks for.
    """
    places = _places(ports, kind)
    if not _LENT_HERE.isdisjoint(places):
        return False  # the lock would be granted: it keeps out other processes only
    if (file := _lent_everywhere()) is not None:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, len(places), places.start)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            pass  # a file system without locks
    _LENT_HERE.update(places)
    return True


def give_back(ports: range, kind: socket.SocketKind) -> None:
    """Let others have these ports."""
    places = _places(ports, kind)
    _LENT_HERE.difference_update(places)
    if (file := _lent_everywhere()) is not None:
        fcntl.lockf(file, fcntl.LOCK_UN, len(places), places.start)


def _places(ports: range, kind: socket.SocketKind) -> range:
    return range(_PLACES[kind] + ports.start, _PLACES[kind] + ports.stop)


@cache
def _lent_everywhere() -> int | None:
    """The file whose bytes are the ports. It stays open: closing it would let go of all locks."""
    try:
        path = Path(tempfile.gettempdir()) / f"sentralbord-ports-{os.getuid()}"
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
