"""Service level: every published definition, each with its formula.

They differ by what becomes of those who hung up. A definition that is changed gets a new version, and what has been
published with the old one stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.kpi.tally import Tally


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to tell the service level: met / counted, both in numbers of offers."""

    name: str
    formula: str
    met: Callable[[Tally], int]
    counted: Callable[[Tally], int]
    version: int = 1

    def share(self, tally: Tally) -> float | None:
        """0 to 1; None where nothing is counted: an empty queue has no service level, not a good one."""
        counted = self.counted(tally)
        return self.met(tally) / counted if counted > 0 else None


def _served_or_left(tally: Tally) -> int:
    return tally.answered + tally.abandoned


_ALL = (
    Definition(
        "copc",
        "answered within T / (answered + abandoned + system_dropped + overflowed + callback + exit_key)",
        lambda t: t.answered_within,
        lambda t: t.offered,
    ),
    Definition(
        "answered_only",
        "answered within T / answered",
        lambda t: t.answered_within,
        lambda t: t.answered,
    ),
    Definition(
        "asterisk_sl2",
        "(answered within T + abandoned within T) / (answered + abandoned); overflowed counts as abandoned",
        lambda t: t.answered_within + t.abandoned_within + t.overflowed_within,
        lambda t: _served_or_left(t) + t.overflowed,
    ),
    Definition(
        "late_abandons",
        "answered within T / (answered + abandoned - abandoned within T)",
        lambda t: t.answered_within,
        lambda t: _served_or_left(t) - t.abandoned_within,
    ),
    Definition(
        "short_as_met",
        "(answered within T + abandoned_short) / (answered + abandoned)",
        lambda t: t.answered_within + t.abandoned_short,
        _served_or_left,
    ),
    Definition(
        "short_out",
        "answered within T / (answered + abandoned - abandoned_short)",
        lambda t: t.answered_within,
        lambda t: _served_or_left(t) - t.abandoned_short,
    ),
    Definition(
        "abandons_out",
        "answered within T / answered; abandoned and overflowed are left out",
        lambda t: t.answered_within,
        lambda t: t.answered,
    ),
    Definition(
        "connect",
        "(answered within T + abandoned within T + callback within T) / "
        "(answered + abandoned + overflowed + callback + exit_key)",
        lambda t: t.answered_within + t.abandoned_within + t.callback_within,
        lambda t: t.offered - t.system_dropped,
    ),
)

DEFINITIONS: Mapping[str, Definition] = {one.name: one for one in _ALL}
"""By name. `abandoned` in their formulas is everybody who hung up, the short ones among them."""

EARLIER: tuple[Definition, ...] = ()
"""Versions that hold no longer, but in the months that were closed with them."""

VERSIONS: Mapping[tuple[str, int], Definition] = {
    (one.name, one.version): one for one in (*EARLIER, *_ALL)
}
"""Every one that ever held, by name and version."""


USUAL = DEFINITIONS["copc"]
