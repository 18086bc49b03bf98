"""A rules file as it was written: every word with its place, and the comments and empty lines between the words."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

# libyaml where PyYAML was built with it: twenty times as fast.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_END = re.compile("[\n\x85\u2028\u2029]")
_COMMENT = re.compile("#[^\n\x85\u2028\u2029]*")
_BLOCK_HEAD = re.compile(r"[|>][+-]?( *| +#.*)\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text as it is to be written: on one line, or a head (`>-`) with indented lines `below`."""

    written: str
    below: tuple[str, ...]
    start: int
    end: int


@dataclass(slots=True)
class Group:
    """A table or a list; `is_flow` means in brackets. `column` is where it was written, from 0."""

    is_table: bool
    is_flow: bool
    entries: list[Item]
    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Item:
    """A word with its value, or (without key) an item of a list."""

    key: Word | None
    value: Word | Group

    @property
    def start(self) -> int:
        return self.key.start if self.key else self.value.start


@dataclass(frozen=True, slots=True)
class Comment:
    """`own_line` is False for one that stands after something; `column` counts from 0."""

    text: str
    start: int
    column: int
    own_line: bool


class Writing:
    """The whole text. Offsets count characters; `root` is the table of sections."""

    def __init__(self, text: str) -> None:
        """Raises yaml.YAMLError; what `ivr.rules.reading.text.read_tree` refuses must not come here."""
        self.text = text
        self._line_starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self._words: list[Word] = []
        self._marks: list[int] = []
        root = _grown(self._events())
        if not isinstance(root, Group):
            raise yaml.YAMLError
        self.root = root
        self.comments = tuple(self._comments())
        self._empty_lines = frozenset(self._without_text())

    def line(self, offset: int) -> int:
        """The line, from 0, that this character stands on."""
        return bisect_right(self._line_starts, offset) - 1

    def column(self, offset: int) -> int:
        """How far into its line this character stands, from 0."""
        return offset - self._line_starts[self.line(offset)]

    def follows_empty_line(self, offset: int) -> bool:
        """Whether the line above this character is empty."""
        return self.line(offset) - 1 in self._empty_lines

    def are_neighbours(self, end: int, comment: Comment) -> bool:
        """Whether the comment stands behind what ends there, on its line, with no other word between."""
        mark = bisect_left(self._marks, end)
        others = mark < len(self._marks) and self._marks[mark] < comment.start
        return self.line(end) == self.line(comment.start) and not others

    def _events(self) -> Iterator[yaml.Event | Word]:
        for event in yaml.parse(self.text, Loader=_PARSER):
            if isinstance(event, yaml.ScalarEvent):
                word = _word(event, self.text)
                self._words.append(word)
                self._marks.append(word.start)
                yield word
            else:
                if isinstance(event, yaml.CollectionStartEvent) and event.flow_style:
                    self._marks.append(_start(event))
                if isinstance(event, yaml.CollectionEndEvent) and _is_bracket(event):
                    self._marks.append(_start(event))
                yield event

    def _gaps(self) -> Iterator[tuple[int, int]]:
        """The stretches of text between words."""
        before = 0
        for word in self._words:
            yield before, word.start
            before = word.end
        yield before, len(self.text)

    def _comments(self) -> Iterator[Comment]:
        for start, end in self._gaps():
            for found in _COMMENT.finditer(self.text, start, end):
                column = self.column(found.start())
                before = self.text[found.start() - column : found.start()]
                yield Comment(found[0].rstrip(), found.start(), column, not before.strip())

    def _without_text(self) -> Iterator[int]:
        for start, end in self._gaps():
            # A gap's first and last lines are shared with words; those between are its own.
            for number in range(self.line(start) + (start > 0), self.line(end)):
                line = self.text[self._line_starts[number] : self._line_starts[number + 1]]
                if not line.strip():
                    yield number


def _is_bracket(event: yaml.CollectionEndEvent) -> bool:
    return _end(event) - _start(event) == 1


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _grown(events: Iterator[yaml.Event | Word]) -> Word | Group | None:
    root: Word | Group | None = None
    groups: list[Group] = []
    keys: list[Word | None] = []
    for event in events:
        node: Word | Group
        if isinstance(event, Word):
            node = event
        elif isinstance(event, yaml.CollectionStartEvent):
            is_table = isinstance(event, yaml.MappingStartEvent)
            column = event.start_mark.column if event.start_mark else 0
            node = Group(is_table, bool(event.flow_style), [], _start(event), -1, column)
        elif isinstance(event, yaml.CollectionEndEvent):
            groups.pop().end = _end(event)
            keys.pop()
            continue
        else:
            continue
        if not groups:
            root = root or node
        elif groups[-1].is_table and keys[-1] is None and isinstance(node, Word):
            keys[-1] = node
        else:
            groups[-1].entries.append(Item(keys[-1], node))
            keys[-1] = None
        if isinstance(node, Group):
            groups.append(node)
            keys.append(None)
    return root


def _word(event: yaml.ScalarEvent, text: str) -> Word:
    start = _start(event)
    raw = text[start : _end(event)].rstrip()
    end = start + len(raw)
    if event.style in {"|", ">"}:
        head, *below = _LINE_END.split(raw)
        # What an indentation or kept empty lines mean would change with the layout: quotes say it plainly.
        if below and _BLOCK_HEAD.match(head) and "+" not in head[:2] and below[0].strip():
            return Word(head.rstrip(), _unindented(below), start, end)
        return Word(_quoted(event.value), (), start, end)
    if _LINE_END.search(raw):
        fits = event.style is None or event.style == ""
        is_plain = fits and not _LINE_END.search(event.value)
        return Word(event.value if is_plain else _quoted(event.value), (), start, end)
    return Word(raw, (), start, end)


def _unindented(lines: list[str]) -> tuple[str, ...]:
    margin = len(lines[0]) - len(lines[0].lstrip(" "))
    return tuple(line[margin:].rstrip("\r") for line in lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)
