"""From a `queue_log` to calls as our own server would have told them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.archives.names import ArchiveNames, Placed
from ivr.archives.queue_line import read_queue_line
from ivr.archives.queue_log import QueueLog
from ivr.records.fold import fold
from ivr.records.record import CallRecord, QueueVisit

OSLO = ZoneInfo("Europe/Oslo")
START = 1767600000
NAMES = ArchiveNames(
    OSLO,
    queues={"600": Placed("salg"), "601": Placed("faktura", "bergen", "faktura")},
    agents={"1001": "kari"},
)
HOUR = 3600


def line(after: int, event: str, *details: object, queue: str = "600", agent: str = "NONE") -> str:
    return "|".join(map(str, (START + after, f"{START}.1", queue, agent, event, *details)))


ENTERED = line(0, "ENTERQUEUE", "", "90000001", 1)
KARI = "PJSIP/1001"


def calls(*lines: str, log: QueueLog | None = None) -> list[CallRecord]:
    log = log or QueueLog(NAMES)
    read = (read_queue_line(one, OSLO) for one in lines)
    told = [call for one in read if one is not None for call in log.take(one)]
    return [fold(entries) for entries in (*told, *log.rest())]


def visit(*lines: str) -> QueueVisit:
    (record,) = calls(*lines)
    (only,) = record.visits
    return only


def test_an_answered_call_has_asterisks_own_wait_and_talk() -> None:
    (record,) = calls(
        line(0, "DID", "55301000"),
        ENTERED,
        line(10, "RINGNOANSWER", 10000, agent="PJSIP/1009"),
        line(15, "CONNECT", 14, "1767600010.3", 4, agent=KARI),
        line(100, "COMPLETECALLER", 14, 85, 1, agent=KARI),
    )

    assert (record.caller, record.dialled) == ("+4790000001", "+4755301000")
    assert (record.disposition, record.ended_by) == ("answered", "caller")
    (only,) = record.visits
    assert (only.queue, only.agent, only.outcome) == ("salg", "kari", "answered")
    assert (only.wait_seconds, only.talk_seconds, only.offers) == (14.0, 85.0, 2)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (line(4, "ABANDON", 1, 1, 4), "abandoned_short"),
        (line(30, "ABANDON", 1, 1, 30), "abandoned"),
        (line(30, "EXITWITHTIMEOUT", 1, 1, 30), "overflowed"),
        (line(30, "EXITWITHKEY", 2, 1, 1, 30), "exit_key"),
        (line(30, "EXITWITHKEY", 2, 1), "exit_key"),
        (line(30, "EXITEMPTY", 1, 1, 30), "blocked"),
    ],
)
def test_each_end_of_a_wait_has_its_outcome(end: str, outcome: str) -> None:
    only = visit(ENTERED, end)

    assert only.outcome == outcome
    assert only.wait_seconds in {4.0, 30.0}


@pytest.mark.parametrize(
    "end",
    [
        line(100, "COMPLETEAGENT", 15, 85, 1, agent=KARI),
        line(100, "TRANSFER", "55", "default", 15, 85, 1, agent=KARI),
        line(100, "BLINDTRANSFER", "55", "default", 15, 85, 1, agent=KARI),
        line(100, "ATTENDEDTRANSFER", "BRIDGE", "a1b2", 15, 85, 1, agent=KARI),
    ],
)
def test_an_agent_who_hangs_up_or_passes_the_call_on_ends_the_talk(end: str) -> None:
    only = visit(ENTERED, line(15, "CONNECT", 15, "x", 4, agent=KARI), end)

    assert (only.outcome, only.talk_seconds) == ("answered", 85.0)


def test_a_call_that_comes_to_another_queue_is_one_call_with_two_visits() -> None:
    (record,) = calls(
        ENTERED,
        line(30, "EXITWITHTIMEOUT", 1, 1, 30),
        line(31, "ENTERQUEUE", "", "90000001", 1, queue="601"),
        line(41, "CONNECT", 10, "x", 4, queue="601", agent=KARI),
        line(71, "COMPLETEAGENT", 10, 30, 1, queue="601", agent=KARI),
    )

    assert [one.outcome for one in record.visits] == ["overflowed", "answered"]
    assert (record.queue, record.site, record.department) == ("faktura", "bergen", "faktura")
    assert record.wait_seconds == 41.0


@pytest.mark.parametrize(
    ("lines", "wait", "talk"),
    [
        ([line(20, "ABANDON", 1, 1, 20)], 20.0, None),
        ([line(20, "CONNECT", 20, "x", 4, agent=KARI), line(50, "COMPLETEAGENT", 20, 30, 1, agent=KARI)], 20.0, 30.0),
        ([line(50, "COMPLETEAGENT", 20, 30, 1, agent=KARI)], 20.0, 30.0),
    ],
)  # fmt: skip
def test_a_log_that_begins_in_the_middle_of_a_call_still_tells_its_wait(
    lines: list[str], wait: float, talk: float | None
) -> None:
    (record,) = calls(*lines)

    assert record.arrived_at.timestamp() == START
    assert record.visits[0].wait_seconds == wait
    assert record.visits[0].talk_seconds == talk


def test_a_call_that_was_under_way_when_asterisk_ended_was_lost_by_the_system() -> None:
    start = f"{START + 60}|NONE|NONE|NONE|QUEUESTART|"

    assert visit(ENTERED, start).outcome == "system_dropped"


def test_a_call_whose_end_was_never_written_is_lost_after_a_day() -> None:
    later = f"{START + 25 * HOUR}|{START}.2|600|NONE|ENTERQUEUE||90000002|1"

    assert visit(ENTERED, later).outcome == "system_dropped"


def test_what_is_under_way_at_the_end_of_the_log_is_left_out_and_counted() -> None:
    log = QueueLog(NAMES)

    assert calls(ENTERED, log=log) == []
    assert log.contents.under_way == 1


def test_a_call_across_midnight_belongs_to_the_day_of_its_arrival() -> None:
    midnight = 16 * HOUR - 60  # 08:00 UTC is 9 in Oslo
    (record,) = calls(
        line(midnight - HOUR, "ENTERQUEUE", "", "90000001", 1),
        line(midnight + HOUR, "ABANDON", 1, 1, 2 * HOUR),
    )

    assert record.arrived_at.timestamp() == START + midnight - HOUR
    assert record.wait_seconds == 2 * HOUR


def test_lines_of_a_call_in_the_wrong_order_are_put_right() -> None:
    complete = line(100, "COMPLETECALLER", 14, 85, 1, agent=KARI)
    connect = line(14, "CONNECT", 14, "x", 4, agent=KARI)

    assert visit(connect, ENTERED, complete).wait_seconds == 14.0


def test_events_that_tell_nothing_of_a_call_are_counted() -> None:
    log = QueueLog(NAMES)
    calls(line(0, "SYSCOMPAT"), f"{START}|NONE|600|{KARI}|PAUSE|lunch", log=log)

    assert log.contents.unknown_events == {"SYSCOMPAT": 1}


_EVENTS = ("ENTERQUEUE", "CONNECT", "ABANDON", "EXITWITHTIMEOUT", "COMPLETEAGENT", "RINGNOANSWER",
           "DID", "EXITWITHKEY", "ATTENDEDTRANSFER", "AGENTDUMP", "QUEUESTART")  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.integers(0, 100_000), st.sampled_from("123"), st.sampled_from(_EVENTS),
            st.lists(st.sampled_from(["", "0", "5", "-1", "900", "x"]), max_size=5),
        ),
        max_size=40,
    )
)  # fmt: skip
def test_whatever_a_log_holds_becomes_whole_calls(
    lines: list[tuple[int, str, str, list[str]]],
) -> None:
    records = calls(
        *(
            "|".join((str(START + after), f"{START}.{call}", "600", KARI, event, *details))
            for after, call, event, details in lines
        )
    )

    for record in records:
        assert record.ended_at is not None
        assert record.ended_at >= record.arrived_at
        assert record.visits
        assert all(one.outcome is not None for one in record.visits)
        assert all(one.wait_seconds is None or one.wait_seconds >= 0 for one in record.visits)
