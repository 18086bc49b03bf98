"""Rows for spreadsheets: CSV as a Norwegian one opens it, and workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

Cell = str | int | float | None
Row = Mapping[str, Cell]

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for something else, and å for two letters."""


def written(titles: Sequence[str], rows: Sequence[Row], *, as_csv: bool, xlsx: Path | None) -> bool:
    """Write them for a spreadsheet, if they are wanted so; says whether they are."""
    if as_csv:
        click.echo(csv_text(titles, rows), nl=False)
    elif xlsx is not None:
        write_xlsx(xlsx, titles, rows)
        click.echo(f"wrote {xlsx}")
    return as_csv or xlsx is not None


def csv_text(titles: Sequence[str], rows: Sequence[Row]) -> str:
    """With ';' between and decimal commas; an empty cell where there is no data."""
    text = io.StringIO()
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    for row in rows:
        writer.writerow([_norwegian(row[title]) for title in titles])
    return text.getvalue()


def write_xlsx(path: Path, titles: Sequence[str], rows: Sequence[Row]) -> None:
    """Write a workbook with one sheet, in place of what is there. A file that cannot be written ends the command."""
    try:
        # No cell that begins with "=" becomes a formula: names are what admins wrote.
        with xlsxwriter.Workbook(
            path, {"strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, titles, book.add_format({"bold": True}))
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, [row[title] for title in titles])
            sheet.autofit()
    except (OSError, XlsxWriterException) as error:
        message = f"cannot write {path}: {error}; name another file"
        raise click.ClickException(message) from error


def _norwegian(cell: Cell) -> str:
    if cell is None:
        return ""
    text = f"{cell:.4f}" if isinstance(cell, float) else _harmless(f"{cell}")
    return text.replace(".", ",") if isinstance(cell, float) else text


def _harmless(text: str) -> str:
    """What a spreadsheet would take for a formula is text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
