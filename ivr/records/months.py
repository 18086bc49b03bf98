"""A closed month: its figures are told by the definitions that held when it was closed, whatever is changed later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class MonthDefinitions(msgspec.Struct, frozen=True, kw_only=True):
    """By what figures are told. `within_seconds` are each queue's own, for the others `otherwise_within_seconds`.

    `service_levels` are the versions of the definitions by their names, `history` is that of the folds.
    """

    within_seconds: Mapping[str, float]
    otherwise_within_seconds: float
    short_seconds: float
    service_levels: Mapping[str, int]
    history: int


class ClosedMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month (`2026-10`), and since when (aware, UTC) it is closed."""

    month: str
    closed_at: datetime
    definitions: MonthDefinitions


class Months(Protocol):
    """Closes months. Raises StoreFailed."""

    async def close(
        self, through: str, definitions: MonthDefinitions, at: datetime
    ) -> Sequence[str]:
        """Close every month that has calls, up to this one, and is open; returns which."""
