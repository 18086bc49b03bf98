"""Where a running server can be asked: `server.json` in the home folder, there while it takes calls."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ivr.errors import ConfigRefused, ServerNotRunning
from ivr.private_file import write_private
from ivr.server.home import Home


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """The process, and the address of its web pages; `host` is one that this machine can reach."""

    pid: int
    host: str
    port: int


@contextmanager
def told(home: Home, address: tuple[str, int]) -> Iterator[None]:
    """Tell where we are for as long as the scope lasts."""
    host, port = address
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    whereabouts = Whereabouts(pid=os.getpid(), host=here, port=port)
    write_private(home.whereabouts, msgspec.json.encode(whereabouts).decode() + "\n")
    try:
        yield
    finally:
        home.whereabouts.unlink(missing_ok=True)


def find_server(home: Path) -> Whereabouts:
    """Where the server of this home folder is. Raises ServerNotRunning where none has said so, ConfigRefused."""
    file = Home(home).whereabouts
    try:
        return msgspec.json.decode(file.read_bytes(), type=Whereabouts)
    except PermissionError as error:
        wanted = "a folder that this user may read; ask as the user that the server runs as"
        raise ConfigRefused("--home", str(home), wanted) from error
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServerNotRunning(str(home), f"there is no {file.name} in it") from error
