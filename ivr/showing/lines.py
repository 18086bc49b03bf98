"""Lines as they will be written: indentation, a word and its value, a comment behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.showing.writing import Comment

LONGEST_ALIGNED = 30
"""Beside a longer word its neighbours' values are not moved: the eye would not find them."""


@dataclass(slots=True, eq=False)
class LaidLine:
    """A line to write. `value` is what follows the word, apart while the two may still be aligned."""

    indent: int
    text: str
    value: str | None = None
    comment: Comment | None = None
    after_empty: bool = False
    is_entry: bool = True

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value}"
        shown = f"{' ' * self.indent}{self.text}{value}"
        if self.comment is None:
            return shown
        # The column that the admin chose, so that comments below one another stay so.
        return shown.ljust(max(self.comment.column, len(shown) + 2)) + self.comment.text


def align(lines: Iterable[LaidLine], indent: int) -> None:
    """Let tables in brackets on lines below one another begin in one column."""
    run: list[LaidLine] = []
    for line in lines:
        fits = line.indent == indent and line.value is not None and line.value.startswith("{")
        if run and not (fits and not line.after_empty):
            _spread(run)
            run = []
        if fits:
            run.append(line)
    _spread(run)


def _spread(run: list[LaidLine]) -> None:
    widest = max((len(line.text) for line in run), default=0)
    if widest <= LONGEST_ALIGNED:
        for line in run:
            line.text = line.text.ljust(widest)


def with_empty_lines(lines: Iterable[LaidLine]) -> list[str]:
    """The text of the lines; an empty line before each that wants one, save the first."""
    written: list[str] = []
    for line in lines:
        if line.after_empty and written:
            written.append("")
        written.append(str(line))
    return written
