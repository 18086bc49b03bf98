"""Lines of CSV by the names of their columns."""

from __future__ import annotations

import pytest

from ivr.archives.columns import NamedColumns
from ivr.archives.queue_line import BadLine


@pytest.fixture
def columns() -> NamedColumns:
    return NamedColumns(
        ("start", "channel", "peer", "note"),
        ("start", "channel"),
        3,
        "a record",
        other_names={"bridgepeer": "peer"},
    )


def test_without_a_head_the_columns_are_the_usual_ones(columns: NamedColumns) -> None:
    assert columns.read('10:00,"PJSIP/a, b",c,d') == {
        "start": "10:00",
        "channel": "PJSIP/a, b",
        "peer": "c",
        "note": "d",
    }


def test_the_last_columns_may_be_cut_off_but_no_more_than_said(columns: NamedColumns) -> None:
    assert columns.read("10:00,a,c") == {"start": "10:00", "channel": "a", "peer": "c"}
    with pytest.raises(BadLine, match=r"^it has 2 fields; a record has 4$"):
        columns.read("10:00,a")


def test_a_head_in_whatever_case_names_those_that_follow_and_is_no_line(
    columns: NamedColumns,
) -> None:
    assert columns.read("\ufeffBridgePeer,Channel,START\r\n") is None
    assert columns.read("c,a,10:00") == {"peer": "c", "channel": "a", "start": "10:00"}


def test_a_head_with_few_names_asks_for_no_more_fields_than_it_has(columns: NamedColumns) -> None:
    assert columns.read("channel,start") is None
    assert columns.read("a,10:00") == {"channel": "a", "start": "10:00"}


@pytest.mark.parametrize("text", ["", "  \n", "\ufeff"])
def test_an_empty_line_is_none(columns: NamedColumns, text: str) -> None:
    assert columns.read(text) is None


def test_what_is_no_csv_is_a_bad_line(columns: NamedColumns) -> None:
    with pytest.raises(BadLine, match=r"^it is no CSV: "):
        columns.read('"a')
