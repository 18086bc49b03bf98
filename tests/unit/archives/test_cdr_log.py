"""From call detail records to calls, where they tell them."""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.archives.cdr_log import CdrLog, CdrReader
from ivr.archives.names import ArchiveNames, Placed
from ivr.archives.queue_line import BadLine
from ivr.records.fold import fold
from ivr.records.record import CallRecord

NAMES = ArchiveNames(
    ZoneInfo("Europe/Oslo"), queues={"600": Placed("faktura")}, agents={"1001": "kari"}
)


def row(
    begun: str,
    answered: str,
    ended: str,
    *,
    peer: str = "",
    app: str = "Queue",
    number: str = "1",
) -> str:
    """A line of `Master.csv` as Asterisk 22 writes it."""
    disposition = "ANSWERED" if answered else "NO ANSWER"
    at = [f"2026-11-23 {time}" if time else "" for time in (begun, answered, ended)]
    cells = (
        *("", "90000001", "55301000", "from-carrier", '""90000001"" <90000001>', "PJSIP/in-00000001", peer, app),
        *("600,t,,,300", *at, "0", "0", disposition, "DOCUMENTATION", f"1700000000.{number}", ""),
    )  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells)


def read(*lines: str) -> tuple[list[CallRecord], CdrLog]:
    log = CdrLog(NAMES, "cdr")
    known = [line for text in lines if (line := log.read(text)) is not None]
    told = [entries for line in known for entries in log.take(line)]
    return [fold(entries) for entries in (*told, *log.rest())], log


def test_a_call_that_a_person_answered_has_its_wait_and_its_talk() -> None:
    (call,), log = read(row("10:00:00", "10:00:25", "10:02:25", peer="PJSIP/1001-0000002a"))

    assert (call.queue, call.agent, call.disposition) == ("faktura", "kari", "answered")
    assert (call.wait_seconds, call.talk_seconds) == (25, 120)
    assert (call.caller, call.call_time) == ("+4790000001", "2026-11-23T10:00:00+01:00")
    assert log.contents.queues == {"600": 1}


def test_tries_that_nobody_took_are_of_the_same_call() -> None:
    (call,), _ = read(
        row("10:00:00", "", "10:00:15", peer="PJSIP/1002-00000001"),
        row("10:00:15", "10:00:25", "10:01:25", peer="PJSIP/1001-00000002"),
    )

    assert (call.agent, call.wait_seconds, call.talk_seconds) == ("kari", 25, 60)


def test_whoever_was_not_answered_gave_up() -> None:
    (call,), _ = read(row("10:00:00", "", "10:00:40"))

    assert (call.disposition, call.wait_seconds) == ("abandoned", 40)


@pytest.mark.parametrize(
    "line",
    [
        row("10:00:00", "10:00:00", "10:02:00", peer="PJSIP/1001-1"),
        row("10:00:00", "10:00:05", "10:02:00"),
    ],
    ids=["at once", "nobody behind it"],
)
def test_what_a_machine_answered_is_left_out_and_counted(line: str) -> None:
    calls, log = read(line)

    assert (calls, log.contents.machine_first) == ([], 1)


def test_a_call_that_came_to_no_queue_is_left_out_and_counted() -> None:
    calls, log = read(row("10:00:00", "10:00:05", "10:02:00", app="Dial", peer="PJSIP/x-1"))

    assert (calls, log.contents.others) == ([], 1)


def test_memory_holds_an_hour_of_calls_and_no_more() -> None:
    log = CdrLog(NAMES, "cdr")
    told = 0
    for number in range(200):
        at = f"{number // 10:02}:{number % 10 * 5:02}"
        line = log.read(row(f"{at}:00", "", f"{at}:30", number=f"{number}"))
        assert line is not None
        told += len(list(log.take(line)))

    assert 180 < told < 200


@pytest.mark.parametrize(
    "text",
    ['"one","two"', row("10:00:00", "", "09:59:00"), row("soon", "", "10:00:00"), '"a'],
    ids=["too few fields", "ends before it begins", "no time", "no CSV"],
)
def test_a_line_that_cannot_be_read_is_said_to_be_bad(text: str) -> None:
    with pytest.raises(BadLine):
        read(text)


def test_a_head_says_which_column_is_which() -> None:
    (call,), _ = read(
        "start,answer,end,channel,dstchannel,lastapp,lastdata,src,dst,disposition,uniqueid,a,b,c,d,e",
        "2026-11-23 10:00:00,,2026-11-23 10:00:09,PJSIP/in-1,,Queue,600,90000001,55301000,NO ANSWER,1.1,,,,,",
    )

    assert (call.disposition, call.wait_seconds) == ("abandoned", 9)


@given(st.text(max_size=200))
def test_no_line_is_more_than_bad(text: str) -> None:
    with suppress(BadLine):
        read(text)


def test_a_head_may_name_fewer_columns_than_asterisks_own_file_has() -> None:
    reader = CdrReader(ZoneInfo("Europe/Oslo"))
    head = "start,answer,end,disposition,channel,dstchannel,lastapp,lastdata,src"
    times = "2026-01-05 10:00:00,2026-01-05 10:00:10,2026-01-05 10:01:00"
    record = f"{times},ANSWERED,PJSIP/trunk-1,PJSIP/1001-2,Queue,600,90000001"

    assert reader.read(f"\ufeff{head}") is None
    told = reader.read(record)

    assert told is not None
    assert (told.caller, told.peer, told.app) == ("90000001", "PJSIP/1001-2", "Queue")
    with pytest.raises(BadLine, match="it has 8 fields; a CDR has 9"):
        reader.read(record.rpartition(",")[0])
