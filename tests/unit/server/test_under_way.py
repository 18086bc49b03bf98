"""What came of calls is told from what the journal is told, up to the moment of asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ivr.records.events import Arrived, Connected, OfferFailed, Queued
from ivr.records.outcomes import SURE_AFTER
from ivr.server.under_way import CallsUnderWay
from ivr.store.memory_journal import MemoryJournal
from tests.clocks import HandClock

CAME = Arrived(dialled="+4755301000", caller="+4790000001", call_time="", revision="r", channel="c")


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def talking(clock: HandClock) -> CallsUnderWay:
    """A caller who was connected with an agent just now."""
    calls = CallsUnderWay(MemoryJournal(clock=clock), clock)
    for event in (CAME, Queued("bergen"), Connected("bergen", "kari")):
        calls.note("call", event)
    return calls


def test_a_talk_is_counted_while_it_goes_on_once_a_sound_is_known_to_have_come(
    talking: CallsUnderWay, clock: HandClock
) -> None:
    assert not talking.outcomes().of_queues

    clock.at += SURE_AFTER

    assert talking.outcomes().of_queues["bergen", "answered"] == 1
    assert talking.outcomes().of_queues["bergen", "answered"] == 1, "asking counts nothing"


def test_a_silent_phone_is_no_answer_however_late_it_is_asked(
    talking: CallsUnderWay, clock: HandClock
) -> None:
    clock.at += timedelta(seconds=4)
    talking.note("call", OfferFailed("bergen", "kari", "silent"))
    clock.at += timedelta(hours=1)

    assert not talking.outcomes().of_queues
