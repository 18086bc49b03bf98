"""Text → a tree of words, each with its line and column.

Every scalar stays text: whether `10:30`, `NO` or `+4755301000` is a time, a country or a number is
for the schema to say, never for YAML. What makes a YAML file mean something else than it shows
(anchors, aliases, tags, merge keys, keys given twice) is refused, and so is what is too large,
before anything grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import yaml

from ivr.rules.fault import Fault, FaultKind, fault, shown
from ivr.rules.model import Location
from ivr.rules.reading.syntax import decode, syntax_fault
from ivr.rules.reading.tree import Listing, Pair, Scalar, Table, TreeNode

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 50_000
MAX_DEPTH = 32
_SMALLER = "no rules for people are so large; take out what is not rules"
_DEEP = f"words are nested more than {MAX_DEPTH} deep"

# How readers say that it is too deep for them; what stands in quotes in their messages is the file's own.
_TOO_DEEP = re.compile("nest|depth|too deep|recursi")
_IN_QUOTES = re.compile("'[^']*'|\"[^\"]*\"")

# What is quoted or a comment, and the brackets outside of it.
_BRACKETS = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|(?<!\S)#[^\n]*|([\[{])|([\]}])""", re.DOTALL)

# libyaml where PyYAML was built with it: twenty times as fast.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_tree(text: bytes, file: str) -> tuple[Table | None, tuple[Fault, ...]]:
    """The file as a tree, with all that was found wrong on the way; None where there is no tree."""
    if len(text) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES} bytes"
        return None, (fault(FaultKind.TOO_LARGE, Location(file, 1, 1, ""), message, _SMALLER),)
    decoded, faults = decode(text, file)
    if decoded is None:
        return None, tuple(faults)
    growing = _TreeSoFar(file)
    event: yaml.Event | None = None
    try:
        too_large = _too_large(decoded, file)
        if too_large is not None:
            return None, (too_large,)
        for event in _events(decoded):
            growing.take(event)
    except yaml.MarkedYAMLError as error:
        return None, (*growing.faults, syntax_fault(error, decoded, file, event))
    return growing.finished(), tuple(growing.faults)


def _events(text: str) -> Iterator[yaml.Event]:
    # Events, not nodes: nothing is composed, so an alias can multiply nothing.
    return yaml.parse(text, Loader=_PARSER)


def _too_large(text: str, file: str) -> Fault | None:
    """Count first, so that what is too large is refused before a tree grows. Syntax is not its business."""
    nodes = depth = 0
    try:
        for event in _events(text):
            if isinstance(event, yaml.NodeEvent):
                nodes += 1
                depth += isinstance(event, yaml.CollectionStartEvent)
            else:
                depth -= isinstance(event, yaml.CollectionEndEvent)
            if nodes > MAX_NODES or depth > MAX_DEPTH:
                many = f"the file holds more than {MAX_NODES} words and values"
                location = Location(file, *_position(event), "")
                return fault(
                    FaultKind.TOO_LARGE, location, many if nodes > MAX_NODES else _DEEP, _SMALLER
                )
    except yaml.MarkedYAMLError as error:
        return _too_deep_to_read(error, text, file)
    return None


