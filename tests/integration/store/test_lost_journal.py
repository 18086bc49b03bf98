"""What others do to the journal's files, while a server runs and while none does: what was kept is there."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.amount import counted
from ivr.errors import StoreFailed
from ivr.records.agents import AgentChange
from ivr.records.changes import OverrideKept
from ivr.records.emergency import EmergencyRecord, EmergencyTry
from ivr.records.events import Answered, Arrived, CallEvent, Ended, MenuTry, Reason, Routed
from ivr.server.journal import journal_problems
from ivr.store import database
from ivr.store.changes import SqliteLedger
from ivr.store.door import KeptText
from ivr.store.journal import SqliteJournal
from ivr.store.open import open_store
from ivr.store.sqlite import SqliteStore
from ivr.store.texts import read_event
from ivr.store.writer import Limits

ARRIVED = Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c")
CHOICE = MenuTry(menu="main", result="chosen", key="1")
LONG = Routed(to="queue q", language="nb", steps=(Reason(text="so long " * 2_000),))
"""Longer than a page."""

HASTY = Limits(retry_seconds=0.001, look_seconds=0.001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home / "journal.sqlite"


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[SqliteJournal]:
    async with SqliteJournal(path, limits=HASTY) as journal, asyncio.TaskGroup() as group:
        group.create_task(journal.run(), name="journal")
        yield journal
        await journal.close()


async def tell(journal: SqliteJournal, call_id: str, *story: CallEvent) -> None:
    """Note a story, and wait until it is stored."""
    for event in story[:-1]:
        journal.note(call_id, event)
    await journal.keep(call_id, story[-1])


async def made_good(journal: SqliteJournal, *, notices: int = 1) -> str:
    """Wait until what befell the journal is told and mended; what was told."""
    async with asyncio.timeout(20):
        while len(journal.state.notices) < notices or journal.state.failing_since:  # noqa: ASYNC110 - told by asking
            await asyncio.sleep(0.001)
    return " ".join(journal.state.notices[-1:])


def kinds(path: Path, call_id: str) -> list[str]:
    with open_store(path.parent).reading() as stored:
        return [type(entry.event).__name__ for entry in stored.calls.events(call_id)]


def log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def another_database(path: Path) -> Path:
    other = path.parent.parent / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bookmarks (url TEXT)")
    return other


def remove_journal(path: Path) -> None:
    path.unlink()


def remove_all_that_is_named_so(path: Path) -> None:
    for file in path.parent.glob("journal.sqlite*"):
        file.unlink()


def move_away(path: Path) -> None:
    path.rename(path.with_name("yesterday.sqlite"))


def put_another_there(path: Path) -> None:
    another_database(path).rename(path)


def copy_another_over_it(path: Path) -> None:
    shutil.copyfile(another_database(path), path)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def delete_its_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM call_event")


def remove_log(path: Path) -> None:
    log_of(path).unlink()


def empty_log(path: Path) -> None:
    os.truncate(log_of(path), 0)


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


BLOWS: dict[Callable[[Path], None], str | tuple[str, ...]] = {
    remove_journal: "its file was deleted or moved away",
    remove_all_that_is_named_so: "its file was deleted or moved away",
    move_away: "its file was deleted or moved away",
    put_another_there: "another file was put in its place",
    copy_another_over_it: ("another file was copied over it", "its file was emptied or cut short"),
    empty: "its file was emptied or cut short",
    cut_in_half: "its file was emptied or cut short",
    delete_its_rows: "its file was emptied or cut short",
    remove_log: "the log beside it",
    empty_log: "the log beside it",
    remove_folder: "its file was deleted or moved away",
}


@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "busy"])
@pytest.mark.parametrize("is_tidied", [False, True], ids=["in the log", "in the file"])
@pytest.mark.parametrize("blow", BLOWS)
async def test_nothing_that_was_kept_is_lost_whatever_others_do_to_the_files(
    path: Path, blow: Callable[[Path], None], *, is_tidied: bool, is_busy: bool
) -> None:
    async with running(path) as journal:
        for number in range(50):
            await tell(journal, f"ended-{number}", ARRIVED, LONG, Ended(by="caller"))
        await tell(journal, "open", ARRIVED, Answered())
        if is_tidied:
            with closing(sqlite3.connect(path)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            await tell(journal, "open", CHOICE)

        blow(path)
        if is_busy:
            journal.note("meanwhile", ARRIVED)
            journal.note("meanwhile", Ended(by="caller"))
        told = await made_good(journal)
        await tell(journal, "open", Ended(by="caller"))

        assert told.startswith(BLOWS[blow])
        assert f"the journal: {told}" in journal_problems(journal.state)
        assert journal.state.dropped == 0

    with open_store(path.parent).reading() as stored:
        assert len(stored.calls.latest(100)) == 51 + is_busy
        assert stored.calls.open_calls() == ()
    for number in range(50):
        assert kinds(path, f"ended-{number}") == ["Arrived", "Routed", "Ended"]
    choices = ["MenuTry"] if is_tidied else []
    assert kinds(path, "open") == ["Arrived", "Answered", *choices, "Ended"]
    assert os.stat(path).st_mode & 0o777 == 0o600


async def test_a_file_cut_short_under_a_lock_is_seen_where_it_is_too_long_to_be_looked_through(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RECHECK_SECONDS", 0.0)
    async with running(path) as journal:
        for number in range(50):
            await tell(journal, f"ended-{number}", ARRIVED, LONG, Ended(by="caller"))
        tidy_the_log(path)
        await tell(journal, "call", ARRIVED)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreFailed):
                await journal.keep("call", Answered())
            cut_in_half(path)
        told = await made_good(journal)
        await tell(journal, "call", Ended(by="caller"))

    assert told.startswith("its file was emptied or cut short")
    with open_store(path.parent).reading() as stored:
        assert len(stored.calls.latest(100)) == 51


@pytest.mark.fault("F-67")
async def test_a_folder_that_is_moved_away_takes_what_is_kept_with_it_and_is_not_made_anew(
    path: Path,
) -> None:
    home, elsewhere = path.parent, path.parent.with_name("elsewhere")
    async with running(path) as journal:
        await tell(journal, "before", ARRIVED, Ended(by="caller"))
        home.rename(elsewhere)
        await tell(journal, "away", ARRIVED, Ended(by="caller"))
        (told,) = journal.state.notices
        assert not home.exists()
        await journal.folded()
        with open_store(elsewhere).reading() as stored:
            assert len(stored.calls.latest(100)) == 2

        elsewhere.rename(home)
        async with asyncio.timeout(20):
            while journal.state.notices:  # noqa: ASYNC110 - told by asking
                await asyncio.sleep(0.001)
        await tell(journal, "back", ARRIVED, Ended(by="caller"))

    assert told.startswith(f"its folder {home} was moved to {elsewhere} while this server runs")
    assert f"`mv {elsewhere} {home}`" in told
    assert journal.state.dropped == 0
    with open_store(home).reading() as stored:
        assert len(stored.calls.latest(100)) == 3


async def test_a_folder_that_is_still_away_at_the_end_has_all_that_was_kept(path: Path) -> None:
    home, elsewhere = path.parent, path.parent.with_name("elsewhere")
    async with running(path) as journal:
        await tell(journal, "before", ARRIVED)
        home.rename(elsewhere)
        await tell(journal, "before", Ended(by="caller"))

    assert not home.exists()
    async with running(elsewhere / path.name) as journal:
        assert journal.state.notices == ()
    with open_store(elsewhere).reading() as stored:
        assert [one.call_id for one in stored.calls.latest(100)] == ["before"]


async def test_what_lay_in_its_place_is_set_aside_and_never_thrown_away(path: Path) -> None:
    async with running(path) as journal:
        await tell(journal, "call", ARRIVED)
        put_another_there(path)
        told = await made_good(journal)

    (aside,) = path.parent.glob("journal.sqlite.replaced-*Z")
    assert told.endswith(f"what lay there before is {aside.name} now")
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM bookmarks").fetchone() == (0,)


async def test_an_older_copy_of_itself_that_is_copied_over_it_is_not_gone_on_with(
    path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    async with running(path) as journal:
        for number in range(20):
            await tell(journal, f"call-{number}", ARRIVED, LONG, Ended(by="caller"))
            await journal.written()
            tidy_the_log(path)
            if number == 10:
                shutil.copyfile(path, copy)
        os.truncate(copy, os.stat(path).st_size)  # so that it is no shorter

        shutil.copyfile(copy, path)
        told = await made_good(journal)

    assert told.startswith("another file was copied over it")
    with open_store(path.parent).reading() as stored:
        assert len(stored.calls.latest(100)) == 20


async def test_a_call_goes_on_at_once_while_the_new_file_is_written(path: Path) -> None:
    async with running(path) as journal:
        await tell(journal, "call", ARRIVED)
        remove_journal(path)

        with pytest.raises(StoreFailed, match="its file was deleted or moved away"):
            await journal.keep("call", Answered())
        journal.note("call", Answered())
        await made_good(journal)

    assert kinds(path, "call") == ["Arrived", "Answered"]


async def test_files_that_are_taken_away_time_and_again_are_written_anew_each_time(
    path: Path,
) -> None:
    blows = random.Random(7).choices([*BLOWS], k=9)
    async with running(path) as journal:
        for number, blow in enumerate(blows):
            await tell(journal, f"call-{number}", ARRIVED, Ended(by="caller"))
            blow(path)
            await made_good(journal, notices=number + 1)
            await tell(journal, f"after-{number}", ARRIVED, Ended(by="caller"))

    with open_store(path.parent).reading() as stored:
        assert len(stored.calls.latest(100)) == 18


@pytest.mark.parametrize("blow", BLOWS)
async def test_what_is_done_while_another_program_holds_the_lock_costs_nothing_either(
    path: Path, blow: Callable[[Path], None]
) -> None:
    """The other program may make it good by itself, since it has the files open; then there is nothing to tell."""
    async with running(path) as journal:
        for number in range(50):
            await tell(journal, f"ended-{number}", ARRIVED, LONG, Ended(by="caller"))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            journal.note("call", ARRIVED)
            with pytest.raises(StoreFailed):
                await journal.keep("call", Answered())
            if blow is delete_its_rows:
                other.execute("ROLLBACK")
            if blow not in {remove_log, empty_log} or log_of(path).exists():
                blow(path)
        await made_good(journal, notices=0)
        await tell(journal, "call", Ended(by="caller"))

    with open_store(path.parent).reading() as stored:
        assert len(stored.calls.latest(100)) == 51
    assert kinds(path, "call") == ["Arrived", "Ended"]


def vacuum(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def tidy_the_log(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def drop_an_index(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP INDEX call_by_arrival")
    vacuum(path)


@pytest.mark.parametrize("tidy", [vacuum, tidy_the_log, drop_an_index])
async def test_a_program_that_tidies_the_file_is_no_thief(
    path: Path, tidy: Callable[[Path], None]
) -> None:
    async with running(path) as journal:
        for number in range(2_000):
            journal.note(f"call-{number}", ARRIVED)
            journal.note(f"call-{number}", Ended(by="caller"))
        await journal.keep("last", ARRIVED)
        await journal.folded()  # what is written of them later would make the file longer again
        tidy_the_log(path)
        size = os.stat(path).st_size

        tidy(path)
        for _ in range(20):
            await journal.keep("last", CHOICE)
            await asyncio.sleep(0.002)

        assert tidy is not drop_an_index or os.stat(path).st_size < size
        assert journal.state.notices == ()
        assert journal.state.last_error is None


async def test_a_rescue_that_the_disk_refuses_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(path) as journal:
        await tell(journal, "call", ARRIVED)
        stands_in_the_way = path.with_name(f"{path.name}.new")
        stands_in_the_way.mkdir()
        (stands_in_the_way / "something").touch()
        remove_journal(path)
        async with asyncio.timeout(20):
            while "deleted" in (journal.state.last_error or "deleted"):  # noqa: ASYNC110 - told by asking
                await asyncio.sleep(0.001)
        assert journal.state.failing_since is not None
        assert journal.state.notices == ()
        journal.note("call", Ended(by="caller"))

        shutil.rmtree(stands_in_the_way)
        await made_good(journal)

    assert kinds(path, "call") == ["Arrived", "Ended"]


# -- at the next start ------------------------------------------------------------------------------------------------


async def stored(path: Path, calls: int = 200) -> None:
    async with running(path) as journal:
        for number in range(calls):
            await tell(journal, f"call-{number:04}", ARRIVED, LONG, Ended(by="caller"))
        await tell(journal, "open", ARRIVED, Answered())


async def notices(path: Path) -> tuple[str, ...]:
    """What a server that starts now tells."""
    async with running(path) as journal:
        return journal.state.notices


def rows(path: Path) -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return set(connection.execute("SELECT call_id, seq, payload FROM call_event").fetchall())


async def test_a_new_file_in_a_home_with_a_past_is_told_until_the_start_after(path: Path) -> None:
    assert await notices(path) == ()
    await stored(path, calls=3)
    assert await notices(path) == ()
    remove_journal(path)

    (told,) = await notices(path)

    assert told.startswith("it is new and empty, though a server has kept calls here before")
    assert "had 11 events on 20" in told
    assert await notices(path) == ()


async def test_a_home_whose_rules_were_kept_has_a_past_though_nothing_of_the_journal_is_left(
    path: Path,
) -> None:
    await stored(path, calls=3)
    open_store(path.parent).texts.keep("ab" * 32, KeptText("rules.yaml", b"version: 1\n"))
    remove_all_that_is_named_so(path)

    (told,) = await notices(path)

    assert told.startswith("it is new and empty, though a server has kept calls here before")


async def test_an_older_copy_and_another_journal_are_told(path: Path, tmp_path: Path) -> None:
    await stored(path, calls=3)
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(path, copy)
    await stored(path, calls=5)
    shutil.copyfile(copy, path)
    (older,) = await notices(path)
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / path.name
    await stored(other, calls=1)
    shutil.copyfile(other, path)
    (another,) = await notices(path)

    assert older.startswith("it is an older copy, or some of it was removed: it had 28 events on")
    assert another.startswith("it is another file than the last server's")


DAMAGES = 25


@pytest.mark.parametrize("seed", [5, 9])
@pytest.mark.fault("F-67")
async def test_a_damaged_file_is_set_aside_and_all_that_can_be_read_of_it_is_kept(
    tmp_path: Path, seed: int
) -> None:
    whole = tmp_path / "whole" / "journal.sqlite"
    whole.parent.mkdir()
    await stored(whole)
    wanted = rows(whole)
    pages = whole.stat().st_size // 4096
    chance = random.Random(seed)

    for number in range(DAMAGES):
        path = tmp_path / str(number) / "journal.sqlite"
        shutil.copytree(whole.parent, path.parent)
        hit = chance.sample(range(pages), chance.choice([1, 3, pages // 4]))
        with path.open("r+b") as raw:
            for page in hit:
                raw.seek(page * 4096)
                raw.write(chance.choice([bytes(4096), chance.randbytes(4096)]))

        told = await notices(path)

        saved = rows(path)
        # Nothing is made up. SQLite does not see that a page within a long event was emptied: what is left is none.
        assert [row for row in saved - wanted if read_event(f"{row[2]}") is not None] == []
        # A long event lies on some five pages, so each page that is hit costs an event or a leaf of them.
        assert len(wanted - saved) <= len(hit) * 30
        if told:
            assert f"{len(saved)} events of" in told[0]
            lost = len(wanted) - len(saved)
            is_told = f", and {counted(lost, 'is', 'are')} lost" in told[0]
            assert is_told is (lost > 0)
            (aside,) = path.parent.glob("journal.sqlite.damaged-*Z")
            assert aside.name in told[0]
            assert aside.stat().st_size == pages * 4096
        else:
            assert len(saved) == len(wanted)  # what was hit held nothing that SQLite knows


@pytest.mark.parametrize("pages", [0, 1, 40])
async def test_a_header_that_is_gone_costs_nothing_but_itself(path: Path, pages: int) -> None:
    await stored(path)
    wanted = rows(path)
    with path.open("r+b") as raw:
        raw.write(bytes(100 + 4096 * pages))

    (told,) = await notices(path)

    assert told.startswith("it was damaged (")
    saved = rows(path)
    assert saved <= wanted
    assert len(saved) >= len(wanted) - 30 * pages


@pytest.mark.fault("F-67")
async def test_a_log_without_its_file_is_read(path: Path, tmp_path: Path) -> None:
    """SQLite would throw the log away."""
    async with running(path) as journal:
        for number in range(20):
            await tell(journal, f"call-{number}", ARRIVED, LONG, Ended(by="caller"))
        killed = tmp_path / "killed"
        shutil.copytree(path.parent, killed)
    wanted = rows(path)
    for is_gone in (True, False):
        home = tmp_path / f"killed-{is_gone}"
        shutil.copytree(killed, home)
        remove_journal(home / path.name) if is_gone else empty(home / path.name)

        (told,) = await notices(home / path.name)

        assert told.startswith("its file was gone or empty, and only its log was there: 60 events")
        assert rows(home / path.name) == wanted


AT, UNTIL = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
STORM = OverrideKept(
    override_id="1-ovr",
    kind="site",
    name="bergen",
    say=None,
    why="storm",
    author="kari",
    set_at=AT,
    until=UNTIL,
)


EMERGENCY = EmergencyRecord(
    call="ivr-1.0",
    number="112",
    phone="kari",
    began_at=AT,
    tries=(EmergencyTry(trunk="telia", at=AT, status=503),),
)


PAUSED = AgentChange(
    agent="kari",
    seq=7,
    at=AT,
    kind="paused",
    before="available",
    state="paused",
    reason="lunch",
    signed_in=True,
)


async def test_what_is_closed_by_hand_and_who_called_for_help_survives_a_damaged_file(
    path: Path,
) -> None:
    store = SqliteStore(path.parent)
    async with store.keeping() as kept:
        await kept.ledger.put_overrides(STORM)
        await kept.ledger.put_emergencies(EMERGENCY)
        await kept.ledger.put_agent_changes(PAUSED)
    with path.open("r+b") as raw:
        raw.write(bytes(200))

    async with store.keeping() as kept:
        assert await kept.ledger.overrides(AT) == [STORM]
        assert await kept.ledger.emergencies(9) == [EMERGENCY]
        assert await kept.ledger.last_of_agents() == [PAUSED]


@pytest.mark.parametrize("blow", BLOWS)
async def test_what_is_closed_by_hand_survives_whatever_others_do_to_the_files(
    path: Path, blow: Callable[[Path], None]
) -> None:
    async with running(path) as journal:
        ledger = SqliteLedger(path, journal)
        await ledger.put_overrides(STORM)
        await tell(journal, "call", ARRIVED)
        tidy_the_log(path)
        await tell(journal, "call", Answered())

        blow(path)
        await made_good(journal)

        assert await ledger.overrides(AT) == [STORM]
