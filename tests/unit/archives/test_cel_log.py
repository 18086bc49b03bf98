"""From a channel event log to calls; the logs in tests/data/archives are of one run of Asterisk 22.10.1."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.archives.archive import Archive, L
from ivr.archives.cel_log import CelLog
from ivr.archives.names import ArchiveNames
from ivr.archives.queue_line import BadLine
from ivr.archives.queue_log import QueueLog
from ivr.records.fold import fold
from ivr.records.record import CallRecord

DATA = Path(__file__).parents[2] / "data/archives"
NAMES = ArchiveNames(ZoneInfo("Europe/Oslo"), agents={"Kari": "kari"})
HEAD = "eventname,eventtime,cid_num,cid_dnid,exten,channel,appname,appdata,uniqueid,linkedid,bridgepeer,extra"


def calls(archive: Archive[L], lines: list[str]) -> dict[str, CallRecord]:
    """By the channel that waited."""
    read = (archive.read(line) for line in lines)
    told = [call for line in read if line is not None for call in archive.take(line)]
    records = (fold(entries) for entries in (*told, *archive.rest()))
    return {record.call_id.partition("-")[2]: record for record in records}


def lines_of(name: str) -> list[str]:
    return (DATA / name).read_text("utf-8").splitlines()


def line(
    seconds: float,
    event: str,
    *,
    channel: str = "1.1",
    extra: str = "",
    app: str = "",
    peer: str = "",
) -> str:
    """A line as HEAD has it, of the caller or of another channel."""
    name = f"PJSIP/{'in' if channel == '1.1' else 'kari'}-0000000{channel[-1]}"
    fields = (
        "",
        "90000001",
        "55301000",
        "s",
        name,
        app and "Queue",
        app,
        channel,
        "1.1",
        peer,
        extra,
    )
    quoted = ",".join('"' + field.replace('"', '""') + '"' for field in fields[1:])
    return f"{event},{1767600000 + seconds},{quoted}"


def test_a_queue_log_and_a_channel_event_log_of_the_same_calls_tell_the_same() -> None:
    of_queue = calls(QueueLog(NAMES, "a"), lines_of("queue_log"))
    of_cel = calls(CelLog(NAMES, "a"), lines_of("cel.csv"))

    assert of_queue.keys() == of_cel.keys()
    for channel, one in of_queue.items():
        other = of_cel[channel]
        assert (other.caller, other.agent) == (one.caller, one.agent)
        assert other.wait_seconds == pytest.approx(one.wait_seconds, abs=1.0)
        # A queue that nobody is in is left as one is whose time is up.
        told = {"blocked": "overflowed"}
        assert [visit.queue for visit in other.visits] == [visit.queue for visit in one.visits]
        assert [visit.outcome for visit in other.visits] == [
            told.get(visit.outcome or "", visit.outcome) for visit in one.visits
        ]


def test_a_head_names_the_columns() -> None:
    (record,) = calls(
        CelLog(NAMES, "a"),
        [
            HEAD,
            line(0, "CHAN_START"),
            line(1, "APP_START", app="salg,tT,,,300"),
            line(21, "BRIDGE_ENTER", app="salg,tT,,,300", peer="PJSIP/kari-00000002"),
            line(81, "BRIDGE_EXIT", app="salg,tT,,,300"),
            line(81, "HANGUP", extra='{"hangupcause":16,"hangupsource":"PJSIP/in-00000001"}'),
            line(81, "LINKEDID_END"),
        ],
    ).values()

    assert (record.caller, record.dialled, record.agent) == ("+4790000001", "+4755301000", "kari")
    assert (record.ended_by, record.hangup_cause) == ("caller", 16)
    assert (record.wait_seconds, record.talk_seconds) == (20.0, 60.0)


@pytest.mark.parametrize(
    ("source", "outcome"),
    [("PJSIP/in-00000001", "abandoned"), ("", "abandoned"), ("dialplan/builtin", "overflowed")],
)
def test_who_hangs_up_while_waiting_gave_up_and_whom_the_dialplan_hangs_up_did_not(
    source: str, outcome: str
) -> None:
    (record,) = calls(
        CelLog(NAMES, "a"),
        [
            HEAD,
            line(0, "CHAN_START"),
            line(1, "APP_START", app="salg"),
            line(31, "APP_END", app="salg"),
            line(31, "HANGUP", extra=f'{{"hangupcause":16,"hangupsource":"{source}"}}'),
            line(31, "LINKEDID_END"),
        ],
    ).values()

    assert [visit.outcome for visit in record.visits] == [outcome]


def test_calls_that_came_to_no_queue_or_have_not_ended_are_counted_and_left_out() -> None:
    log = CelLog(NAMES, "a")
    found = calls(
        log, [HEAD, line(0, "CHAN_START"), line(9, "LINKEDID_END"), line(10, "APP_START", app="q")]
    )

    assert (found, log.contents.others, log.contents.under_way) == ({}, 1, 1)


@pytest.mark.parametrize(
    "text", ["x", '"CHAN_START', "a,b,c,d,e", "CHAN_START,never,,,,,,,,PJSIP/a,,,,,1.1,1.1"]
)
def test_what_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(BadLine):
        CelLog(NAMES, "a").read(text)


@given(st.lists(st.integers(0, 151), max_size=60))
def test_whatever_is_missing_or_comes_twice_each_call_is_told_whole(chosen: list[int]) -> None:
    every = lines_of("cel.csv")
    for record in calls(CelLog(NAMES, "a"), [every[number] for number in chosen]).values():
        assert record.ended_at is not None
        assert all(visit.outcome is not None for visit in record.visits)
