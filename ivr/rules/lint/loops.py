"""Ways that lead round: places from which a call comes back to where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.rules.ways import Graph, Way


@dataclass(frozen=True, slots=True)
class Loop:
    """Ways that lead round; `group` are all places that lead to one another there, on this loop or another."""

    ways: tuple[Way, ...]
    group: frozenset[str]

    def __str__(self) -> str:
        return " → ".join([*(way.start for way in self.ways), self.ways[0].start])


def loops(graph: Graph, follows: Callable[[Way], bool]) -> list[Loop]:
    """Loops that the ways which `follows` accepts make: one for each group of places that lead to one another."""
    found = []
    for group in _groups(graph, follows):
        inside = {
            place: [way for way in graph.get(place, ()) if way.end in group and follows(way)]
            for place in group
        }
        loop = _loop_in(inside)
        if loop:
            found.append(Loop(tuple(loop), frozenset(group)))
    return found


def _groups(graph: Graph, follows: Callable[[Way], bool]) -> list[set[str]]:
    """Places that lead to one another (Kosaraju's way, without recursion), in the order of the file."""
    forward: dict[str, list[str]] = {}
    backward: dict[str, list[str]] = {}
    for start, ways in graph.items():
        for way in filter(follows, ways):
            forward.setdefault(start, []).append(way.end)
            backward.setdefault(way.end, []).append(start)
    order: list[str] = []
    seen: set[str] = set()
    for start in list(forward):
        _visit(start, forward, seen, order.append)
    groups = []
    seen = set()
    for start in reversed(order):
        group: list[str] = []
        _visit(start, backward, seen, group.append)
        if group:
            groups.append(set(group))
    return groups


def _visit(
    start: str, edges: Mapping[str, list[str]], seen: set[str], left: Callable[[str], None]
) -> None:
    """Depth first from `start`; `left` is told each place when all beyond it has been seen."""
    if start in seen:
        return
    seen.add(start)
    trail = [(start, iter(edges.get(start, ())))]
    while trail:
        place, ends = trail[-1]
        for end in ends:
            if end not in seen:
                seen.add(end)
                trail.append((end, iter(edges.get(end, ()))))
                break
        else:
            left(place)
            trail.pop()


def _loop_in(inside: Mapping[str, list[Way]]) -> list[Way]:
    """A loop among places that all lead to one another; empty for a lone place without a way to itself."""
    place = min(inside)
    walked: list[Way] = []
    at: dict[str, int] = {}
    while place not in at:
        if not inside[place]:
            return []
        at[place] = len(walked)
        walked.append(inside[place][0])
        place = walked[-1].end
    return walked[at[place] :]
