"""A side of the comparison: where it takes calls, which processes it is, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Agents: TypeAlias = Mapping[str, Mapping[str, str]]
"""Queue → agent → SIP address, such as `sales` → `a1` → `sip:a1@127.0.0.1:5091`."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a side is given: an empty folder, prompts, agents, and ports of its own (RTP's both included)."""

    folder: Path
    prompts: Path
    agents: Agents
    sip_port: int
    rtp_first: int
    rtp_last: int


@dataclass(frozen=True, slots=True)
class Side:
    """A side that takes calls. `server_pid` is None where Asterisk is alone."""

    name: str
    sip: tuple[str, int]
    asterisk_pid: int
    server_pid: int | None
