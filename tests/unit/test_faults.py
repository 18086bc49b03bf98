"""The table of what has been tried is whole: its rows are those that tests say they prove, and the tests are there."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs/explanation/faults.md"
ROW = re.compile(r"^\| (F-\w+) \|[^|]+\|[^|]+\| (`.*`) \|$", re.MULTILINE)
AS_MANY = 30
"""What was asked for; there are more."""


def marked(text: str) -> Iterator[tuple[str, str]]:
    """Each row that a test of this module proves, and the test."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
                    yield from ((str(ast.literal_eval(row)), node.name) for row in mark.args)


def proved() -> dict[str, set[str]]:
    found = defaultdict(set)
    for file in ROOT.glob("tests/**/test_*.py"):
        for row, test in marked(file.read_text("utf-8")):
            found[row].add(f"{file.relative_to(ROOT)}::{test}")
    return dict(found)


def told() -> dict[str, set[str]]:
    rows = ROW.findall(TABLE.read_text("utf-8"))
    return {row: set(re.findall(r"`([^`]+)`", tests)) for row, tests in rows}


def test_the_table_names_what_is_tried_and_nothing_else() -> None:
    assert told() == proved()


def test_there_are_as_many_rows_as_were_asked_for() -> None:
    assert len(told()) >= AS_MANY


def test_a_test_names_its_rows_in_its_mark() -> None:
    text = '@pytest.mark.fault("F-01", "F-03")\nasync def test_it() -> None: ...'

    assert list(marked(text)) == [("F-01", "test_it"), ("F-03", "test_it")]
