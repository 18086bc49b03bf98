"""A noun means one thing: no two classes of ours have one name, wherever they lie."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

IVR = Path(__file__).parents[2] / "ivr"

ASTERISKS_OWN = Path("ari/generated")
"""Named by Asterisk, and seen by `ivr/ari` only: its Channel is a snapshot of what ours is a handle on."""


def homes_of_nouns() -> dict[str, list[str]]:
    """The files that define a class, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(IVR.rglob("*.py")):
        where = file.relative_to(IVR)
        if not where.is_relative_to(ASTERISKS_OWN):
            for node in ast.parse(file.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    found[node.name].append(str(where))
    return found


def test_no_noun_is_defined_twice() -> None:
    double = {noun: homes for noun, homes in homes_of_nouns().items() if len(homes) > 1}

    assert double == {}
