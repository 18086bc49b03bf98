"""Whose names are whose: the archive's queues and agents, and ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from zoneinfo import ZoneInfo

import msgspec

from ivr.errors import ArchiveRefused

_EXAMPLE = """write it like this:
zone = "Europe/Oslo"
[queues]
"600" = "kundeservice"
"601" = { queue = "faktura", department = "faktura", site = "bergen" }
[agents]
"PJSIP/1001" = "kari\""""
_TECHNOLOGY = re.compile(
    r"[A-Za-z0-9]+/(?P<name>[^/@]+?)(?:@[^/]*?)?(?:-[0-9a-f]{8})?(?:;[12])?(?:/n)?\Z"
)


class Placed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the calls of one of the archive's queues belong with us."""

    queue: str
    site: str | None = None
    department: str | None = None


class NamesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of names as it is written."""

    zone: str | None = None
    queues: dict[str, str | Placed] = {}
    agents: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ArchiveNames:
    """What the archive's queues and agents are called here; `zone` is that of times which do not say theirs."""

    zone: tzinfo
    queues: Mapping[str, Placed] = field(default_factory=dict)
    agents: Mapping[str, str] = field(default_factory=dict)

    def queue(self, name: str) -> Placed:
        """One that is not named keeps the archive's name."""
        return self.queues.get(name) or Placed(name)

    def agent(self, name: str) -> str:
        """`Local/1001@from-queue/n`, `PJSIP/1001-0000002a` and `Agent/1001` are `1001`, unless they are named."""
        if name in self.agents:
            return self.agents[name]
        bare = _TECHNOLOGY.match(name)
        short = bare["name"] if bare else name
        return self.agents.get(short, short)


def read_names(text: bytes, zone: tzinfo) -> ArchiveNames:
    """Read a file of names (TOML). `zone` is the centre's, unless the file says another.

    Raises ArchiveRefused with what to write instead.
    """
    try:
        told = msgspec.toml.decode(text, type=NamesFile)
        if told.zone is not None:
            zone = ZoneInfo(told.zone)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"the names cannot be read: {error}; {_EXAMPLE}"
        raise ArchiveRefused(message) from error
    except (ValueError, KeyError, OSError) as error:  # whatever an odd name makes the library raise
        message = f'zone: {told.zone!r} is no time zone; write zone = "Europe/Oslo"'
        raise ArchiveRefused(message) from error
    queues = {
        name: Placed(placed) if isinstance(placed, str) else placed
        for name, placed in told.queues.items()
    }
    return ArchiveNames(zone, queues, told.agents)
