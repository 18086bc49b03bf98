"""How many of something is said as people say it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.amount import counted

IVR = Path(__file__).parents[2] / "ivr"
MANY = re.compile(
    r" (agents|callers|calls|changes|days|events|fields|files|findings|messages|numbers|packets|prompts|queues"
    r"|recordings|rows|seconds|times|trunks|warnings|samtaler|meldinger|medarbeidere|dager|linjer)\b"
)
NEVER_ONE = {
    "ivr/server/asterisk_log.py": 1,  # told otherwise where it is one
    "ivr/showing/ways_on.py": 1,
    "ivr/showing/sentences/window_words_english.py": 1,
    "ivr/showing/sentences/window_words_norwegian.py": 1,
    "ivr/web/control.py": 1,
    "ivr/cli/paths.py": 1,
    "ivr/rules/reading/number_list.py": 1,  # several on a line
    "ivr/rules/values/slips.py": 1,
    "ivr/rules/values/amounts.py": 3,  # what to write: `1 calls` is read, too
    "ivr/diagnosis/server.py": 1,  # ports
    "ivr/errors.py": 1,  # what a listener holds
    "ivr/phones/page.py": 1,
    "ivr/cli/kpi.py": 1,  # no number
    "ivr/diagnosis/machine.py": 1,
}


@pytest.mark.parametrize(("count", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_one_is_not_many(count: int, said: str) -> None:
    assert counted(count, "call") == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 samtaler"), (1, "1 samtale"), (2, "2 samtaler")]
)
def test_a_plural_may_be_more_than_an_s(count: int, said: str) -> None:
    assert counted(count, "samtale", "samtaler") == said


def plurals_behind_a_number(source: Path) -> Iterator[str]:
    """Texts in which a plural stands behind a value that may be one; numbers that have a name are limits."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            for value, text in zip(node.values, node.values[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant):
                    is_limit = re.search(r"[A-Z]{4}", ast.unparse(value.value))
                    if not is_limit and MANY.match(str(text.value)):
                        yield f"{{{ast.unparse(value.value)}}}{text.value!s}"


def test_no_text_says_1_calls() -> None:
    found = {
        str(file.relative_to(IVR.parent)): list(plurals_behind_a_number(file))
        for file in sorted(IVR.rglob("*.py"))
    }

    assert {
        file: texts for file, texts in found.items() if len(texts) > NEVER_ONE.get(file, 0)
    } == {}