def _too_deep_to_read(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault | None:
    """Too deep for the reader itself, before its first event was out.

    It looks ahead for a `:` behind brackets, and newer ones have a bound of their own on the way (PyYAML 6.0.4), with
    words of their own. It is told in ours, where ours was passed.
    """
    mark = error.problem_mark or error.context_mark
    if mark is None or not _TOO_DEEP.search(_IN_QUOTES.sub("", error.problem or "")):
        return None
    read = "".join(text.splitlines(keepends=True)[: mark.line + 1])
    found = list(_BRACKETS.finditer(read))
    depths = accumulate(bool(one[1]) - bool(one[2]) for one in found)
    beyond = (one.start() for one, depth in zip(found, depths, strict=True) if depth > MAX_DEPTH)
    line, column = mark.line + 1, mark.column + 1
    if (start := next(beyond, None)) is not None:
        line = read.count("\n", 0, start) + 1
        column = start - read.rfind("\n", 0, start)
    return fault(FaultKind.TOO_LARGE, Location(file, line, column, ""), _DEEP, _SMALLER)


@dataclass(slots=True)
class _Open:
    """A list or table that has begun and not ended; `key` waits for its value (None: a refused key)."""

    node: Listing | Table
    awaits_value: bool = False
    key: Scalar | None = None
    # A key that is itself a list or table was refused; what stands after it is read and dropped.
    dropped: bool = False


class _TreeSoFar:
    """The tree as the events come in."""

    def __init__(self, file: str) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._open: list[_Open] = []
        self._documents = 0
        self._root: TreeNode | None = None

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._refuse_cleverness(event)
        match event:
            case yaml.ScalarEvent():
                self._place(Scalar(event.value, not event.style, *_position(event), self._file))
            case yaml.AliasEvent():
                self._place(None)
            case yaml.MappingStartEvent():
                self._begin(Table({}, *_position(event), self._file))
            case yaml.SequenceStartEvent():
                self._begin(Listing([], *_position(event), self._file))
            case yaml.CollectionEndEvent():
                self._end()
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents == 2:
                    self._refuse(
                        event,
                        FaultKind.SHAPE_OF_FILE,
                        "a second document begins here",
                        "take out the `---`",
                    )
            case _:
                pass

    def finished(self) -> Table | None:
        """The tree, once the last event is in."""
        start = Location(self._file, 1, 1, "")
        empty = self._root is None or (isinstance(self._root, Scalar) and not self._root.text)
        if empty and not self.faults:
            hint = "begin with `version: 1` and `numbers:`"
            self.faults.append(fault(FaultKind.EMPTY, start, "the file is empty", hint))
        elif not empty and not isinstance(self._root, Table):
            hint = "begin with `version: 1`"
            self.faults.append(
                fault(FaultKind.SHAPE_OF_FILE, start, "the file is not a table of words", hint)
            )
        return self._root if isinstance(self._root, Table) else None

    def _refuse_cleverness(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            message = f"the alias {shown(f'*{event.anchor}')} is not allowed"
            self._refuse(
                event,
                FaultKind.ALIAS,
                message,
                "write the words out (a menu's star key is called star)",
            )
            return
        if event.anchor:
            message = f"the anchor {shown(f'&{event.anchor}')} is not allowed"
            self._refuse(event, FaultKind.ALIAS, message, "take it out")
        tag = getattr(event, "tag", None)
        if tag:
            self._refuse(
                event, FaultKind.TAG, f"the tag {shown(_short(tag))} is not allowed", "take it out"
            )

    def _begin(self, node: Listing | Table) -> None:
        inside = self._open[-1] if self._open else None
        as_key = inside is not None and isinstance(inside.node, Table) and not inside.awaits_value
        dropped = as_key or (inside is not None and inside.dropped)
        if as_key and inside is not None and not inside.dropped:
            location = Location(self._file, node.line, node.column, "")
            self.faults.append(
                fault(
                    FaultKind.SHAPE_OF_FILE, location, "a word is wanted here, not a list or table"
                )
            )
        self._place(None if as_key else node)
        self._open.append(_Open(node, dropped=dropped))

    def _end(self) -> None:
        self._open.pop()

    def _place(self, node: TreeNode | None) -> None:
        """Put a node where it belongs; None is one that was refused."""
        if not self._open:
            self._root = node if self._documents < 2 else self._root
            return
        inside = self._open[-1]
        if isinstance(inside.node, Listing):
            if node is None:
                inside.node.lost += 1
            else:
                inside.node.items.append(node)
        elif not inside.awaits_value:
            inside.key = self._usable_key(inside, node)
            inside.awaits_value = True
        else:
            if inside.key is not None and node is None:
                inside.node.lost.add(inside.key.text)
            elif inside.key is not None and node is not None:
                inside.node.entries[inside.key.text] = Pair(inside.key, node)
            inside.awaits_value = False

    def _usable_key(self, inside: _Open, node: TreeNode | None) -> Scalar | None:
        if not isinstance(node, Scalar) or inside.dropped or not isinstance(inside.node, Table):
            return None
        location = Location(self._file, node.line, node.column, node.text)
        if node.text == "<<" and node.plain:
            self.faults.append(
                fault(
                    FaultKind.MERGE_KEY,
                    location,
                    "the merge key '<<' is not allowed",
                    "write the words out",
                )
            )
            return None
        earlier = inside.node.entries.get(node.text)
        if earlier is not None:
            message = f"{shown(node.text)} already stands at line {earlier.key.line}"
            self.faults.append(
                fault(FaultKind.DUPLICATE_KEY, location, message, "keep one of the two")
            )
            return None
        return node

    def _refuse(self, event: yaml.Event, kind: FaultKind, message: str, hint: str) -> None:
        self.faults.append(fault(kind, self._at(event), message, hint))

    def _at(self, event: yaml.Event) -> Location:
        return Location(self._file, *_position(event), "")


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
