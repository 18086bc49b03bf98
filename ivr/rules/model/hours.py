"""Opening hours, and the days that are not like others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from ivr.rules.model.place import Place


@dataclass(frozen=True, slots=True)
class OpenRange:
    """Open on `weekday` (Monday is 0) from `start` until before `end`; `end` ≤ `start` means past midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, by the name that departments use."""

    name: str
    ranges: tuple[OpenRange, ...]
    at: Place


@dataclass(frozen=True, slots=True)
class ShortDay:
    """Open, but only until `until`. Either a `month` and `day`, or `easter` days from Easter Sunday."""

    until: time
    at: Place
    month: int | None = None
    day: int | None = None
    easter: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Closed from `first` to `last`, both included; for every department, or those named."""

    first: date
    last: date
    departments: frozenset[str]
    say: str | None
    at: Place


@dataclass(frozen=True, slots=True)
class Holidays:
    """`public` is an ISO 3166 country whose public holidays are computed, or None."""

    public: str | None
    short_days: tuple[ShortDay, ...]
    closed: tuple[ClosedPeriod, ...]
    at: Place | None
