"""Ids that we choose: time-ordered, with the kind as suffix (`01j…-pb`), so that a log line can be read."""

from __future__ import annotations

from typing import Literal

from ulid import ULID

Kind = Literal["call", "leg", "br", "pb", "rec", "chg", "ovr", "fol", "rem", "spy", "med"]


def new(kind: Kind) -> str:
    """A fresh id; ids made later sort later (to the millisecond)."""
    return f"{str(ULID()).lower()}-{kind}"
