"""The same page on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.report.blocks import FigureTable, Heading, PageCell
from ivr.report.pages import page_of
from ivr.report.pdf import pdf_page
from tests.unit.report.gathered import gathered


@pytest.mark.parametrize("is_empty", [False, True])
def test_a_page_is_printed_with_calls_and_without(*, is_empty: bool) -> None:
    content = pdf_page(page_of(gathered(is_empty=is_empty), "nb"))

    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert b"/Lang (nb)" in content


def test_long_tables_and_letters_of_other_alphabets_are_no_trouble() -> None:
    page = page_of(gathered(is_empty=True), "en")
    rows = tuple((PageCell(f"Łódź & <i>{number}</i> " * 9), PageCell("1")) for number in range(200))
    long = replace(
        page,
        blocks=(Heading("Żółw"), FigureTable("x", ("A", "B"), rows), FigureTable("y", ("A",), ())),
    )

    assert pdf_page(long).startswith(b"%PDF-")
