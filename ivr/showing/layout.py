"""The canonical layout of a rules file: sections in order, two spaces, one form of brackets, comments kept.

Only where things stand changes. Words and values stay as the admin wrote them, a list or table in
brackets stays so while it fits on a line, and a comment stays with what it stood beside or above.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from ivr.errors import RulesRefused
from ivr.rules.fault import Fault, in_reading_order
from ivr.rules.parsed import RulesFile
from ivr.rules.reading.source import Source
from ivr.rules.reading.text import read_tree
from ivr.showing.lines import LaidLine, align, with_empty_lines
from ivr.showing.writing import Comment, Group, Item, Word, Writing

WIDEST = 160
"""A table or list in brackets that would pass this column is written below its word instead."""

_SECTIONS = [field.alias or name for name, field in RulesFile.model_fields.items()]


def lay_out(text: bytes, file: str) -> tuple[str | None, tuple[Fault, ...]]:
    """The text in canonical layout, or None and the faults of its syntax.

    Raises:
        RulesRefused: the layout would change the meaning of this file; that is a fault of ours.
    """
    before, faults = read_tree(text, file)
    if before is None or faults:
        return None, in_reading_order(faults)
    old = Writing(
        unicodedata.normalize("NFC", text.decode()).replace("\r\n", "\n").replace("\r", "\n")
    )
    laid = "".join(f"{line}\n" for line in _Layout(old).lines())
    after, _ = read_tree(laid.encode(), file)
    if (
        after is None
        or Source(after, file).plain() != Source(before, file).plain()
        or _comments(Writing(laid)) != _comments(old)
    ):
        message = f"{file}: laid out anew it would not say the same; nothing was written"
        raise RulesRefused((message,))
    return laid, ()


def _comments(writing: Writing) -> list[str]:
    return sorted(comment.text for comment in writing.comments)


class _Layout:
    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._waiting = list(reversed(writing.comments))

    def lines(self) -> list[str]:
        """The whole file."""
        root, end = self._writing.root, len(self._writing.text) + 1
        first = root.entries[0].start if root.entries else end
        top = self._above(first, 0)
        sections = self._sections(root, end)
        bottom = self._above(end, 0)
        for before, after in pairwise(sections):
            after[0].after_empty |= _is_long(before) or _is_long(after)
        if sections:
            # What stands at the top stays there, whichever section comes first now.
            sections[0][0].after_empty = self._writing.follows_empty_line(first)
        return with_empty_lines([*top, *(line for lines in sections for line in lines), *bottom])

    def _sections(self, root: Group, end: int) -> list[list[LaidLine]]:
        """The lines of each section, in the order of the language."""
        starts = [entry.start for entry in root.entries]
        found = [
            (_place(entry), self._entry(entry, 0, 0, until))
            for entry, until in zip(root.entries, [*starts[1:], end], strict=True)
        ]
        found.sort(key=lambda section: section[0])
        return [lines for _, lines in found]

    def _entry(self, entry: Item, indent: int, margin: int, until: int) -> list[LaidLine]:
        """An entry and what stands above it.

        `margin` is the column where it stood; what is left behind in it ends before the offset `until`.
        """
        above = self._above(entry.start, indent)
        empty = self._writing.follows_empty_line(entry.start)
        name = "-" if entry.key is None else f"{entry.key.written}:"
        value = entry.value
        if isinstance(value, Word):
            lines = self._simple(name, value, indent)
        elif (inline := self._inline(value, indent + len(name) + 1)) is not None:
            between = self._above(value.start, indent)
            lines = [*between, LaidLine(indent, name, inline, self._beside(value.end))]
        elif entry.key is None:
            lines = self._long_item(value, indent, margin, until)
        else:
            comment = self._beside(value.end if value.is_flow else entry.key.end)
            head = LaidLine(indent, name, comment=comment)
            lines = [head, *self._below(value, indent, margin, until)]
        lines[0].after_empty = empty
        return above + lines

    def _simple(self, name: str, value: Word, indent: int) -> list[LaidLine]:
        above = self._above(value.start, indent)
        text = f"{name} {value.written}" if value.written else name
        head = LaidLine(indent, text, comment=None if value.below else self._beside(value.end))
        below = [LaidLine(indent + 2 if line else 0, line) for line in value.below]
        return [*above, head, *below]

    def _long_item(self, value: Group, indent: int, margin: int, until: int) -> list[LaidLine]:
        """An item of a list over several lines: its first word stands behind the dash."""
        closing = [self._beside(value.end)] if value.is_flow else []
        lines = self._below(value, indent, margin, until)
        number = next(number for number, line in enumerate(lines) if line.is_entry)
        head = lines[number]
        head.text = f"-{' ' * (head.indent - indent - 1)}{head.text}"
        for line in lines[: number + 1]:
            line.indent = indent
        return [*(_own_line(comment, indent) for comment in closing if comment), *lines]

    def _below(self, group: Group, indent: int, margin: int, until: int) -> list[LaidLine]:
        """The entries of a table or list, each on lines of its own, deeper than `indent`."""
        deeper = indent + 2
        inside = max(group.column, margin + 1)
        end = group.end if group.is_flow else until
        starts = [entry.start for entry in group.entries]
        lines = []
        for entry, following in zip(group.entries, [*starts[1:], end], strict=True):
            lines += self._entry(entry, deeper, inside, following)
        lines[0].after_empty = False
        if all(isinstance(one.value, Group) and one.value.is_table for one in group.entries):
            align(lines, deeper)
        return lines + self._left_behind(deeper, 0 if group.is_flow else inside, end)

    def _inline(self, group: Group, column: int) -> str | None:
        """In brackets on one line; None where it was not, does not fit, or has comments inside."""
        if not group.is_flow or self._has_comments(group):
            return None
        text = _in_brackets(group)
        return text if not group.entries or column + len(text) <= WIDEST else None

    def _has_comments(self, group: Group) -> bool:
        following = (one for one in reversed(self._waiting) if one.start > group.start)
        first = next(following, None)
        return first is not None and first.start < group.end

    def _above(self, offset: int, indent: int) -> list[LaidLine]:
        """All comments before this place that have found none yet, each on a line of its own."""
        found = []
        while self._waiting and self._waiting[-1].start < offset:
            found.append(self._on_its_own(self._waiting.pop(), indent))
        return found

    def _left_behind(self, indent: int, margin: int, until: int) -> list[LaidLine]:
        """Comments below the last entry of a group that stand as deep as the group did."""
        found = []
        while self._waiting and self._waiting[-1].start < until:
            comment = self._waiting[-1]
            if margin and not (comment.own_line and comment.column >= margin):
                break
            found.append(self._on_its_own(self._waiting.pop(), indent))
        return found

    def _beside(self, end: int) -> Comment | None:
        """The comment behind what ends there."""
        for number in reversed(range(len(self._waiting))):
            comment = self._waiting[number]
            if comment.start >= end:
                if self._writing.are_neighbours(end, comment):
                    return self._waiting.pop(number)
                break
        return None

    def _on_its_own(self, comment: Comment, indent: int) -> LaidLine:
        line = _own_line(comment, indent)
        line.after_empty = comment.own_line and self._writing.follows_empty_line(comment.start)
        return line


def _own_line(comment: Comment, indent: int) -> LaidLine:
    return LaidLine(indent, comment.text, is_entry=False)


def _in_brackets(node: Word | Group) -> str:
    if isinstance(node, Word):
        return node.written
    inside = ", ".join(_paired(entry) for entry in node.entries)
    return f"{{{inside}}}" if node.is_table else f"[{inside}]"


def _paired(entry: Item) -> str:
    value = _in_brackets(entry.value)
    if entry.key is None:
        return value
    return f"{entry.key.written}: {value}" if value else entry.key.written


def _place(entry: Item) -> int:
    word = entry.key.written if entry.key else ""
    return _SECTIONS.index(word) if word in _SECTIONS else len(_SECTIONS)


def _is_long(lines: list[LaidLine]) -> bool:
    return sum(line.is_entry for line in lines) > 1
