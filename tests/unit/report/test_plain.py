"""The page at a terminal."""

from __future__ import annotations

from ivr.report.pages import page_of
from ivr.report.plain import page_lines
from tests.unit.report.gathered import gathered


def test_a_terminal_shows_the_figures_and_not_what_is_folded() -> None:
    lines = list(page_lines(page_of(gathered(), "en")))

    assert lines[0] == "Week report: Week 47, 16–22 November 2026"
    assert any(line.startswith("salg ") and "80% within" in line for line in lines)
    assert not any(line.startswith("09:00") for line in lines)
