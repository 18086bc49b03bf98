from datetime import UTC, datetime, timedelta, timezone

import pytest

from ivr.records.events import Arrived, Ended, Reason, Routed
from ivr.store.texts import event_text, read_event, read_time, time_text

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("at", [NOON, NOON + timedelta(microseconds=1), NOON.replace(year=1)])
def test_time_is_always_27_characters_and_reads_back(at: datetime) -> None:
    text = time_text(at)

    assert len(text) == 27
    assert read_time(text) == at


def test_time_of_another_zone_is_written_in_utc() -> None:
    oslo = datetime(2026, 11, 23, 13, 0, tzinfo=timezone(timedelta(hours=1)))

    assert time_text(oslo) == "2026-11-23T12:00:00.000000Z"


def test_times_sort_as_their_texts() -> None:
    times = [NOON, NOON + timedelta(microseconds=5), NOON + timedelta(seconds=1)]

    assert sorted(map(time_text, times)) == [time_text(at) for at in times]


def test_event_reads_back_as_it_was() -> None:
    event = Routed(
        to="queue q",
        language="nb",
        steps=(Reason(text="åpent", file="r.yaml", line=7, taken=False),),
    )

    assert read_event(event_text(event)) == event


def test_event_of_a_later_version_is_not_understood_but_no_fault() -> None:
    assert read_event('{"type":"transferred","to":"kari"}') is None


@pytest.mark.parametrize(
    "spoilt", ['{"type":"queued","queue":"q\0\0\0\0', "", "\0", "{", '"', "[1"]
)
def test_what_a_disk_has_spoilt_is_no_event(spoilt: str) -> None:
    assert read_event(spoilt) is None


def test_field_of_a_later_version_is_passed_over() -> None:
    assert read_event('{"type":"ended","by":"caller","mood":"good"}') == Ended(by="caller")


def test_text_that_no_encoding_can_hold_is_refused() -> None:
    event = Arrived(dialled="\ud800", caller=None, call_time="", revision="", channel="")

    with pytest.raises(ValueError, match="surrogates"):
        event_text(event)
