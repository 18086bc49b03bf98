"""A noun means one thing: no two types of ours, classes or names for a union, have one name, wherever they lie."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

IVR = Path(__file__).parents[2] / "ivr"

ASTERISKS_OWN = Path("ari/generated")
"""Named by Asterisk, and seen by `ivr/ari` only: its Channel is a snapshot of what ours is a handle on."""


A_NOUN = re.compile(r"_?[A-Z][a-z]\w*")


def nouns_in(text: str) -> Iterator[str]:
    """The types that a module defines: its classes, and what it calls a union or another type."""
    for node in ast.parse(text).body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if A_NOUN.fullmatch(name):
                    yield name
            case _:
                pass


def homes_of_nouns() -> dict[str, list[str]]:
    """The files that define a noun, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(IVR.rglob("*.py")):
        where = file.relative_to(IVR)
        if not where.is_relative_to(ASTERISKS_OWN):
            for noun in nouns_in(file.read_text("utf-8")):
                found[noun].append(str(where))
    return found


def test_no_noun_is_defined_twice() -> None:
    double = {noun: homes for noun, homes in homes_of_nouns().items() if len(homes) > 1}

    assert double == {}


@pytest.mark.parametrize("text", ["class Noun: ...", "Noun = int | str", "Noun: TypeAlias = int"])
def test_a_noun_is_seen_however_it_is_defined(text: str) -> None:
    assert list(nouns_in(text)) == ["Noun"]
