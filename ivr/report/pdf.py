"""A page as PDF, on A4 across."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import zip_longest
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from ivr.report.blocks import FigureTable, Heading, Mood, Page, PageCell, Plot, Text, Tile, Tiles

_SIZE = landscape(A4)
_MARGIN = 15 * mm
_WIDE = _SIZE[0] - 2 * _MARGIN - 12
_INK, _QUIET, _DEEP = HexColor("#1d2b36"), HexColor("#55636e"), HexColor("#0b4f6c")
_LINE, _GROUND = HexColor("#dde4e9"), HexColor("#f3f6f8")
_MOODS: dict[Mood, str] = {"good": "#146356", "bad": "#a83a1b"}

_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9, leading=12.5, textColor=_INK)
_SMALL = ParagraphStyle("small", _BODY, fontSize=8, leading=11, textColor=_QUIET)
_TITLE = ParagraphStyle(
    "title", _BODY, fontName="Helvetica-Bold", fontSize=20, leading=25, textColor=_DEEP
)
_HEAD = ParagraphStyle(
    "head",
    _BODY,
    fontName="Helvetica-Bold",
    fontSize=13,
    leading=17,
    textColor=_DEEP,
    spaceBefore=12,
    spaceAfter=4,
)
_VALUE = ParagraphStyle("value", _BODY, fontName="Helvetica-Bold", fontSize=16, leading=20)
_WORD = ParagraphStyle("word", _BODY, fontSize=8, leading=10.5)
_FIGURE = ParagraphStyle("figure", _WORD, alignment=2)


def pdf_page(page: Page) -> bytes:
    """The whole file."""
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=_SIZE,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=_plain(page.title),
        author="Sentralbord",
        lang=page.language,
    )

    def foot(canvas: Canvas, _: object) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillColor(_QUIET)
        canvas.drawString(_MARGIN + 6, 8 * mm, _plain(page.footer))
        canvas.drawRightString(_SIZE[0] - _MARGIN - 6, 8 * mm, f"{canvas.getPageNumber()}")
        canvas.restoreState()

    document.build(list(_flow(page)), onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _flow(page: Page) -> Iterator[Flowable]:
    yield _said(page.title, _TITLE)
    yield _said(page.subtitle, _SMALL)
    yield Spacer(0, 8)
    for block, after in zip_longest(page.blocks, page.blocks[1:]):
        match block:
            case Heading(title):
                yield CondPageBreak(
                    45 * mm + (_high(after.drawing) if isinstance(after, Plot) else 0)
                )
                yield _said(title, _HEAD)
            case Text(text, quiet):
                yield _said(text, _SMALL if quiet else _BODY)
                yield Spacer(0, 4)
            case Tiles(tiles):
                yield _tiles(tiles)
            case FigureTable() as grid:
                yield from _table(grid)
            case Plot(_, told, drawing):
                yield _said(told, _SMALL)
                yield Spacer(0, 4)
                yield _fitted(drawing)
                yield Spacer(0, 6)


def _tiles(tiles: tuple[Tile, ...]) -> Table:
    cells = [
        [_said(tile.label, _SMALL), _said(tile.value, _VALUE, tile.mood), _said(tile.note, _SMALL)]
        for tile in tiles
    ]
    table = Table([cells], colWidths=[_WIDE / len(tiles)] * len(tiles))
    style = [("BACKGROUND", (0, 0), (-1, -1), _GROUND), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    table.setStyle(TableStyle([*style, ("INNERGRID", (0, 0), (-1, -1), 4, HexColor("#ffffff"))]))
    return table


def _table(grid: FigureTable) -> Iterator[Flowable]:
    if not grid.rows:
        return
    heads = [
        _said(
            title, ParagraphStyle("h", _WORD if place < grid.texts else _FIGURE, textColor=_QUIET)
        )
        for place, title in enumerate(grid.titles)
    ]
    rows = [
        [_cell(cell, is_word=place < grid.texts) for place, cell in enumerate(row)]
        for row in grid.rows
    ]
    table = Table([heads, *rows], colWidths=_widths(grid), repeatRows=1)
    lines = ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE)
    padding = [
        (f"{side}PADDING", (0, 0), (-1, -1), 3) for side in ("TOP", "BOTTOM", "LEFT", "RIGHT")
    ]
    table.setStyle(TableStyle([lines, *padding, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    yield table
    yield Spacer(0, 8)


def _widths(grid: FigureTable) -> list[float]:
    """By the longest text of each column, within bounds."""
    longest = [
        min(
            60,
            max(4, *(len(row[place].text) for row in grid.rows), *map(_word_width, title.split())),
        )
        for place, title in enumerate(grid.titles)
    ]
    return [_WIDE * length / sum(longest) for length in longest]


def _word_width(word: str) -> float:
    """That of a word in a title, which is not to be broken, in letters of a row."""
    return 1.3 * len(word)


def _cell(cell: PageCell, *, is_word: bool) -> Paragraph:
    return _said(cell.text, _WORD if is_word else _FIGURE, cell.mood)


def _said(text: str, style: ParagraphStyle, mood: Mood = "") -> Paragraph:
    written = escape(_plain(text))
    return Paragraph(
        f'<font color="{_MOODS[mood]}"><b>{written}</b></font>' if mood else written, style
    )


def _plain(text: str) -> str:
    """The letters that every PDF reader has type for: those of Western Europe; others become '?'."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _high(drawing: Drawing) -> float:
    return float(drawing.height * _WIDE / drawing.width)


def _fitted(drawing: Drawing) -> Drawing:
    scale = _WIDE / drawing.width
    drawing.scale(scale, scale)
    drawing.width, drawing.height = drawing.width * scale, drawing.height * scale
    return drawing
