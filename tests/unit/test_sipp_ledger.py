"""SIPp's own ledger: read as SIPp 3.8 writes it, and held against records that are right, and that are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ivr.records.record import CallRecord
from tests.sipp_ledger import SippCall, calls_in, oddities

BEGAN = datetime(2026, 11, 26, 22, 0, 0, tzinfo=UTC)


def line(seconds: float, way: str, call_id: str, cseq: str, start: str) -> str:
    at = BEGAN.timestamp() + seconds
    return f"2026-11-26\t22:00:00.000000\t{at:.6f}\t{way}\t{call_id}\tCSeq:{cseq}\t{start}\n"


def test_a_call_lasts_from_its_invite_to_the_first_bye_and_it_is_known_whose_that_was() -> None:
    ledger = calls_in(
        [
            line(0.0, "S", "one", "1 INVITE", "INVITE sip:100@127.0.0.1 SIP/2.0"),
            line(0.1, "R", "one", "1 INVITE", "SIP/2.0 100 Trying"),
            line(0.2, "R", "one", "1 INVITE", "SIP/2.0 200 OK"),
            line(3.0, "S", "one", "2 BYE", "BYE sip:100@127.0.0.1 SIP/2.0"),
            line(3.1, "R", "one", "2 BYE", "SIP/2.0 200 OK"),
            line(1.0, "S", "two", "1 INVITE", "INVITE sip:100@127.0.0.1 SIP/2.0"),
            line(1.2, "R", "two", "1 INVITE", "SIP/2.0 200 OK"),
            line(2.0, "R", "two", "7 BYE", "BYE sip:two@127.0.0.1 SIP/2.0"),
            line(2.0, "S", "three", "1 INVITE", "INVITE sip:100@127.0.0.1 SIP/2.0"),
            line(2.5, "R", "three", "1 INVITE", "SIP/2.0 503 Service Unavailable"),
        ]
    )

    seconds = {
        call_id: (one.ended - one.began).total_seconds()
        for call_id, one in ledger.items()
        if one.ended
    }
    assert seconds == pytest.approx({"one": 3.0, "two": 1.0, "three": 0.5})
    assert [one.ended_by_caller for one in ledger.values()] == [True, False, False]
    assert [one.status for one in ledger.values()] == [200, 200, 503]


RIGHT = CallRecord(
    call_id="c",
    sip_call_id="one",
    arrived_at=BEGAN + timedelta(seconds=0.02),
    ended_at=BEGAN + timedelta(seconds=3.02),
    ended_by="caller",
)
LEDGER = {"one": SippCall(BEGAN, BEGAN + timedelta(seconds=3), ended_by_caller=True, status=200)}


def test_records_that_agree_have_nothing_odd() -> None:
    assert list(oddities([RIGHT], LEDGER)) == []


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([], "missing"),
        ([RIGHT, RIGHT], "doubled"),
        ([RIGHT, msgspec.structs.replace(RIGHT, sip_call_id="two")], "unknown"),
        ([msgspec.structs.replace(RIGHT, ended_at=None)], "open"),
        ([msgspec.structs.replace(RIGHT, ended_at=BEGAN + timedelta(seconds=4.1))], "duration"),
        ([msgspec.structs.replace(RIGHT, ended_by="agent")], "cause"),
    ],
)
def test_each_kind_of_fault_is_found(records: list[CallRecord], word: str) -> None:
    assert [one.split()[0] for one in oddities(records, LEDGER)] == [word]
