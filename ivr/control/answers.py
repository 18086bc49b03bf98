"""What a running server answers to those who ask something of it."""

from __future__ import annotations

import msgspec

from ivr.records.changes import FollowUp, OverrideKept, RulesChange


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a change of rules. `before` is the revision that was in force; `warnings` are sentences."""

    change: RulesChange
    before: str
    warnings: tuple[str, ...] = ()


class Overridden(msgspec.Struct, frozen=True, kw_only=True):
    """What was closed or opened; `until` is told in `zone`. `warnings` are sentences."""

    overrides: tuple[OverrideKept, ...]
    zone: str
    warnings: tuple[str, ...] = ()


class SeenTo(msgspec.Struct, frozen=True, kw_only=True):
    """What was written down."""

    follow_up: FollowUp


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why not (RFC 9457). `findings` are those of refused rules."""

    title: str
    status: int
    code: str
    detail: str
    findings: tuple[str, ...] = ()
