"""A table of words while it is read: each word is asked for, what is left over is not known."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

from ivr.proving.refusals import WordRefused, refusal
from ivr.rules.fault import Fault, FaultKind, did_you_mean, fault, shown
from ivr.rules.model import Location
from ivr.rules.norwegian import in_english
from ivr.rules.reading.source import WordPath
from ivr.rules.reading.tree import Listing, Scalar, Table, TreeNode
from ivr.rules.values.plain import ValueRefused

T = TypeVar("T")


class WordTable:
    """One table of a file, at `path`. What is wrong in it goes to `faults`."""

    def __init__(self, table: Table, file: str, path: WordPath, faults: list[Fault]) -> None:
        self.path = path
        self._table = table
        self._file = file
        self._faults = faults
        self._asked: list[str] = []

    @property
    def at(self) -> Location:
        """Where the table begins."""
        return self._location(self._table, self.path)

    @property
    def words(self) -> tuple[str, ...]:
        """The words as they stand in the text."""
        return tuple(self._table.entries)

    def key_at(self, word: str) -> Location:
        """Where the word itself stands."""
        return self._location(self._table.entries[word].key, (*self.path, word))

    def value_at(self, word: str) -> Location:
        """Where the word's value stands; without the word, where the table begins."""
        entry = self._table.entries.get(word)
        return self._location(entry.value, (*self.path, word)) if entry else self.at

    def one(self, word: str, convert: Callable[[str], T], example: str | None = None) -> T | None:
        """The word's value. With an `example` (what to write) the word must be there."""
        node = self._take(word, example)
        return self._converted(node, (*self.path, word), convert) if node is not None else None

    def several(self, word: str, convert: Callable[[str], T]) -> tuple[T, ...] | None:
        """The word's values: a list, or one piece of text. None where the word is absent."""
        node = self._take(word, None)
        if node is None:
            return None
        path = (*self.path, word)
        items = list(enumerate(node.items)) if isinstance(node, Listing) else [(0, node)]
        found = [self._converted(item, (*path, number), convert) for number, item in items]
        return tuple(value for value in found if value is not None)

    def table(self, word: str, example: str | None = None) -> WordTable | None:
        """The table after the word."""
        node = self._take(word, example)
        return self._as_table(node, (*self.path, word)) if node is not None else None

    def tables(self, word: str, example: str) -> list[WordTable]:
        """The list of tables after the word."""
        node = self._take(word, example)
        if node is None:
            return []
        path = (*self.path, word)
        if not isinstance(node, Listing) or not (node.items or node.lost):
            hint = f"write {example}"
            self._refuse(FaultKind.SHAPE, self._location(node, path), "a list is wanted here", hint)
            return []
        found = [self._as_table(item, (*path, number)) for number, item in enumerate(node.items)]
        return [table for table in found if table is not None]

    def leave(self) -> None:
        """All words have been asked for: whatever else stands here is not known."""
        for word, entry in self._table.entries.items():
            if word not in self._asked:
                location = self._location(entry.key, (*self.path, word))
                message = f"the word {shown(word)} is not known here"
                self._refuse(
                    FaultKind.UNKNOWN_WORD, location, message, did_you_mean(word, self._asked)
                )

    def _take(self, word: str, example: str | None) -> TreeNode | None:
        self._asked.append(word)
        entry = self._table.entries.get(word)
        if entry is not None:
            return entry.value
        if example is not None and word not in self._table.lost and not self._is_meant(word):
            where = f"in {'.'.join(map(str, self.path))}" if self.path else "in the file"
            message = f"the word {word!r} is missing {where}"
            self._refuse(FaultKind.WORD_MISSING, self.at, message, f"write {example}")
        return None

    def _is_meant(self, word: str) -> bool:
        """Whether a word that stands here may be a slip for this one: it is told as not known, with what is meant."""
        written = [one for one in self._table.entries if one not in self._asked]
        return any(in_english(one, (word,)) for one in written) or bool(
            get_close_matches(word, written, n=1)
        )

    def _converted(self, node: TreeNode, path: WordPath, convert: Callable[[str], T]) -> T | None:
        location = self._location(node, path)
        if not isinstance(node, Scalar) or not node.text:
            message = "one piece of text is wanted here"
            self._refuse(FaultKind.SHAPE, location, message, "write one, or take the word out")
            return None
        try:
            return convert(node.text)
        except ValueRefused as refused:
            self._refuse(refused.kind, location, refused.message, refused.hint)
        except WordRefused as refused:
            self._faults.append(refusal(refused.kind, location, refused.message, refused.hint))
        return None

    def _as_table(self, node: TreeNode, path: WordPath) -> WordTable | None:
        if isinstance(node, Table):
            return WordTable(node, self._file, path, self._faults)
        location = self._location(node, path)
        hint = "write it as {word: value}, or indented on the lines below"
        self._refuse(FaultKind.SHAPE, location, "a table of words is wanted here", hint)
        return None

    def _refuse(self, kind: FaultKind, location: Location, message: str, hint: str | None) -> None:
        self._faults.append(fault(kind, location, message, hint))

    def _location(self, node: TreeNode, path: WordPath) -> Location:
        return Location(self._file, node.line, node.column, ".".join(map(str, path)))
