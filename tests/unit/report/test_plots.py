"""What is drawn is what was counted."""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing, Rect, String

from ivr.report.plots import UNANSWERED, QuarterBar, heatmap, hours_with_calls, quarter_bars
from ivr.report.words import Wording

WORDS = Wording("nb")


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.contents if isinstance(shape, String)]


def test_a_heatmap_has_a_box_for_each_hour_in_which_calls_come_and_its_number() -> None:
    drawing = heatmap({(0, 8): 12, (6, 11): 3}, WORDS)

    assert len([shape for shape in drawing.contents if isinstance(shape, Rect)]) == 7 * 4
    assert texts(drawing)[:4] == ["08", "09", "10", "11"]
    assert {"Mandag", "Søndag", "12", "3"} < set(texts(drawing))


def test_without_calls_office_hours_are_drawn() -> None:
    assert hours_with_calls({}) == (8, 15)
    assert "08" in texts(heatmap({}, WORDS))


def test_a_quarter_without_calls_leaves_its_room_empty() -> None:
    bars = [
        QuarterBar("09:00", 3, 1, 2),
        QuarterBar("09:15", 0, 0, 0),
        QuarterBar("09:30", 1, 0, 0),
    ]

    drawing = quarter_bars(bars, WORDS)

    boxes = [shape for shape in drawing.contents if isinstance(shape, Rect)]
    assert len(boxes) == 4 + 3  # and the legend's
    assert len([box for box in boxes if box.fillColor == UNANSWERED]) == 2


def test_the_highest_bar_fits_whatever_its_height() -> None:
    for most in (1, 4, 6, 99, 1000, 12345):
        drawing = quarter_bars([QuarterBar("09:00", most, 0, 0)], WORDS)

        (bar, *_) = [shape for shape in drawing.contents if isinstance(shape, Rect)]
        assert 0.4 * 170 <= bar.height <= 170.001
