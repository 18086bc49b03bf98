"""Plots, drawn once for every kind of page: sizes are in points, colours told apart by those who see none, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from ivr.report.words import Wording

WIDE = 720.0
_INK, _FAINT, _WHITE = HexColor("#1d2b36"), HexColor("#c9d3da"), HexColor("#ffffff")
_QUIET, _BLACK = HexColor("#55636e"), HexColor("#000000")
IN_TIME, LATER, UNANSWERED = HexColor("#146356"), HexColor("#8cc6b3"), HexColor("#d1603d")
_PALE, _DEEP = (240, 245, 248), (11, 79, 108)
_FONT = "Helvetica"
_Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class QuarterBar:
    """Calls of a quarter of an hour (`09:15`), by what became of them."""

    quarter: str
    in_time: int
    later: int
    unanswered: int

    @property
    def total(self) -> int:
        return self.in_time + self.later + self.unanswered


def heatmap(calls: Mapping[tuple[int, int], int], words: Wording) -> Drawing:
    """By weekday and hour; only the hours from the first with calls to the last."""
    first, last = hours_with_calls(calls)
    hours = range(first, last + 1)
    left, top, height = 78.0, 20.0, 24.0
    width = (WIDE - left) / len(hours)
    drawing = Drawing(WIDE, top + 7 * height + 2)
    most = max(calls.values(), default=0) or 1
    for place, hour in enumerate(hours):
        x = left + (place + 0.5) * width
        drawing.add(_text(x, drawing.height - 13, f"{hour:02}", 9, _QUIET, "middle"))
    for weekday in range(7):
        y = drawing.height - top - (weekday + 1) * height
        name = words.weekday(weekday).capitalize()
        drawing.add(_text(0, y + height / 2 - 3.5, name, 10, _INK, "start"))
        for place, hour in enumerate(hours):
            count = calls.get((weekday, hour), 0)
            x = left + place * width
            drawing.add(_box(x + 1, y + 1, width - 2, height - 2, _heat(count / most), 3))
            if count:
                ink = _ink_on(_heat(count / most))
                drawing.add(
                    _text(
                        x + width / 2, y + height / 2 - 3.2, words.number(count), 9, ink, "middle"
                    )
                )
    return drawing


def hours_with_calls(calls: Mapping[tuple[int, int], int]) -> tuple[int, int]:
    """From the first hour in which a call came to the last; office hours where there was none."""
    hours = [hour for (_, hour), count in calls.items() if count]
    return (min(hours), max(hours)) if hours else (8, 15)


def quarter_bars(bars: Sequence[QuarterBar], words: Wording) -> Drawing:
    """A column for each quarter of an hour, in order, without gaps."""
    left, bottom, height = 34.0, 22.0, 170.0
    drawing = Drawing(WIDE, bottom + height + 34)
    most = max((bar.total for bar in bars), default=0) or 1
    step = _nice_step(most)
    high = step * -(-most // step)
    for value in range(0, high + 1, step):
        y = bottom + height * value / high
        drawing.add(Line(left, y, WIDE, y, strokeColor=_FAINT, strokeWidth=0.6))
        drawing.add(_text(left - 6, y - 3, words.number(value), 9, _QUIET, "end"))
    width = (WIDE - left) / max(1, len(bars))
    for place, bar in enumerate(bars):
        x, y = left + place * width, bottom
        for count, colour in (
            (bar.in_time, IN_TIME),
            (bar.later, LATER),
            (bar.unanswered, UNANSWERED),
        ):
            if not count:
                continue
            tall = height * count / high
            drawing.add(_box(x + 0.12 * width, y, 0.76 * width, tall, colour))
            y += tall
        if bar.quarter.endswith(":00"):
            drawing.add(Line(x, bottom, x, bottom - 4, strokeColor=_QUIET, strokeWidth=0.6))
            drawing.add(_text(x + 2, bottom - 14, bar.quarter[:2], 9, _QUIET, "start"))
    _legend(drawing, left, words)
    return drawing


def _legend(drawing: Drawing, left: float, words: Wording) -> None:
    for place, (key, colour) in enumerate(
        (("in time", IN_TIME), ("later", LATER), ("not answered", UNANSWERED))
    ):
        x, y = left + 150.0 * place, drawing.height - 14
        drawing.add(_box(x, y, 11, 11, colour, 2))
        drawing.add(_text(x + 17, y + 2, words.say(key), 10, _INK, "start"))


def _nice_step(most: int) -> int:
    """Some four lines, at 1, 2 or 5 times a power of ten."""
    step = 1
    while most / step > 5:
        step = step * 5 // 2 if f"{step}".startswith("2") else step * 2
    return step


def _heat(share: float) -> Color:
    red, green, blue = (
        round(pale + (deep - pale) * share**0.8) for pale, deep in zip(_PALE, _DEEP, strict=True)
    )
    return Color(red / 255, green / 255, blue / 255)


def _box(x: float, y: float, width: float, height: float, colour: Color, rounded: int = 0) -> Rect:
    box = Rect(x, y, width, height, rx=rounded, ry=rounded)
    box.fillColor, box.strokeColor, box.strokeWidth = colour, None, 0
    return box


def _ink_on(colour: Color) -> Color:
    """Of black and white the one that stands out more, at least 4.5 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.red, colour.green, colour.blue)
    )
    return _BLACK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else _WHITE


def _text(x: float, y: float, text: str, size: float, colour: Color, anchor: _Anchor) -> String:
    return String(x, y, text, fontName=_FONT, fontSize=size, fillColor=colour, textAnchor=anchor)
