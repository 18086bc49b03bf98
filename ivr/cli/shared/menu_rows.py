"""Rows of figures by menu or by the ways that calls took, for `ivr kpi --by menu` and `--by path`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.period import Period
from ivr.cli.shared.sheets import Row, written
from ivr.kpi.menus import MENU_COLUMNS, PATH_COLUMNS, menu_facts, menus, ways_taken
from ivr.showing.columns import aligned
from ivr.store.door import Reading
from ivr.store.open import open_store

ByMenu = Literal["menu", "path"]

_SHARES = {"attrition", "containment", "share"}
_NO_DATA = "–"


def show_menus(
    home: Path, period: Period, by: ByMenu, *, as_json: bool, as_csv: bool, xlsx: Path | None
) -> None:
    """As a table, or as scripts and spreadsheets want it."""
    with open_store(home).reading() as stored:
        rows = menu_rows(stored, period, by)
    titles = menu_titles(by)
    if as_json:
        click.echo(facts_text({"rows": rows, "from": period.first, "to": period.last}))
    elif not written(titles, rows, as_csv=as_csv, xlsx=xlsx):
        lines = menu_table(titles, rows) if rows else ["no data: no call came to a menu"]
        for line in (f"{period}", "", *lines):
            click.echo(line)


def menu_titles(by: ByMenu) -> tuple[str, ...]:
    """The columns of such rows."""
    return (by, *(MENU_COLUMNS if by == "menu" else PATH_COLUMNS))


def menu_rows(stored: Reading, period: Period, by: ByMenu) -> list[Row]:
    """A row for each menu, by name; or for each way with how it ended, the most frequent first."""
    paths = stored.folds.paths(period.first, period.last)
    if by == "menu":
        found = menus(paths).by_name
        return [{"menu": name, **menu_facts(tally)} for name, tally in sorted(found.items())]
    return [
        {"path": way.path, "disposition": way.disposition, "calls": way.calls, "share": way.share}
        for way in ways_taken(paths)
    ]


def menu_table(titles: tuple[str, ...], rows: list[Row]) -> list[str]:
    """Lines for people: the titles, and one for each row."""
    table = [[title.upper().replace("_", " ") for title in titles]]
    table += [[_cell(title, row[title]) for title in titles] for row in rows]
    return aligned(table)


def _cell(title: str, value: object) -> str:
    if value is None:
        return _NO_DATA
    return f"{value:.1%}" if title in _SHARES and isinstance(value, float) else f"{value}"
