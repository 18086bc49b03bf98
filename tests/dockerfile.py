"""A Dockerfile as its instructions, in order: what is read of one where no container engine is at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; `rest` has its continued lines on one."""

    line: int
    word: str
    rest: str

    @property
    def words(self) -> Sequence[str]:
        """Its arguments; those of the JSON form too."""
        return tuple(json.loads(self.rest)) if self.rest.startswith("[") else self.rest.split()

    @property
    def commands(self) -> Sequence[str]:
        """Of RUN: what is run, one after the other."""
        return [re.sub(r"\s+", " ", one).strip() for one in self.rest.split("&&")]


def instructions(file: Path) -> Iterator[Instruction]:
    """All of them. Comments and blank lines are passed over."""
    begun: tuple[int, list[str]] | None = None
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        at, parts = begun or (number, [])
        parts.append(text.removesuffix("\\").strip())
        begun = (at, parts) if text.endswith("\\") else None
        if begun is None:
            word, _, rest = " ".join(parts).partition(" ")
            yield Instruction(at, word.upper(), rest.strip())
