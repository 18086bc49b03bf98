"""A page as one HTML file: nothing is loaded from outside, and it is read without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import count

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing

from ivr.report.blocks import FigureTable, Heading, Page, PageCell, Plot, Text, Tile, Tiles
from ivr.report.words import Wording

_STYLE = """
:root { color-scheme: light; --ink: #1d2b36; --quiet: #55636e; --line: #dde4e9; --paper: #ffffff; --ground: #f3f6f8;
  --deep: #0b4f6c; --good: #146356; --bad: #a83a1b; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header { background: var(--deep); color: #fff; padding: 2.2rem 0; }
header > div, main, footer { max-width: 70rem; margin-inline: auto; padding-inline: 1.5rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; }
header p { margin: .4rem 0 0; color: #dcebf2; }
main { padding-block: 1.5rem; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.3rem 1.5rem;
  margin-bottom: 1.2rem; }
h2 { margin: 0 0 .8rem; font-size: 1.2rem; color: var(--deep); }
p { margin: .6rem 0; } .quiet { color: var(--quiet); font-size: .9rem; }
.tiles { display: grid; margin: 0 0 1.2rem; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .9rem; }
.tile { background: var(--paper); border: 1px solid var(--line); border-radius: 12px;
  padding: .9rem 1.1rem; margin: 0; }
.tile dt { color: var(--quiet); font-size: .85rem; }
.tile dd { margin: 0; } .tile .value { font-size: 1.75rem; font-weight: 650; line-height: 1.25; }
.tile .note { color: var(--quiet); font-size: .8rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--quiet); font-size: .85rem; padding-bottom: .3rem; }
th, td { padding: .42rem .5rem; border-bottom: 1px solid var(--line); text-align: end; vertical-align: top; }
th { font-weight: 600; color: var(--quiet); font-size: .82rem; } tbody th { color: var(--ink); font-size: inherit; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
td { white-space: nowrap; } td.word { white-space: normal; }
.word { text-align: start; }
.good { color: var(--good); font-weight: 650; } .bad { color: var(--bad); font-weight: 650; }
figure { margin: 0; } figure svg { width: 100%; height: auto; display: block; }
figure svg text { font-family: system-ui, "Segoe UI", Roboto, Arial, sans-serif !important; }
figcaption { color: var(--quiet); font-size: .9rem; margin-bottom: .8rem; }
details { margin-top: .8rem; } summary { cursor: pointer; color: var(--deep); font-size: .9rem; }
footer { padding-bottom: 2.5rem; color: var(--quiet); font-size: .85rem; }
@media print { body { background: #fff; font-size: 12px; } section, .tile { break-inside: avoid; }
  header { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


def html_page(page: Page) -> str:
    """The whole file."""
    words = Wording(page.language)
    body = "\n".join(_parts(page, words))
    return f"""<!doctype html>
<html lang="{page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(page.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header><div><h1>{escape(page.title)}</h1><p>{escape(page.subtitle)}</p></div></header>
<main>
{body}
</main>
<footer><p>{escape(page.footer)}</p></footer>
</body>
</html>
"""


def _parts(page: Page, words: Wording) -> Iterator[str]:
    title = ""
    is_open = False
    numbers = count(1)
    for block in page.blocks:
        match block:
            case Heading(title):
                if is_open:
                    yield "</section>"
                number = next(numbers)
                yield f'<section aria-labelledby="part{number}"><h2 id="part{number}">{escape(title)}</h2>'
                is_open = True
            case Text(text, quiet):
                yield f'<p class="quiet">{escape(text)}</p>' if quiet else f"<p>{escape(text)}</p>"
            case Tiles(tiles):
                yield f'<dl class="tiles">{"".join(map(_tile, tiles))}</dl>'
            case FigureTable() as grid:
                table = _table(grid, is_told=grid.caption == title and not grid.folded)
                if grid.folded:
                    summary = escape(words.say("table"))
                    table = f"<details><summary>{summary}</summary>{table}</details>"
                yield table
            case Plot() as plot:
                yield _figure(plot, next(numbers))
    if is_open:
        yield "</section>"


def _tile(tile: Tile) -> str:
    note = f'<dd class="note">{escape(tile.note)}</dd>' if tile.note else ""
    value = f'<dd class="value {tile.mood}">{escape(tile.value)}</dd>'
    return f'<div class="tile"><dt>{escape(tile.label)}</dt>{value}{note}</div>'


def _table(grid: FigureTable, *, is_told: bool) -> str:
    """`is_told`: its caption stands above it already, and is for those who are read to."""
    heads = "".join(
        f'<th scope="col"{_aligned(place < grid.texts)}>{escape(title)}</th>'
        for place, title in enumerate(grid.titles)
    )
    rows = "".join(_row(row, grid.texts) for row in grid.rows)
    told = f'<span class="unseen">{escape(grid.caption)}</span>'
    caption = f"<caption>{told if is_told else escape(grid.caption)}</caption>"
    table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide" role="region" aria-label="{escape(grid.caption)}" tabindex="0">{table}</div>'


def _row(row: tuple[PageCell, ...], texts: int) -> str:
    first, *others = row
    cells = [f'<th scope="row" class="word">{escape(first.text)}</th>']
    for place, cell in enumerate(others, 1):
        classes = " ".join(filter(None, ("word" if place < texts else "", cell.mood)))
        cells.append(f'<td class="{classes}">{escape(cell.text)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _aligned(is_word: bool) -> str:  # noqa: FBT001 - one argument
    return ' class="word"' if is_word else ""


def _figure(plot: Plot, number: int) -> str:
    told = escape(plot.told)
    return (
        f"<figure><figcaption>{told}</figcaption>{_svg(plot.drawing, plot.title, number)}</figure>"
    )


def _svg(drawing: Drawing, title: str, number: int) -> str:
    """What reportlab draws, without the head of a file of its own, and with a name for those who do not see it."""
    text: str = renderSVG.drawToString(drawing)
    inside = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    content = re.sub(r"<(title|desc)>.*?</\1>", "", inside[1] if inside else "", flags=re.DOTALL)
    content = content.replace('"clip"', f'"clip{number}"').replace("#clip", f"#clip{number}")
    content = content.replace(' id="group"', "")
    return (
        f'<svg viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" aria-labelledby="plot{number}">'
        f'<title id="plot{number}">{escape(title)}</title>{content.strip()}</svg>'
    )
