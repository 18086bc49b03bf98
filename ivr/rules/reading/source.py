"""The tree of the rules: where each word and each value stands, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ivr.rules.model import Location
from ivr.rules.norwegian import in_english
from ivr.rules.reading.tree import Listing, Pair, Scalar, Table, TreeNode

WordPath = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]


class Source:
    """The file as a tree, with all that it includes.

    What is refused is taken out of it, so that the rest can be looked at again.
    """

    def __init__(self, root: Table, file: str, included: tuple[str, ...] = ()) -> None:
        self.root = root
        self.file = file
        self.included = included

    def value(self, path: WordPath) -> Location:
        """Where the value at `path` stands; where there is none, the nearest thing around it."""
        node, _, _ = self._descend(path)
        return self._location(node, path)

    def key(self, path: WordPath) -> Location:
        """Where the word itself stands."""
        node, entry, _ = self._descend(path)
        return self._location(entry.key if entry else node, path)

    def as_written(self, path: WordPath) -> WordPath:
        """`path` without the words that a list in the text spares: `[1, 2]` is short for `{numbers: [1, 2]}`."""
        node: TreeNode = self.root
        written: list[str | int] = []
        for part in path:
            if isinstance(node, Listing) and isinstance(part, str):
                continue
            written.append(part)
            if isinstance(node, Table) and isinstance(part, str) and part in node.entries:
                node = node.entries[part].value
            elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
        return tuple(written)

    def has(self, path: WordPath) -> bool:
        """Whether the word stands in the text, though its value may have been refused."""
        table = self.table(path[:-1])
        return table is not None and (path[-1] in table.entries or path[-1] in table.lost)

    def may_have(self, path: WordPath) -> bool:
        """Whether the word stands there, or one that is not known and may have meant it."""
        table = self.table(path[:-1])
        if table is None:
            return False
        word = str(path[-1])
        is_meant = any(in_english(unknown, (word,)) for unknown in table.unknown)
        return self.has(path) or is_meant or bool(get_close_matches(word, table.unknown, n=1))

    def lost_inside(self, path: WordPath) -> bool:
        """Whether something that stood at `path`, or directly in it, was refused."""
        table = self.table(path[:-1])
        if table is not None and path[-1] in table.lost:
            return True
        node, _, depth = self._descend(path)
        return depth == len(path) and isinstance(node, Table | Listing) and bool(node.lost)

    def is_sound(self, path: WordPath) -> bool:
        """Whether all that may have been meant to stand at `path`, or directly in it, is there: nothing was refused."""
        return not self.lost_inside(path) and (self.has(path) or not self.may_have(path))

    def names(self, path: WordPath) -> frozenset[str]:
        """The words of a table, refused ones among them."""
        table = self.table(path)
        return frozenset(table.entries) | table.lost if table is not None else frozenset()

    def scalars(self) -> Iterator[tuple[WordPath, Scalar]]:
        """Every piece of text, keys among them, with its path."""
        yield from _scalars((), self.root)

    def plain(self) -> Plain:
        """The tree as dicts, lists and text."""
        return _plain(self.root)

    def take_out(self, path: WordPath, *, is_unknown: bool = False) -> bool:
        """Remove what stands at `path` (where the words end earlier, what stands there), for it was refused.

        False where it has been removed before.
        """
        node, _, depth = self._descend(path)
        if depth < len(path) and not isinstance(node, Scalar):
            return False
        parent, _, _ = self._descend(path[: depth - 1])
        last = path[depth - 1] if depth else ""
        if isinstance(parent, Table) and isinstance(last, str) and last in parent.entries:
            del parent.entries[last]
            parent.lost.add(last)
            if is_unknown:
                parent.unknown.add(last)
            return True
        if isinstance(parent, Listing) and isinstance(last, int):
            del parent.items[last]
            parent.lost += 1
            return True
        return False

    def table(self, path: WordPath) -> Table | None:
        """The table at `path`, where one stands there."""
        node, _, depth = self._descend(path)
        return node if depth == len(path) and isinstance(node, Table) else None

    def _descend(self, path: WordPath) -> tuple[TreeNode, Pair | None, int]:
        """The node at `path` or the last on the way there, its entry, and how far the way went."""
        node: TreeNode = self.root
        entry: Pair | None = None
        for depth, part in enumerate(path):
            if isinstance(node, Table) and isinstance(part, str) and part in node.entries:
                entry = node.entries[part]
                node = entry.value
            elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
                node, entry = node.items[part], None
            else:
                return node, entry, depth
        return node, entry, len(path)

    def _location(self, node: TreeNode, path: WordPath) -> Location:
        return Location(node.file, node.line, node.column, ".".join(map(str, path)))


def _plain(node: TreeNode) -> Plain:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [_plain(item) for item in node.items]
    return {word: _plain(entry.value) for word, entry in node.entries.items()}


def _scalars(path: WordPath, node: TreeNode) -> Iterator[tuple[WordPath, Scalar]]:
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            yield from _scalars((*path, number), item)
    else:
        for word, entry in node.entries.items():
            yield (*path, word), entry.key
            yield from _scalars((*path, word), entry.value)
