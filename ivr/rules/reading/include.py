"""Rules in several files: `include: [sites/*.yaml]` makes one tree of them, each word with the file that it stands in.

A list of callers may name a file of numbers, too; they then stand in the tree as if they were written there.
Nothing is read here: whoever loads rules passes the reader of files. A pattern belongs to the folder of the file that
names it, and leads nowhere outside the folder of the first file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from ivr.rules.fault import Fault, FaultKind, fault, shown
from ivr.rules.model import Location
from ivr.rules.reading.comments import keys_in_comments
from ivr.rules.reading.number_list import read_numbers
from ivr.rules.reading.text import read_tree
from ivr.rules.reading.tree import Listing, Pair, Scalar, Table, TreeNode

MAX_FILES = 2000
MAX_BYTES_IN_ALL = 32 * 1024 * 1024
MAX_FILES_DEEP = 8
SETTINGS = frozenset(
    {
        "version",
        "country",
        "timezone",
        "languages",
        "holidays",
        "site_of_call",
        "callback",
        "duty",
        "keep_words",
    }
)
"""Words that hold for all files, and stand in the first."""

_PATTERN = re.compile(r"[\w.*?-][\w .*?/-]{0,199}\Z")
_INCLUDE = "include"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that a pattern matches: its name from the folder of the first file, and its text, or why there is none."""

    name: str
    text: bytes
    refusal: str | None = None


class ReadsFiles(Protocol):
    """The files that a pattern (relative to the folder of the first file, with `*` and `?`) matches, sorted by name."""

    def __call__(self, pattern: str) -> Iterable[FoundFile]: ...


def include(root: Table, file: str, read: ReadsFiles | None) -> tuple[tuple[str, ...], list[Fault]]:
    """Put all that `root`, the tree of `file`, includes into it. The names of those files, and all faults."""
    including = _Including(root, file, read)
    including.follow(root, (posixpath.basename(file),))
    return tuple(including.names), including.faults


