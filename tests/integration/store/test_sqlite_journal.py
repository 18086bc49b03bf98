"""What only a disk can do: be locked, be full, be damaged, be another's."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.records.events import Answered, Arrived, Ended, MenuTry, MessageLeft, Queued
from ivr.server.journal import SLOW_SECONDS, journal_problems
from ivr.store import beside
from ivr.store import connection as connections
from ivr.store.commit_times import LATEST
from ivr.store.file import JournalFile
from ivr.store.journal import SqliteJournal
from ivr.store.open import open_store
from ivr.store.presence import Presence
from ivr.store.rows import Draft
from ivr.store.writer import DEFAULT_LIMITS, GROUP_LIMIT, Limits

ARRIVED = Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c")
SLOW_WRITES = 3
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MESSAGE = MessageLeft(voicemail="box", file="a.wav", seconds=1.5)
CHOICE = MenuTry(menu="main", result="chosen", key="1")
HASTY = Limits(waiting_events=20, retry_seconds=0.001, busy_seconds=0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@asynccontextmanager
async def running(path: Path, limits: Limits = HASTY) -> AsyncIterator[SqliteJournal]:
    async with SqliteJournal(path, limits=limits) as journal, asyncio.TaskGroup() as group:
        group.create_task(journal.run(), name="journal")
        yield journal
        await journal.close()


@contextmanager
def held_by_another_program(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


async def recovered(journal: SqliteJournal) -> None:
    while journal.state.failing_since is not None or journal.state.behind:  # noqa: ASYNC110 - told by asking
        await asyncio.sleep(0)


async def failed(journal: SqliteJournal) -> None:
    with pytest.raises(StoreFailed):
        await journal.keep("probe", Answered())


def opened(path: Path) -> JournalFile:
    file = JournalFile(path, short_seconds=5, busy_seconds=5)
    file.open(NOW)
    return file


def tidied_by_another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def kinds(path: Path, call_id: str) -> list[str]:
    with open_store(path.parent).reading() as stored:
        return [type(entry.event).__name__ for entry in stored.calls.events(call_id)]


async def test_locked_file_fails_keep_at_once_and_holds_what_is_noted(path: Path) -> None:
    async with running(path) as journal:
        with held_by_another_program(path):
            journal.note("call-1", ARRIVED)
            with pytest.raises(StoreFailed, match="locked"):
                await journal.keep("call-1", Answered())
            with pytest.raises(StoreFailed, match="locked"):
                await journal.keep("call-1", Answered())
            journal.note("call-1", CHOICE)

            assert journal.state.failing_since is not None
            assert journal.state.last_error == "another program has locked it (database is locked)"

        await recovered(journal)
        await journal.keep("call-1", Ended(by="caller"))

    assert kinds(path, "call-1") == ["Arrived", "MenuTry", "Ended"]


@pytest.mark.fault("F-68")
async def test_a_disk_that_takes_its_time_delays_only_who_waits_for_it_and_is_told(
    path: Path,
) -> None:
    patient = replace(HASTY, busy_seconds=30.0)
    async with running(path, patient) as journal, asyncio.TaskGroup() as group:
        for _ in range(SLOW_WRITES):
            with held_by_another_program(path):  # a write that takes long, as far as we can see
                kept = group.create_task(journal.keep("call-1", Answered()))
                await asyncio.sleep(SLOW_SECONDS * 1.2)
                journal.note("call-1", CHOICE)  # takes no time
                assert not kept.done()
            await kept
        (problem,) = journal_problems(journal.state)
        assert "the journal's disk is slow" in problem
        for _ in range(LATEST):
            await journal.keep("call-1", CHOICE)
        assert journal_problems(journal.state) == []

    assert kinds(path, "call-1") == ["Answered", "MenuTry"] * SLOW_WRITES + ["MenuTry"] * LATEST


@pytest.mark.parametrize(("cores", "told"), [(2, (True, False)), (1, (None,))])
async def test_whether_its_thread_goes_first_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, cores: int, told: tuple[bool | None, ...]
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    policies: list[int] = []

    async with running(path) as journal:
        await journal.in_turn(lambda _: policies.append(os.sched_getscheduler(0)))
        goes_first = journal.state.goes_first

    assert goes_first in told
    assert bool(goes_first) == (policies == [os.SCHED_RR | os.SCHED_RESET_ON_FORK])


async def test_journal_recovers_although_nothing_waits_to_be_written(path: Path) -> None:
    async with running(path) as journal:
        with held_by_another_program(path):
            await failed(journal)
            assert journal.state.behind == 0

        await recovered(journal)

        await journal.keep("call-1", Answered())
    assert kinds(path, "probe") == []


async def test_full_memory_takes_only_what_a_call_cannot_be_told_without(path: Path) -> None:
    async with running(path) as journal:
        with held_by_another_program(path):
            await failed(journal)
            for _ in range(30):
                journal.note("call-1", CHOICE)
            assert (journal.state.behind, journal.state.dropped) == (19, 11)

            journal.note("call-1", Ended(by="caller"))
            journal.note("call-2", Ended(by="caller"))
            assert (journal.state.behind, journal.state.dropped) == (20, 12)

        await recovered(journal)

    assert kinds(path, "call-1") == ["MenuTry"] * 19 + ["Ended"]
    assert kinds(path, "call-2") == []


async def test_calls_remembered_before_a_failure_go_on_with_the_next_number(path: Path) -> None:
    async with running(path) as journal:
        await journal.keep("call-1", ARRIVED)
        with held_by_another_program(path):
            journal.note("call-1", Answered())
            await failed(journal)
        await recovered(journal)
        await journal.keep("call-1", Ended(by="caller"))

    with open_store(path.parent).reading() as stored:
        assert [entry.seq for entry in stored.calls.events("call-1")] == [1, 2, 3]
        assert stored.calls.call("call-1") is not None


async def test_what_is_noted_at_once_is_written_with_all_that_waits_and_nothing_else_is(
    path: Path,
) -> None:
    patient = replace(HASTY, linger_seconds=3_600.0, look_seconds=3_600.0)
    async with running(path, patient) as journal:
        journal.note("call-1", ARRIVED)
        journal.note("call-2", ARRIVED)
        journal.note("call-1", Answered(), at_once=True)
        await recovered(journal)
        assert kinds(path, "call-1") == ["Arrived", "Answered"]

        journal.note("call-1", CHOICE)
        assert kinds(path, "call-1") == ["Arrived", "Answered"]
        await journal.keep("call-2", Answered())

        assert kinds(path, "call-1") == ["Arrived", "Answered", "MenuTry"]


async def test_a_group_that_is_full_does_not_make_the_rest_wait(path: Path) -> None:
    patient = Limits(linger_seconds=3_600.0, look_seconds=3_600.0)
    async with running(path, patient) as journal:
        for _ in range(2 * GROUP_LIMIT):
            journal.note("call-1", CHOICE)
        await journal.keep("call-1", Answered())

    assert len(kinds(path, "call-1")) == 2 * GROUP_LIMIT + 1


async def test_a_disk_that_fails_right_after_a_write_has_it_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = 0
    remember = Presence.remember

    def faulty(presence: Presence) -> None:
        nonlocal fails
        if fails > 0:
            fails -= 1
            raise OSError(errno.EIO, "Input/output error")
        remember(presence)

    async with running(path) as journal:
        await journal.keep("call-1", ARRIVED)
        monkeypatch.setattr(Presence, "remember", faulty)
        fails = 2
        await journal.keep("call-1", CHOICE)
        await journal.keep("call-1", Answered())
        assert fails == 0
        tidied_by_another(
            path
        )  # so that the file is longer, and its log shorter, than anybody remembers
        await journal.keep("call-1", Ended(by="caller"))
        assert journal.state.failing_since is None
        assert journal.state.notices == ()

    assert kinds(path, "call-1") == ["Arrived", "MenuTry", "Answered", "Ended"]


async def test_closing_writes_what_waits(path: Path) -> None:
    async with SqliteJournal(path) as journal:
        for _ in range(5_000):
            journal.note("call-1", CHOICE)

    assert len(kinds(path, "call-1")) == 5_000


async def test_closing_while_the_disk_fails_counts_what_is_lost(path: Path) -> None:
    async with running(path) as journal:
        with held_by_another_program(path):
            await failed(journal)
            journal.note("call-1", ARRIVED)
            await journal.close()

    assert journal.state.dropped == 1


async def test_closed_journal_takes_nothing_and_says_so(path: Path) -> None:
    async with running(path) as journal:
        await journal.close()
        await journal.close()

        journal.note("call-1", ARRIVED)
        with pytest.raises(StoreFailed, match="closed"):
            await journal.keep("call-1", Answered())

    assert journal.state.dropped == 1


async def test_cancelled_run_loses_nothing_that_is_closed_after_it(path: Path) -> None:
    async with SqliteJournal(path) as journal, asyncio.TaskGroup() as group:
        task = group.create_task(journal.run(), name="journal")
        await journal.keep("call-1", ARRIVED)
        journal.note("call-1", Answered())
        await asyncio.sleep(0)
        journal.note("call-1", Ended(by="drain"))
        task.cancel()

    assert kinds(path, "call-1") == ["Arrived", "Answered", "Ended"]


async def test_cancelled_keep_is_written_all_the_same(path: Path) -> None:
    async with running(path) as journal:
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(journal.keep("call-1", ARRIVED))
            await asyncio.sleep(0)
            keeping.cancel()
        await journal.keep("call-1", Answered())

    assert kinds(path, "call-1") == ["Arrived", "Answered"]


async def test_event_that_no_encoding_can_hold_costs_no_other_event(path: Path) -> None:
    broken = Arrived(dialled="\udc80", caller=None, call_time="", revision="", channel="")
    async with running(path) as journal:
        journal.note("call-1", broken)
        with pytest.raises(StoreFailed, match="Arrived cannot be written"):
            await journal.keep("call-1", broken)
        await journal.keep("call-1", Answered())

    assert kinds(path, "call-1") == ["Answered"]
    assert journal.state.dropped == 1


async def test_call_that_outlived_a_server_is_ended_by_the_next(path: Path) -> None:
    async with running(path) as journal:
        journal.note("call-1", ARRIVED)
        await journal.keep("call-1", Queued(queue="q"))

    async with running(path) as journal:
        with open_store(path.parent).reading() as stored:
            (lost,) = stored.calls.open_calls()
        await journal.keep(lost.call_id, Ended(by="link_lost"))

    with open_store(path.parent).reading() as stored:
        record = stored.calls.call("call-1")
        assert record is not None
        assert record.disposition == "failed"
        assert [visit.outcome for visit in record.visits] == ["system_dropped"]
        assert stored.calls.open_calls() == ()


async def test_ended_calls_are_not_remembered(path: Path) -> None:
    async with running(path) as journal:
        for number in range(20):
            journal.note(f"call-{number}", ARRIVED)
            await journal.keep(f"call-{number}", Ended(by="caller"))
        await journal.written()

        assert journal._writer.file._calls == {}


def latest(path: Path) -> list[str]:
    with open_store(path.parent).reading() as stored:
        assert stored.calls.open_calls() == ()
        return [record.call_id for record in stored.calls.latest(100)]


async def folded(path: Path, calls: int) -> None:
    async with asyncio.timeout(5):
        while len(latest(path)) < calls:  # noqa: ASYNC110 - a file: there is nothing to wait on
            await asyncio.sleep(0.01)


async def test_calls_that_have_ended_are_folded_together_and_nobody_waits_for_it(
    path: Path,
) -> None:
    async with running(path, replace(HASTY, fold_seconds=0.2)) as journal:
        for number in range(20):
            journal.note(f"call-{number}", ARRIVED)
            await journal.keep(f"call-{number}", Ended(by="caller"))
        assert latest(path) == []

        await folded(path, 20)


async def test_calls_are_folded_in_the_end_though_somebody_always_waits(path: Path) -> None:
    async def be_urgent(journal: SqliteJournal) -> None:
        while True:
            await journal.keep("talk", CHOICE)

    async with running(path, replace(HASTY, fold_seconds=0.05)) as journal:
        urging = asyncio.ensure_future(be_urgent(journal))
        for number in range(20):
            journal.note(f"call-{number}", Ended(by="caller"))
        async with asyncio.timeout(5):
            while journal._writer.file.has_ended_calls or not journal.state.written:  # noqa: ASYNC110 - told by asking
                await asyncio.sleep(0.01)
        urging.cancel()


@pytest.mark.parametrize("calls", [1, 30])
def test_calls_whose_server_was_killed_before_they_were_folded_are_folded_by_the_next(
    path: Path, calls: int
) -> None:
    file = opened(path)
    for number in range(calls):
        call_id = f"call-{number}"
        file.write(
            [Draft.of(call_id, NOW, 1, ARRIVED), Draft.of(call_id, NOW, 2, Ended(by="caller"))]
        )
    file.write([Draft.of("late", NOW, 1, ARRIVED), Draft.of("late", NOW, 2, Ended(by="caller"))])
    file.write([Draft.of("late", NOW, 3, MESSAGE)])
    assert latest(path) == []
    file.database.close()

    opened(path).close()

    assert len(latest(path)) == calls + 1
    with open_store(path.parent).reading() as stored:
        record = stored.calls.call("late")
    assert record is not None
    assert record.disposition == "voicemail"


async def test_records_that_cannot_be_written_keep_no_event_waiting_and_are_told(
    path: Path,
) -> None:
    async with running(path, replace(HASTY, fold_seconds=0.0)) as journal:
        await journal.in_turn(
            lambda file: file.execute(
                "CREATE TRIGGER no BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'not so'); END"
            )
        )
        await journal.keep("call-1", Ended(by="caller"))
        async with asyncio.timeout(5):
            while not journal.state.notices:  # noqa: ASYNC110 - told by asking
                await asyncio.sleep(0.01)
        assert "not so" in journal.state.notices[0]
        await journal.keep("call-2", Ended(by="caller"))
        assert journal.state.failing_since is None

        await journal.in_turn(lambda file: file.execute("DROP TRIGGER no"))
        await folded(path, 2)

        assert journal.state.notices == ()


def test_only_what_can_be_made_anew_is_not_waited_for_until_the_disk_has_it(path: Path) -> None:
    file = opened(path)
    for survives, level in ((False, 1), (True, 2)):
        with file.database.transaction(survives_power_cut=survives) as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
    file.close()


async def test_event_of_a_later_version_stands_in_nobodys_way(path: Path) -> None:
    async with running(path) as journal:
        await journal.keep("call-1", ARRIVED)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "INSERT INTO call_event VALUES ('call-1', 2, 'sung', 'then', 5, '{\"type\":\"sung\"}')"
        )
    connection.close()

    async with running(path) as journal:
        await journal.keep("call-1", Ended(by="caller"))

    with open_store(path.parent).reading() as stored:
        assert [entry.seq for entry in stored.calls.events("call-1")] == [1, 3]
        assert stored.calls.call("call-1") is not None


async def test_second_server_is_refused_with_the_first_ones_process(path: Path) -> None:
    async with SqliteJournal(path):
        with pytest.raises(StoreFailed, match=rf"process {os.getpid()}\): stop that one first"):
            await SqliteJournal(path).open()

    async with SqliteJournal(path):
        pass


async def test_all_files_are_for_their_owner_alone(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT, 0o644))
    async with running(path) as journal:
        await journal.keep("call-1", ARRIVED)

        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in os.scandir(path.parent)}

    assert len(modes) == 6
    assert set(modes.values()) == {0o600}


def test_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("my shopping list " * 100)

    for _ in range(2):
        with pytest.raises(StoreFailed, match=r"holds no journal .*not a database.*move it away"):
            opened(path)

    assert sorted(os.listdir(path.parent)) == [path.name, f"{path.name}.lock"]
    assert path.read_text().startswith("my shopping list")


async def test_work_of_others_is_done_before_the_journal_runs_while_it_does_and_afterwards(
    path: Path,
) -> None:
    def count(connection: sqlite3.Connection) -> int:
        connection.execute(
            "INSERT INTO override VALUES (hex(randomblob(8)), 'site', 'x', '', '', '', '', '', '', '')"
        )
        return int(connection.execute("SELECT count(*) FROM override").fetchone()[0])

    async with SqliteJournal(path) as journal:
        assert await journal.in_turn(count) == 1

        running = asyncio.ensure_future(journal.run())
        assert await journal.in_turn(count) == 2
        waiting = [asyncio.ensure_future(journal.in_turn(count)) for _ in range(3)]
        await asyncio.sleep(0)
        running.cancel()
        assert sorted(await asyncio.gather(*waiting)) == [3, 4, 5]

        assert await journal.in_turn(count) == 6


async def test_folder_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="--home"):
        await SqliteJournal(tmp_path / "nowhere" / "journal.sqlite").open()


def test_settings_that_survive_a_power_cut_are_in_force(path: Path) -> None:
    file = JournalFile(path, short_seconds=5, busy_seconds=DEFAULT_LIMITS.busy_seconds)
    file.open(NOW)
    connection = file.database._connection
    assert connection is not None

    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    file.close()

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 300,  # nobody's call is answered later than that for another program's sake
    }


async def test_a_program_that_reads_for_long_is_told_while_its_log_grows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "LARGE_LOG_BYTES", 1_000_000)
    monkeypatch.setattr(beside, "MARK_SECONDS", 0.0)
    monkeypatch.setattr(connections, "_SETTINGS", connections._SETTINGS.replace("67108864", "0"))
    reader = sqlite3.connect(path, isolation_level=None)
    async with running(path, DEFAULT_LIMITS) as journal:
        await journal.keep("call", ARRIVED)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM call_event").fetchone()
        while not journal.state.notices:
            await journal.keep("call", CHOICE)
        (problem,) = journal_problems(journal.state)
        assert journal.state.failing_since is None

        reader.close()
        while journal.state.notices:
            await journal.keep("call", CHOICE)

    assert "another program has been reading it" in problem
    assert "`fuser" in problem
