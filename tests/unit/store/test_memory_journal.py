import pytest

from ivr.errors import StoreFailed
from ivr.records.events import Answered, Ended, Queued
from ivr.records.journal import JournalState
from ivr.store.memory_journal import MemoryJournal


async def test_keep_fails_while_the_disk_does_and_leaves_nothing_behind() -> None:
    journal = MemoryJournal()
    journal.fail("disk full")

    with pytest.raises(StoreFailed, match="disk full"):
        await journal.keep("call-1", Answered())
    journal.mend()

    assert journal.events("call-1") == ()


def test_noted_events_wait_until_the_disk_works_again() -> None:
    journal = MemoryJournal()
    journal.fail()
    journal.note("call-1", Answered())
    assert journal.state.behind == 1
    assert journal.state.failing_since is not None

    journal.mend()

    assert [entry.event for entry in journal.events("call-1")] == [Answered()]
    assert journal.state == JournalState(written=1, last_error="disk full")


def test_durations_are_told_by_the_clock_that_was_given() -> None:
    seconds = iter([0, 1, 8])
    journal = MemoryJournal(monotonic_ns=lambda: next(seconds) * 1_000_000_000)

    journal.note("call-1", Answered())
    journal.note("call-1", Queued(queue="q"))
    journal.note("call-1", Ended(by="caller"))

    record = journal.call("call-1")
    assert record is not None
    assert record.wait_seconds == 7.0
