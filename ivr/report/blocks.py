"""What a page is made of, whatever it is printed as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportlab.graphics.shapes import Drawing

from ivr.showing.sentences import Language

Mood = Literal["", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; what follows belongs to it until the next."""

    title: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; a `quiet` one explains what stands above it."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that is seen from afar, and a line below it."""

    label: str
    value: str
    note: str = ""
    mood: Mood = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures beside each other."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class PageCell:
    """What stands in a table."""

    text: str
    mood: Mood = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table: the first `texts` columns hold words, the others figures. `folded`: shown when it is asked for."""

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[PageCell, ...], ...]
    texts: int = 1
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing; `told` says in words what it shows, and a table with the same figures follows it."""

    title: str
    told: str
    drawing: Drawing


Block = Heading | Text | Tiles | FigureTable | Plot


@dataclass(frozen=True, slots=True)
class Page:
    """A page in one language."""

    language: Language
    title: str
    subtitle: str
    footer: str
    blocks: tuple[Block, ...]