class _Including:
    def __init__(self, root: Table, file: str, read: ReadsFiles | None) -> None:
        self.faults: list[Fault] = []
        self.names: list[str] = []
        self._root = root
        self._folder = posixpath.dirname(file)
        self._read = read
        self._met: set[str] = set()
        self._bytes = 0

    def follow(self, table: Table, trail: tuple[str, ...]) -> None:
        """Include what `table` names; `trail` are the files that led here, its own last."""
        for words, file in _lists_in_files(table):
            self._fill(words, file, trail[-1])
        entry = table.entries.pop(_INCLUDE, None)
        for pattern in self._patterns(entry.value) if entry else ():
            wanted = self._inside(pattern, trail[-1])
            if wanted is not None:
                self._take_all(pattern, wanted, trail)

    def _patterns(self, node: TreeNode) -> Iterator[Scalar]:
        for item in node.items if isinstance(node, Listing) else [node]:
            if isinstance(item, Scalar) and item.text:
                yield item
            else:
                hint = "write include: [sites/*.yaml]"
                self._refuse(FaultKind.SHAPE, item, "a list of files is wanted here", hint)

    def _fill(self, words: Table, file: Scalar, named_in: str) -> None:
        """Put the numbers of the files that a list of callers names into it, behind those that stand there."""
        wanted = self._inside(file, named_in, "lists/vip.csv")
        found = [*self._read(wanted)] if self._read is not None and wanted is not None else []
        if wanted is not None and not found:
            message = f"there is no file {shown(file.text)}"
            self._refuse(FaultKind.INCLUDE, file, message, "name a file that is there")
        here = words.entries.get("numbers")
        written = here.value if here else None
        items: list[TreeNode] = [written] if written else []
        if isinstance(written, Listing):
            items = [*written.items]
        before = len(self.faults)
        for one in found:
            items += self._listed(file, one)
        if not found or len(self.faults) > before:
            words.lost.add("numbers")
        key = here.key if here else replace(file, text="numbers")
        words.entries["numbers"] = Pair(key, Listing(items, file.line, file.column, file.file))

    def _listed(self, file: Scalar, found: FoundFile) -> list[Scalar]:
        self._bytes += len(found.text)
        if found.refusal is not None or self._bytes > MAX_BYTES_IN_ALL:
            why = found.refusal or f"more than {MAX_BYTES_IN_ALL} bytes belong to the rules"
            message = f"{found.name} cannot be read: {why}"
            self._refuse(FaultKind.INCLUDE, file, message, "name a file that can be read")
            return []
        name = posixpath.join(self._folder, found.name)
        self.names.append(name)
        numbers, faults = read_numbers(found.text, name)
        self.faults += faults
        return numbers

    def _inside(self, pattern: Scalar, named_in: str, example: str = "sites/*.yaml") -> str | None:
        """The pattern from the folder of the first file; None, and a fault, where it leads out of it."""
        text = pattern.text
        path = posixpath.normpath(posixpath.join(posixpath.dirname(named_in), text))
        if text.startswith("/") or path.startswith("..") or not _PATTERN.match(path):
            message = f"{shown(text)} is no file in the folder of the rules"
            hint = f"write a path such as {example}; '*' and '?' stand for letters of a name"
            self._refuse(FaultKind.INCLUDE_OUTSIDE, pattern, message, hint)
            return None
        return path

    def _take_all(self, pattern: Scalar, wanted: str, trail: tuple[str, ...]) -> None:
        if self._read is None:
            hint = "load the rules from a file"
            self._refuse(
                FaultKind.INCLUDE, pattern, "there is no folder to include files from", hint
            )
            return
        is_none = True
        for found in self._read(wanted):
            is_none = False
            if found.name in trail:
                loop = " → ".join([*trail[trail.index(found.name) :], found.name])
                hint = "let it name other files only"
                self._refuse(
                    FaultKind.INCLUDE_LOOP, pattern, f"files include one another: {loop}", hint
                )
            elif found.name not in self._met:
                self._met.add(found.name)
                self._take(pattern, found, trail)
        if is_none:
            message = f"no file matches {shown(pattern.text)}"
            self._refuse(FaultKind.INCLUDE, pattern, message, "name a file that is there")

    def _take(self, pattern: Scalar, found: FoundFile, trail: tuple[str, ...]) -> None:
        self._bytes += len(found.text)
        if found.refusal is not None:
            message = f"{found.name} cannot be included: {found.refusal}"
            self._refuse(FaultKind.INCLUDE, pattern, message, "name a file that can be read")
        elif len(self._met) > MAX_FILES or self._bytes > MAX_BYTES_IN_ALL:
            message = f"more than {MAX_FILES} files or {MAX_BYTES_IN_ALL} bytes are included"
            self._refuse(FaultKind.TOO_LARGE, pattern, message, "take out what is not rules")
        elif len(trail) >= MAX_FILES_DEEP:
            message = f"files include files more than {MAX_FILES_DEEP} deep"
            self._refuse(FaultKind.TOO_LARGE, pattern, message, "name them in the first file")
        else:
            self._read_in(found, trail)

    def _read_in(self, found: FoundFile, trail: tuple[str, ...]) -> None:
        name = posixpath.join(self._folder, found.name)
        self.names.append(name)
        tree, faults = read_tree(found.text, name)
        self.faults += [_of_part(one) for one in faults]
        if tree is not None:
            self.faults += keys_in_comments(found.text, tree, name)
            self.follow(tree, (*trail, found.name))
            self._merge(tree)

    def _merge(self, part: Table) -> None:
        for word, entry in part.entries.items():
            here = self._root.entries.get(word)
            if word in SETTINGS:
                message = f"the word {word!r} holds for all files"
                hint = f"write it in {posixpath.basename(self._root.file)}"
                self._refuse(FaultKind.INCLUDE_WORD, entry.key, message, hint)
            elif here is None:
                self._root.entries[word] = entry
            elif isinstance(here.value, Listing) and isinstance(entry.value, Listing):
                here.value.items += entry.value.items
                here.value.lost += entry.value.lost
            elif isinstance(here.value, Table) and isinstance(entry.value, Table):
                self._merge_names(here.value, entry.value)
            elif isinstance(here.value, Listing | Table):
                wanted = "a list" if isinstance(here.value, Listing) else "a table of words"
                hint = f"write {word} as in {here.key.file}"
                self._refuse(FaultKind.SHAPE, entry.value, f"{wanted} is wanted here", hint)
        self._root.lost |= part.lost

    def _merge_names(self, here: Table, part: Table) -> None:
        for name, entry in part.entries.items():
            earlier = here.entries.setdefault(name, entry)
            if earlier is not entry:
                message = f"{shown(name)} already stands at {earlier.key.file}:{earlier.key.line}"
                self._refuse(FaultKind.DUPLICATE_KEY, entry.key, message, "keep one of the two")
        here.lost |= part.lost

    def _refuse(self, kind: FaultKind, node: TreeNode, message: str, hint: str) -> None:
        location = Location(
            node.file, node.line, node.column, _INCLUDE if kind in _OF_INCLUDE else ""
        )
        self.faults.append(fault(kind, location, message, hint))


def _lists_in_files(table: Table) -> Iterator[tuple[Table, Scalar]]:
    """The lists of callers that name a file, and its name."""
    callers = table.entries.get("callers")
    lists = callers.value.entries.values() if callers and isinstance(callers.value, Table) else ()
    for entry in lists:
        words = entry.value
        file = words.entries.get("file") if isinstance(words, Table) else None
        if isinstance(words, Table) and file and isinstance(file.value, Scalar) and file.value.text:
            yield words, file.value


_OF_INCLUDE = frozenset({FaultKind.INCLUDE, FaultKind.INCLUDE_OUTSIDE, FaultKind.INCLUDE_LOOP})


def _of_part(one: Fault) -> Fault:
    """What is said of an empty file is meant for the first one."""
    if one.code != FaultKind.EMPTY.value:
        return one
    return replace(one, hint="write a table such as `sites:` in it, or take it out")
