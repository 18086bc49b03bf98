"""Every prompt that callers may hear, in every language and for every site: which is recorded, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.stand_ins import read_stand_ins
from ivr.numerals import PARTS
from ivr.rules.lint.numerals import numbers_spoken
from ivr.rules.lint.prompts import heard_prompts
from ivr.rules.model import Location, RuleSet

Made = Literal["recorded", "stand-in", "unplayable", "missing"]
"""By a person, by a machine, by somebody but so that nobody hears it, or not at all."""


@dataclass(frozen=True, slots=True)
class PromptCell:
    """One prompt in one language. `seconds` is its length, None where it cannot be played."""

    prompt: str
    language: str
    made: Made
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A prompt of the rules. `cells` has every language of the rules, `of_sites` recordings that replace it at a site.

    `heard` is where the rules say it; nowhere for what the engine says by itself. `is_part`: of sentences with numbers.
    """

    prompt: str
    cells: Mapping[str, PromptCell]
    of_sites: Mapping[str, Mapping[str, PromptCell]]
    heard: tuple[Location, ...]
    is_part: bool


@dataclass(frozen=True, slots=True)
class PromptMatrix:
    """`rows` are sorted by name, `unheard` are recordings of the folder that these rules never play."""

    languages: tuple[str, ...]
    rows: tuple[PromptRow, ...]
    unheard: tuple[PromptCell, ...]

    def each(self) -> Iterator[tuple[PromptRow, str | None, PromptCell]]:
        """Every cell with its row, and the site where it is one's own."""
        for row in self.rows:
            for cell in row.cells.values():
                yield row, None, cell
            for site, cells in row.of_sites.items():
                for cell in cells.values():
                    yield row, site, cell

    @property
    def missing(self) -> tuple[PromptCell, ...]:
        """What callers of that language do not hear: nobody has made it, or it cannot be played."""
        return tuple(cell for _, _, cell in self.each() if cell.made in {"missing", "unplayable"})

    @property
    def stand_ins(self) -> tuple[PromptCell, ...]:
        """What a machine still reads."""
        return tuple(cell for _, _, cell in self.each() if cell.made == "stand-in")


def prompt_matrix(rules: RuleSet, folder: Path) -> PromptMatrix:
    """Look at a folder of prompts with the eyes of these rules.

    Raises:
        PromptRefused: there is no such folder, or its list of stand-ins cannot be read.
    """
    catalogue = PromptCatalogue.load(folder)
    made = _made(catalogue, folder)
    heard = heard_prompts(rules)
    wanted = _wanted_parts(rules)
    rows = tuple(
        PromptRow(
            prompt,
            _own(prompt, rules.languages, made, wanted.get(prompt)),
            {
                site: cells
                for site in rules.sites
                if (cells := _there(f"{prompt}.{site}", rules.languages, made))
            },
            heard[prompt],
            prompt in PARTS,
        )
        for prompt in sorted(heard, key=_natural)
    )
    seen = {(cell.language, cell.prompt) for row in rows for cell in _cells(row)}
    unheard = tuple(
        cell for key, cell in sorted(made.items()) if key not in seen and cell.prompt not in PARTS
    )
    return PromptMatrix(rules.languages, rows, unheard)


_Made = Mapping[tuple[str, str], PromptCell]


def _own(
    prompt: str, languages: Sequence[str], made: _Made, wanted: Collection[str] | None
) -> dict[str, PromptCell]:
    """The prompt in each language; a part only where it is there, or `wanted`."""
    return {
        one: made.get((one, prompt), PromptCell(prompt, one, "missing"))
        for one in languages
        if wanted is None or one in wanted or (one, prompt) in made
    }


def _there(prompt: str, languages: Sequence[str], made: _Made) -> dict[str, PromptCell]:
    return {one: made[one, prompt] for one in languages if (one, prompt) in made}


def _cells(row: PromptRow) -> Iterator[PromptCell]:
    yield from row.cells.values()
    for cells in row.of_sites.values():
        yield from cells.values()


def _made(catalogue: PromptCatalogue, folder: Path) -> dict[tuple[str, str], PromptCell]:
    listed = read_stand_ins(folder)
    made: dict[tuple[str, str], PromptCell] = {}
    for language, names in catalogue.names_on_disk().items():
        for name in names:
            made[language, name] = PromptCell(name, language, "unplayable")
    for one in catalogue.recordings:
        key = one.language, one.name
        by_machine = key in listed and listed[key].is_at(one.path)
        made[key] = PromptCell(
            one.name, one.language, "stand-in" if by_machine else "recorded", one.seconds
        )
    return made


def _wanted_parts(rules: RuleSet) -> dict[str, set[str]]:
    """By part, the languages in which callers can hear it."""
    wanted: dict[str, set[str]] = {}
    for numbers in numbers_spoken(rules):
        for part in numbers.parts:
            spoken = wanted.setdefault(part, set())
            spoken |= {one for one in rules.languages if numbers.is_said_in(one)}
    return wanted


def _natural(prompt: str) -> tuple[object, ...]:
    """`number.2` before `number.10`."""
    base, _, last = prompt.rpartition(".")
    return (base, 0, int(last), "") if last.isdecimal() else (prompt, 1, 0, last)
