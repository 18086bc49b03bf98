"""A noun means one thing: no two classes of ours have one name, wherever they lie."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

IVR = Path(__file__).parents[2] / "ivr"

ASTERISKS_OWN = Path("ari/generated")
"""Named by Asterisk, and seen by `ivr/ari` only: its Channel is a snapshot of what ours is a handle on."""

STILL_DOUBLE = {
    "Answered": "a reply to a question, in rules/decision.py, needs a word of its own",
    "Arrived": "how a visit begins, in rules/decision.py, needs a word of its own",
    "Choice": "a sentence of the menu, in centre/voice.py, needs a word of its own",
    "Department": "what centre/ asks for is not yet what the rules have",
    "Ended": "the end of a conversation on paper, in showing/, needs a word of its own",
    "Moments": "centre/calls.py has two moments, proving/moments.py all that matter",
    "Person": "who is at a channel's end in the twin; who answers in centre/",
    "Said": "a move of a visit, and an event of the journal",
    "Site": "what centre/ asks for is not yet what the rules have",
}
"""Found and not mended yet, with what is to be done. It only becomes shorter."""


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

    assert {noun: double[noun] for noun in sorted(double.keys() - STILL_DOUBLE.keys())} == {}


def test_what_is_listed_as_double_still_is() -> None:
    homes = homes_of_nouns()

    assert [noun for noun in STILL_DOUBLE if len(homes[noun]) < 2] == []
