"""Menus: who chose what, who left where, and whose need was met by them; and the ways that calls took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ivr.kpi.cells import FoldedPath
from ivr.kpi.tally import most_first
from ivr.records.path import NOTHING, MenuStop, menu_stop, one_way, stops_of
from ivr.records.record import Disposition

MenuFigure = str | int | float | None

MENU_COLUMNS = (
    "visits",
    "chosen",
    "nothing_chosen",
    "hung_up",
    "lost",
    "attrition",
    "calls",
    "contained",
    "containment",
)
PATH_COLUMNS = ("disposition", "calls", "share")


@dataclass(slots=True)
class MenuTally:
    """What came of the visits to a menu, and of the calls that came there.

    A visit ended by a key (`keys`), with all tries used up (`nothing_chosen`), or with the call: the caller hung up, or
    was lost by us or the network. `calls` came there at least once; the need of those `contained` was met by it: they
    ended there or in what they heard after it, talked with nobody, and did not hang up.
    """

    keys: Counter[str] = field(default_factory=Counter)
    nothing_chosen: int = 0
    hung_up: int = 0
    lost: int = 0
    calls: int = 0
    contained: int = 0

    @property
    def chosen(self) -> int:
        return self.keys.total()

    @property
    def visits(self) -> int:
        return self.chosen + self.nothing_chosen + self.hung_up + self.lost

    @property
    def attrition(self) -> float | None:
        """Hang-ups at the menu / visits, 0 to 1."""
        return self.hung_up / self.visits if self.visits else None

    @property
    def containment(self) -> float | None:
        """Calls whose need was met / calls, 0 to 1."""
        return self.contained / self.calls if self.calls else None


@dataclass(slots=True)
class Menus:
    """`by_name` has each menu that calls came to; `total` counts every visit, and every call once."""

    by_name: dict[str, MenuTally]
    total: MenuTally


def menus(paths: Iterable[FoldedPath]) -> Menus:
    """Count what callers did in the menus."""
    found = Menus({}, MenuTally())
    for (path, disposition), calls in _together(paths).items():
        stops = [stop for place in stops_of(path) if (stop := menu_stop(place)) is not None]
        for stop in stops:
            for tally in (found.by_name.setdefault(stop.menu, MenuTally()), found.total):
                _count(tally, stop, disposition, calls)
        if not stops:
            continue
        for name in {stop.menu for stop in stops}:
            found.by_name[name].calls += calls
        found.total.calls += calls
        if disposition == "menu_contained":
            found.by_name[stops[-1].menu].contained += calls
            found.total.contained += calls
    return found


def _together(paths: Iterable[FoldedPath]) -> Counter[tuple[str, Disposition]]:
    """The calls of all days: a year has the same paths every day."""
    counted: Counter[tuple[str, Disposition]] = Counter()
    for one in paths:
        counted[one_way(one.path), one.disposition] += one.calls
    return counted


def _count(tally: MenuTally, stop: MenuStop, disposition: Disposition, calls: int) -> None:
    if stop.key is None:
        if disposition == "failed":
            tally.lost += calls
        else:
            tally.hung_up += calls
    elif stop.key == NOTHING:
        tally.nothing_chosen += calls
    else:
        tally.keys[stop.key] += calls


def menu_facts(tally: MenuTally) -> dict[str, MenuFigure]:
    """The columns of a menu; None where there is no data."""
    return {name: getattr(tally, name) for name in MENU_COLUMNS}


@dataclass(frozen=True, slots=True)
class PathShare:
    """So many `calls` took this path (see PathTaken) and ended so; `share` is 0 to 1, of those whose path is known."""

    path: str
    disposition: Disposition
    calls: int
    share: float


def ways_taken(paths: Iterable[FoldedPath]) -> list[PathShare]:
    """The ways that calls took, the most frequent first."""
    counted = _together(paths)
    total = counted.total()
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [PathShare(path, how, calls, calls / total) for (path, how), calls in ordered if calls]


def keys_told(keys: Mapping[str, int]) -> str:
    """`1: 20, 2: 5`, the most frequent first."""
    return ", ".join(f"{key}: {count}" for key, count in most_first(keys).items())
