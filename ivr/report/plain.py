"""A page in lines, for a terminal: its figures, without plots and without what is folded."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.report.blocks import FigureTable, Heading, Page, Plot, Text, Tiles
from ivr.showing.columns import aligned


def page_lines(page: Page) -> Iterator[str]:
    """Line after line."""
    yield page.title
    yield page.subtitle
    yield ""
    for block in page.blocks:
        match block:
            case Heading(title):
                yield f"\n{title}\n"
            case Text(text):
                yield text
            case Tiles(tiles):
                width = max(len(tile.label) for tile in tiles)
                for tile in tiles:
                    note = f"  ({tile.note})" if tile.note else ""
                    yield f"{tile.label:<{width}}  {tile.value:>10}{note}"
            case FigureTable() as grid:
                yield from () if grid.folded else aligned(_cells(grid), texts=grid.texts)
            case Plot(_, told):
                yield told
    yield f"\n{page.footer}"


def _cells(grid: FigureTable) -> list[tuple[str, ...]]:
    return [grid.titles, *(tuple(cell.text for cell in row) for row in grid.rows)]
