"""Rows as columns of text, as wide as the widest cell in each."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], *, texts: int = 1) -> list[str]:
    """A line for each row; all rows have as many cells.

    The first `texts` columns stand at the left, the others at the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:{'<' if place < texts else '>'}{width}}"
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in rows
    ]
