"""Comments that were meant as rules: YAML takes all behind a `#` for one, and says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.rules.fault import Fault, FaultKind, fault, shown
from ivr.rules.model import Location
from ivr.rules.reading.tree import Pair, Table, TreeNode

_HASH_KEY = re.compile(r" *#: *\S")


def keys_in_comments(text: bytes, tree: Table, file: str) -> Iterator[Fault]:
    """Lines such as `#: repeat` among the keys of a menu, of a text that was read as `tree`."""
    if b"#:" not in text:
        return
    lines = text.decode("utf-8", "replace").split("\n")
    for name, menu in _entries(tree, "menus"):
        for word, keys in _entries(menu.value):
            if word == "keys" and isinstance(keys.value, Table):
                yield from _among(keys.value, keys.key.line, lines, file, f"menus.{name}.keys")


def _entries(node: TreeNode, *path: str) -> list[tuple[str, Pair]]:
    for word in path:
        if not isinstance(node, Table) or word not in node.entries:
            return []
        node = node.entries[word].value
    return list(node.entries.items()) if isinstance(node, Table) else []


def _among(keys: Table, after: int, lines: list[str], file: str, path: str) -> Iterator[Fault]:
    """`after` is the line of `keys:`; those below belong to it while they are not indented less than its keys."""
    for number, line in enumerate(lines[after:], after + 1):
        indent = len(line) - len(line.lstrip(" "))
        is_comment = line.lstrip().startswith("#")
        if line.strip() and not is_comment and indent < keys.column - 1:
            return
        if _HASH_KEY.match(line) and indent == keys.column - 1:
            message = f"{shown(line.strip())} is a comment, and no key of this menu"
            hint = "a menu's hash key is called hash: write hash: and where it leads"
            yield fault(
                FaultKind.KEY_IN_COMMENT, Location(file, number, indent + 1, path), message, hint
            )
