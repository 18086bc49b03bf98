"""A report is of one day, week or month."""

from __future__ import annotations

from datetime import date

import pytest

from ivr.report.span import SpanKind, span_around, span_named

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("kind", "named", "first", "last"),
    [
        ("day", "yesterday", "2026-11-25", "2026-11-25"),
        ("day", "2024-02-29", "2024-02-29", "2024-02-29"),
        ("week", "2026-W48", "2026-11-23", "2026-11-29"),
        ("week", "2027-01-01", "2026-12-28", "2027-01-03"),
        ("month", "2026-12", "2026-12-01", "2026-12-31"),
        ("month", "2024-02", "2024-02-01", "2024-02-29"),
        ("month", "today", "2026-11-01", "2026-11-30"),
    ],
)
def test_it_is_named_as_people_name_it(kind: SpanKind, named: str, first: str, last: str) -> None:
    span = span_named(kind, named, TODAY)

    assert span is not None
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("day", "2026-W48"),
        ("day", "2026-02-30"),
        ("day", "20261123"),
        ("week", "2026-W54"),
        ("month", "2026-13"),
        ("month", "november"),
        ("day", "0001-01-01"),
    ],
)
def test_what_is_none_is_told_apart(kind: SpanKind, named: str) -> None:
    assert span_named(kind, named, TODAY) is None


def test_the_one_before_is_as_whole_as_it_was() -> None:
    assert span_around("month", date(2026, 3, 31)).before.days == 28
    assert span_around("week", TODAY).before.last == date(2026, 11, 22)
    assert span_around("day", date(2026, 1, 1)).before.first == date(2025, 12, 31)
