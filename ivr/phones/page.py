"""The settings of one phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

SpeechKeys: TypeAlias = Literal["none", "offered", "demanded"]
"""Whether the phone should encrypt its sound (SRTP, keys in SDP)."""

REGISTER_SECONDS = 300
"""Twice in ten minutes: often enough that a router between keeps the way open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePage:
    """What is typed into a phone. `others` are further servers that it may use, as words."""

    title: str
    login: str
    password: str = field(repr=False)
    host: str
    port: int
    transport: Literal["UDP", "TLS"] = "UDP"
    speech_keys: SpeechKeys = "none"
    register_seconds: int = REGISTER_SECONDS
    others: tuple[str, ...] = ()

    @property
    def shown_host(self) -> str:
        """As it stands in a SIP address."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def server(self) -> str:
        return f"{self.shown_host}:{self.port}"

    def lines(self) -> Iterator[str]:
        """To be read by a person, beside the phone."""
        keys = {
            "none": "off",
            "offered": "SRTP (SDES), if the phone has it",
            "demanded": "SRTP (SDES)",
        }
        rows = (
            ("server", self.server),
            ("transport", self.transport),
            ("login", self.login),
            ("password", self.password),
            ("codecs", "A-law (PCMA), µ-law (PCMU), G.722"),
            ("keys", "RFC 4733, also called RFC 2833 or RTP events"),
            ("encryption", keys[self.speech_keys]),
            ("register", f"every {self.register_seconds} seconds"),
        )
        for name, value in rows:
            yield f"{name:10}  {value}"
        for other in self.others:
            yield f"{'or':10}  {other}"
