"""Rows as columns of text."""

from __future__ import annotations

from ivr.showing.columns import aligned


def test_texts_stand_at_the_left_numbers_at_the_right_and_no_line_ends_in_spaces() -> None:
    rows = [("queue", "site", "n"), ("salg", "bergen", "12"), ("s", "", "")]

    assert aligned(rows, texts=2) == ["queue  site     n", "salg   bergen  12", "s"]


def test_no_rows_are_no_lines() -> None:
    assert aligned([]) == []
