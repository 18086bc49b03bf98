"""Ids that we choose: time-ordered, with the kind as suffix (`01j…-pb`), so that a log line can be read."""

from __future__ import annotations

from typing import Literal

from ulid import ULID

_ULID_LENGTH = 26

Kind = Literal["call", "leg", "br", "pb", "rec", "chg", "ovr", "fol", "rem", "spy", "med"]


def new(kind: Kind) -> str:
    """A fresh id; ids made later sort later (to the millisecond)."""
    return f"{str(ULID()).lower()}-{kind}"


def is_one(text: str, kind: Kind) -> bool:
    """Whether an id is of ours, and of this kind."""
    return len(text) == _ULID_LENGTH + len(kind) + 1 and text.endswith(f"-{kind}")
