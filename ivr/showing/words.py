"""What each word of the rules says, for the completion of an editor: the sentence that stands below it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from ivr.rules.parsed import Words


def sentences(model: type[Words]) -> Mapping[str, str]:
    """The sentences of a table's words, by the name of the field."""
    return _by_table(model.__module__)[model.__name__]


@cache
def _by_table(module: str) -> Mapping[str, Mapping[str, str]]:
    # From the source, when somebody asks: pydantic would read it at every start of every command (0.08 s).
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        table.name: dict(_below(table)) for table in tree.body if isinstance(table, ast.ClassDef)
    }


def _below(table: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(table.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, text
            case _:
                pass
