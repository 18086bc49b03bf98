"""What every event of a call is, and a step of a decision as it is stored."""

from __future__ import annotations

import msgspec

from ivr.why import Because


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Something that happened to a call."""


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a decision, as stored: why, and where that stands in the rules. `taken` False is a why-not.

    Rows of earlier versions have an English sentence instead: `text`, and no `because`.
    """

    because: Because | None = None
    text: str | None = None
    file: str | None = None
    line: int | None = None
    path: str | None = None
    taken: bool = True
