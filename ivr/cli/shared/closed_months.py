"""What is told of closed months: by which definitions their figures are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.cli.shared.period import Period
from ivr.kpi.rows import Terms
from ivr.records.months import ClosedMonth


def closed_in(closed: Mapping[str, ClosedMonth], period: Period) -> dict[str, ClosedMonth]:
    """Those that days of the period lie in."""
    first, last = f"{period.first:%Y-%m}", f"{period.last:%Y-%m}"
    return {month: one for month, one in sorted(closed.items()) if first <= month <= last}


def closed_lines(terms: Terms) -> Iterator[str]:
    """For people: a line for all months that were closed alike."""
    alike: dict[str, list[str]] = {}
    for month, one in terms.closed.items():
        alike.setdefault(_held(terms, one), []).append(month)
    for held, months in alike.items():
        named = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
        yield f"closed: {named}, with {held}"


def _held(terms: Terms, one: ClosedMonth) -> str:
    name = terms.service_level.name
    version = one.definitions.service_levels.get(name, terms.service_level.version)
    own = sorted(one.definitions.within_seconds.items())
    targets = ", ".join(f"{queue} {seconds:.0f} s" for queue, seconds in own)
    asked = terms.within_seconds
    within = targets if asked is None else f"{asked:.0f} s (asked for)"
    return f"{name} version {version}; T: {within or f'{one.definitions.otherwise_within_seconds:.0f} s'}"
