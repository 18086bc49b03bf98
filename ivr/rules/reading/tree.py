"""The text as a tree: pieces of text, lists and tables, each with its file, its line and its column (from 1)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Scalar:
    """A piece of text. `plain` means without quotes; line and column count from 1."""

    text: str
    plain: bool
    line: int
    column: int
    file: str


@dataclass(slots=True)
class Listing:
    """A list. `lost` counts the items that were refused."""

    items: list[TreeNode]
    line: int
    column: int
    file: str
    lost: int = 0


@dataclass(slots=True)
class Pair:
    """A word and what stands after it."""

    key: Scalar
    value: TreeNode


@dataclass(slots=True)
class Table:
    """Words with values. `lost` are words that stand in the text but were refused: they are not missing.

    Those of them that are no words of the language are `unknown`: each may have meant one that is.
    """

    entries: dict[str, Pair]
    line: int
    column: int
    file: str
    lost: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


TreeNode = Scalar | Listing | Table
