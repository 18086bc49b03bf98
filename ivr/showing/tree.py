"""The map as a tree of text: every number, and below it where its calls can go."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.showing.ways_on import Map, WayOn, by_start

_ABOVE = " (above)"


def as_tree(drawn: Map) -> list[str]:
    """The lines. Each place is told once; where a way leads to it again, it says "(above)"."""
    return list(_Tree(drawn).lines())


class _Tree:
    def __init__(self, drawn: Map) -> None:
        self._drawn = drawn
        self._onward = by_start(drawn.ways)
        self._told: set[str] = set()

    def lines(self) -> Iterator[str]:
        for entry in self._drawn.entries:
            yield from self._from(entry)
        left = [start for start in self._onward if start not in self._told]
        if left:
            yield ""
            yield "no number leads here:"
        for start in left:
            if start not in self._told:
                yield from self._from(start)

    def _from(self, start: str) -> Iterator[str]:
        yield self._named(start)
        self._told.add(start)
        # No recursion: rules may chain more menus than Python chains calls.
        waiting = self._branches(start, "")
        while waiting:
            way, margin, is_last = waiting.pop()
            corner, line, arrow = (
                "└" if is_last else "├",
                "╌" if way.aside else "─",
                "⇢" if way.aside else "→",
            )
            label = f"{way.label} {arrow} " if way.label else ""
            is_new = way.end not in self._told
            ends = self._named(way.end) if is_new else way.end
            again = "" if is_new or way.end not in self._onward else _ABOVE
            yield f"{margin}{corner}{line} {label}{ends}{again}"
            if is_new:
                self._told.add(way.end)
                waiting += self._branches(way.end, margin + ("   " if is_last else "│  "))

    def _branches(self, start: str, margin: str) -> list[tuple[WayOn, str, bool]]:
        ways = self._onward.get(start, [])
        return [(way, margin, way is ways[-1]) for way in reversed(ways)]

    def _named(self, place: str) -> str:
        note = self._drawn.notes.get(place)
        return f"{place} ({note})" if note else place
