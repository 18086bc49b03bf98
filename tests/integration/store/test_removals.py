"""What is taken out is gone, from the bytes of the file too, and no figure has changed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from ivr.amount import counted
from ivr.cli import ivr
from ivr.errors import NumberRefused, StoreFailed
from ivr.kpi.months import present_definitions
from ivr.records.agents import AgentStateKept
from ivr.records.changes import FollowUp
from ivr.records.events import (
    Arrived,
    Ended,
    MessageLeft,
    Reason,
    RecordingStarted,
    Routed,
    WordsHeard,
)
from ivr.records.removals import KeptSince, Removal, TakenOut
from ivr.store.door import Keeping
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.outbox import SENT, lay_out
from ivr.store.removals import Pace, SqliteRemovals
from ivr.why import Chose
from tests.integration.store.calls_kept import DAY, Story, abandoned, answered, kept, rated
from tests.integration.store.changes_kept import change_of, changes_for_bergen, sums_of_agents

CALLER, OTHER = "+4790000000", "+4790000001"
LEFT, CUT = "asterisk/spool/recording/left.wav", "asterisk/spool/recording/cut.wav"
LATER = KeptSince(
    journal=DAY + timedelta(days=1),
    numbers=DAY + timedelta(days=1),
    messages=DAY + timedelta(days=1),
    words=DAY + timedelta(days=1),
)
SAID = Routed(
    to="queue bergen",
    language="nb",
    site="bergen",
    department="salg",
    steps=(Reason(because=Chose("main", "queue bergen", said="en hemmelighet")),),
)
HEARD = WordsHeard(
    menu="main",
    engine="twin",
    result="sure",
    likelihood=0.9,
    after_ms=500,
    key="1",
    word="hemmelighet",
    others=("en annen hemmelighet",),
)
T = TypeVar("T")


def leaves_a_message() -> Story:
    return (
        (0, HEARD),
        (0, SAID),
        (1, RecordingStarted(voicemail="box", file=LEFT)),
        (9, MessageLeft(voicemail="box", file=LEFT, seconds=8.0)),
        (10, RecordingStarted(voicemail="box", file=CUT)),
        (20, Ended(by="caller")),
    )


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """Of CALLER: a message, an abandoned call two days later, a follow-up; of OTHER an answered call and another."""
    for file in (LEFT, CUT):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"hello")
    await kept(tmp_path, [leaves_a_message(), answered(3.0)])
    await kept(tmp_path, [abandoned(90.0), abandoned(2.0)], begins=DAY + timedelta(days=2))
    async with open_store(tmp_path).keeping() as keeping:
        for number, caller in enumerate((CALLER, OTHER)):
            told = FollowUp(
                follow_up_id=f"{number}-fol", caller=caller, at=DAY, author="kari", why="ringte"
            )
            await keeping.ledger.put_follow_up(told)
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    command, *others = arguments
    return CliRunner().invoke(ivr, [command, *others, "--home", str(home)], catch_exceptions=False)


FIGURES = (
    ("kpi", "--json", "--from", "2026-11-01", "--to", "2026-11-30"),
    ("kpi", "--json", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "hour"),
    ("kpi", "--json", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "agent"),
    ("migration", "--json"),
)


def published(home: Path) -> list[str]:
    """Every figure, and how many callers are still to be called back."""
    lost = json.loads(run(home, "lost", "--json", "--from", "2026-11-01").output)
    return [*(run(home, *one).output for one in FIGURES), f"{len(lost['callers'])} lost"]


def history_is_the_same_from_the_journal(home: Path) -> bool:
    return run(home, "refold", "--dry-run").exit_code == 0


def in_any_file(home: Path, text: str) -> bool:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return any(text.encode() in file.read_bytes() for file in home.glob("journal.sqlite*"))


@asynccontextmanager
async def at_work(home: Path) -> AsyncIterator[Keeping]:
    """As a server has it: the journal is written meanwhile."""
    async with open_store(home).keeping() as keeping, asyncio.TaskGroup() as group:
        group.create_task(keeping.journal.run(), name="journal")
        yield keeping
        await keeping.journal.close()


def test_a_caller_who_is_forgotten_is_nowhere_and_no_figure_has_changed(home: Path) -> None:
    before = published(home)
    assert "1 lost" in before
    assert in_any_file(home, CALLER)

    shown = run(home, "forget", "900 00 000", "--yes", "-m", "has asked for it", "--author", "ola")

    assert shown.exit_code == 0
    assert "2  calls do not say any more who called" in shown.output
    assert "2  files of sound were deleted" in shown.output
    assert published(home) == before
    assert not in_any_file(home, CALLER)
    assert not in_any_file(home, "hemmelighet")
    assert not (home / LEFT).exists()
    assert not (home / CUT).exists()
    assert "nothing is kept of this caller" in run(home, "export", CALLER).output
    assert in_any_file(home, OTHER)
    assert history_is_the_same_from_the_journal(home)
    assert published(home) == before


def test_what_was_taken_out_is_written_down_without_the_number(home: Path) -> None:
    run(home, "forget", CALLER, "--yes", "-m", "has asked for it", "--author", "ola")

    shown = run(home, "removals").output
    (told,) = json.loads(run(home, "removals", "--json").output)

    assert "forget  ola: has asked for it" in shown
    assert "2 numbers, 1 message, 2 files" in shown
    assert told["done_at"] is not None
    assert "90000000" not in json.dumps(told)


def test_a_forgotten_caller_stays_on_the_work_list_without_a_number(home: Path) -> None:
    run(home, "forget", CALLER, "--yes")

    shown = run(home, "lost", "--from", "2026-11-01").output

    assert "(forgotten)" in shown
    assert "90 00 00 00" not in shown


def test_nobody_is_forgotten_by_mistake(home: Path) -> None:
    asked = CliRunner().invoke(ivr, ["forget", CALLER, "--home", str(home)], input="n\n")

    assert asked.exit_code == 1
    assert "forget +47 90 00 00 00 for good?" in asked.output
    assert in_any_file(home, CALLER)
    with pytest.raises(NumberRefused):
        run(home, "forget", "kari", "--yes")


def test_a_caller_whom_nobody_knows_is_forgotten_too_and_it_is_said(home: Path) -> None:
    assert "nothing to take out" in run(home, "forget", "+4799999999", "--yes").output


async def test_a_call_under_way_is_left_and_it_is_said(home: Path) -> None:
    async with at_work(home) as keeping:
        first = arrival_of(CALLER)
        await keeping.journal.keep("under-way", first)
        removal = await keeping.removals.forget(CALLER, "ola", "")
        again = await keeping.removals.forget(OTHER, "ola", "")

    assert (removal.under_way, again.under_way) == (1, 0)
    with open_store(home).reading() as stored:
        assert [one.caller for one in stored.calls.open_calls()] == [CALLER]


def arrival_of(caller: str) -> Arrived:
    return Arrived(dialled="+4755301000", caller=caller, call_time="", revision="r", channel="c")


class _Killed(Exception):
    """The server is gone."""


class _Mortal:
    """A journal whose server is killed before its so-and-so-manieth turn. What was done before is done."""

    def __init__(self, keeping: Keeping, turns: int, look: Callable[[], None]) -> None:
        self._journal = keeping.journal
        self._left = turns
        self._look = look

    async def in_turn(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._look()
        if self._left == 0:
            raise _Killed
        self._left -= 1
        found: T = await self._journal.in_turn(work)  # type: ignore[attr-defined]
        return found

    async def folded(self) -> None:
        """All are."""

    def forget_recent(self) -> None:
        """Gone with the server."""


@pytest.mark.fault("F-71")
@pytest.mark.parametrize("turns", range(1, 7))
async def test_a_server_that_is_killed_leaves_no_message_without_its_sound_and_the_next_one_ends_it(
    home: Path, turns: int
) -> None:
    before = published(home)

    def look() -> None:
        with closing(sqlite3.connect(home / JOURNAL)) as connection:
            messages = connection.execute("SELECT file FROM message").fetchall()
        assert all((home / file).exists() for (file,) in messages)

    async with at_work(home) as keeping:
        mortal = SqliteRemovals(
            _Mortal(keeping, turns, look), home, pace=Pace(lot_seconds=0.0, pause_seconds=0.0)
        )
        with pytest.raises(_Killed):
            await mortal.forget(CALLER, "ola", "")
    async with at_work(home) as keeping:
        await keeping.removals.finish()

    assert not in_any_file(home, CALLER)
    assert not (home / LEFT).exists()
    assert published(home) == before
    (told,) = json.loads(run(home, "removals", "--json").output)
    assert told["done_at"] is not None
    assert told["taken"]["numbers"] == 2


async def test_calls_are_written_between_the_lots_of_a_purge(home: Path) -> None:
    async with at_work(home) as keeping:
        slow = SqliteRemovals(
            keeping.journal,  # type: ignore[arg-type]
            home,
            pace=Pace(lot_seconds=0.0, pause_seconds=0.0),
        )
        async with asyncio.TaskGroup() as group:
            purging = group.create_task(slow.purge(LATER, "server", ""))
            for number in range(20):
                await keeping.journal.keep(f"9-{number}", arrival_of(OTHER))
        assert purging.result().taken.events > 0

    with open_store(home).reading() as stored:
        assert len(stored.calls.open_calls()) == 20


async def purged(home: Path, since: KeptSince) -> Removal:
    async with at_work(home) as keeping:
        return await keeping.removals.purge(since, "server", "")


async def test_what_is_over_is_purged_and_the_figures_stay(home: Path) -> None:
    before = [run(home, *one).output for one in FIGURES[:3]]
    with open_store(home).reading() as stored:
        would = stored.removals.would_purge(LATER)

    removal = await purged(home, LATER)

    assert [run(home, *one).output for one in FIGURES[:3]] == before
    assert (removal.taken.events, removal.taken.numbers, removal.taken.messages) == (
        would.events,
        would.numbers,
        would.messages,
    )
    assert (would.numbers, would.messages, would.words) == (2, 1, 1)
    with open_store(home).reading() as stored:
        old, other, *young = sorted(stored.calls.latest(9), key=lambda one: one.arrived_at)
        assert (old.caller, old.messages, stored.calls.events(old.call_id)) == ("purged", (), ())
        assert (other.caller, [one.caller for one in young]) == ("purged", [CALLER, OTHER])
        assert {one.caller for one in stored.history.follow_ups(DAY)} == {"purged"}
    assert not (home / LEFT).exists()
    assert not in_any_file(home, "hemmelighet")
    assert history_is_the_same_from_the_journal(home)
    assert [run(home, *one).output for one in FIGURES[:3]] == before


async def test_a_second_purge_finds_nothing_and_writes_nothing_down(home: Path) -> None:
    await purged(home, LATER)

    again = await purged(home, LATER)

    assert again.taken.is_nothing
    assert len(json.loads(run(home, "removals", "--json").output)) == 1


async def test_words_alone_are_taken_out_of_the_reasons(home: Path) -> None:
    removal = await purged(home, KeptSince(words=DAY + timedelta(days=1)))

    assert removal.taken.words == 1
    with open_store(home).reading() as stored:
        (routed,) = [
            entry.event
            for entry in stored.calls.events("230900-00000")
            if isinstance(entry.event, Routed)
        ]
    assert routed.steps == (Reason(because=Chose("main", "queue bergen")),)


async def test_old_sound_is_deleted_and_young_sound_is_kept(home: Path) -> None:
    os.utime(home / CUT, (0, DAY.timestamp() - 3600))

    removal = await purged(home, KeptSince(recordings=DAY))

    assert removal.taken.files == 1
    assert (home / LEFT).exists()
    assert not (home / CUT).exists()


async def test_a_journal_that_is_purged_to_its_end_can_be_written_and_opened_again(
    tmp_path: Path,
) -> None:
    await kept(tmp_path, [answered(3.0)])
    await purged(tmp_path, KeptSince(journal=DAY + timedelta(days=1)))

    await kept(tmp_path, [answered(3.0)], begins=DAY + timedelta(days=1))

    with open_store(tmp_path).reading() as stored:
        assert len(stored.calls.latest(9)) == 2


def test_the_settings_say_what_a_purge_takes(home: Path) -> None:
    assert "kept for ever" in run(home, "purge", "--dry-run").output
    assert "nothing to take out" in run(home, "purge").output
    (home / "ivr.toml").write_text("[retention]\njournal = 36500\nnumbers = 36500\n")

    dry = json.loads(run(home, "purge", "--dry-run", "--json").output)

    assert "journal" in dry["since"]
    assert dry["would_take"]["events"] == 0


def test_what_a_program_reads_is_facts_and_not_the_log(home: Path) -> None:
    forgotten = run(home, "forget", CALLER, "--yes", "--json")

    assert json.loads(forgotten.stdout)["removal"]["taken"]["numbers"] > 0
    assert forgotten.stderr == ""


def test_the_log_is_not_shown_to_who_takes_something_out(home: Path) -> None:
    (home / "ivr.toml").write_text("[retention]\njournal = 1\n")

    forgotten = run(home, "forget", CALLER, "--yes")
    purged_too = run(home, "purge")

    assert "2  calls do not say any more who called" in forgotten.stdout
    assert "taken out" not in forgotten.output + purged_too.output
    assert forgotten.stderr == purged_too.stderr == ""


async def test_what_is_folded_anew_after_a_purge_of_the_newest_call_is_the_same(
    tmp_path: Path,
) -> None:
    await kept(tmp_path, [answered(3.0), answered(9.0)])
    before = run(tmp_path, "calls", "--json").stdout

    await purged(tmp_path, KeptSince(journal=DAY + timedelta(days=1)))

    assert run(tmp_path, "refold", "--dry-run").exit_code == 0
    assert run(tmp_path, "refold").exit_code == 0
    dispositions = [one["disposition"] for one in json.loads(before)]
    after = json.loads(run(tmp_path, "calls", "--json").stdout)
    assert [one["disposition"] for one in after] == dispositions


async def test_what_would_be_purged_is_what_is_purged_to_the_journals_last_row(
    tmp_path: Path,
) -> None:
    await kept(tmp_path, [answered(3.0), answered(9.0)])
    since = KeptSince(journal=DAY + timedelta(days=1))
    with open_store(tmp_path).reading() as stored:
        would = stored.removals.would_purge(since)

    removal = await purged(tmp_path, since)

    assert would.events == removal.taken.events == 11
    with open_store(tmp_path).reading() as stored:
        assert stored.removals.would_purge(since).is_nothing


@pytest.mark.parametrize("call_id", ["230900-00000", "230900-00001"])
async def test_a_call_whose_events_were_purged_is_told_from_its_record(
    tmp_path: Path, call_id: str
) -> None:
    await kept(tmp_path, [answered(3.0), answered(9.0)])
    of_it = ("explain", call_id, "--language")
    before = run(tmp_path, *of_it, "en").stdout.partition("\n\n")[2]
    assert "bergen: answered by kari" in before

    await purged(tmp_path, KeptSince(journal=DAY + timedelta(days=1)))
    events, _, record = run(tmp_path, *of_it, "en").stdout.partition("\n\n")

    assert record == before
    assert events.startswith("its events were purged")
    assert run(tmp_path, *of_it, "nb").stdout.startswith("hendelsene er tatt ut")
    facts = json.loads(run(tmp_path, "explain", call_id, "--json").stdout)
    assert (facts["purged"], facts["site"], facts["steps"]) == (True, "bergen", [])
    exported = run(tmp_path, "export", "+4790000001").stdout
    assert exported.count("its events were purged") == 1


async def test_no_record_is_made_of_what_a_purge_left_where_a_damaged_journal_is_read(
    tmp_path: Path,
) -> None:
    story = [*answered(9.0), (80.0, MessageLeft(voicemail="box", file=LEFT, seconds=8.0))]
    await kept(tmp_path, [answered(3.0), story])
    await purged(tmp_path, KeptSince(journal=DAY + timedelta(days=1)))
    figures = json.loads(run(tmp_path, *FIGURES[0]).stdout)["rows"]
    before = records_of(tmp_path)
    with (tmp_path / JOURNAL).open("r+b") as file:
        file.write(bytes(100))

    async with at_work(tmp_path) as keeping:
        assert keeping.journal.state.notices

    assert records_of(tmp_path) == before
    with open_store(tmp_path).reading() as stored:
        assert stored.calls.open_calls() == ()
    assert json.loads(run(tmp_path, *FIGURES[0]).stdout)["rows"] == figures


async def test_a_file_that_cannot_be_deleted_is_tried_again(home: Path) -> None:
    (home / LEFT).unlink()
    (home / LEFT).mkdir()

    async with at_work(home) as keeping:
        removal = await keeping.removals.forget(CALLER, "ola", "")
        assert (removal.files_left, removal.taken.files) == (1, 1)
        (home / LEFT).rmdir()
        (home / LEFT).touch()
        await keeping.removals.finish()

    assert not (home / LEFT).exists()


async def test_a_journal_that_is_closed_says_so(home: Path) -> None:
    async with open_store(home).keeping() as keeping:
        await keeping.journal.close()
        with pytest.raises(StoreFailed, match="closed"):
            await keeping.removals.purge(LATER, "server", "")


async def test_figures_of_purged_days_survive_a_damaged_file(home: Path) -> None:
    await kept(home, [answered(3.0)], begins=DAY + timedelta(days=9))
    await purged(home, LATER)
    async with at_work(home) as keeping:
        await keeping.months.close("2026-10", present_definitions({}), DAY)
    whole = ("kpi", "--json", "--from", "2026-11-01", "--to", "2026-12-30")
    before = json.loads(run(home, *whole).output)
    removals = run(home, "removals", "--json").output
    damage(home)

    async with at_work(home) as keeping:
        (notice,) = keeping.journal.state.notices

    assert " lost" not in notice
    after = json.loads(run(home, *whole).output)
    assert {**after, "definitions": None} == {**before, "definitions": None}
    assert after["definitions"]["closed_months"] == before["definitions"]["closed_months"]
    assert run(home, "removals", "--json").output == removals
    with open_store(home).reading() as stored:
        assert len(stored.history.follow_ups(DAY)) == 2


def set_aside(home: Path) -> list[Path]:
    return list(home.glob(f"{JOURNAL}.damaged-*"))


async def test_what_was_set_aside_is_named_where_somebody_is_taken_out(home: Path) -> None:
    damage(home)
    async with at_work(home):
        pass
    asides = set_aside(home)

    forgotten = await asyncio.to_thread(run, home, "forget", CALLER, "--yes", "--json")

    assert asides
    assert all(f"left: {aside} still has what it had" in forgotten.stderr for aside in asides)
    assert str(home / JOURNAL) + " " not in forgotten.stderr
    assert json.loads(forgotten.stdout)["removal"]["taken"]["numbers"] > 0
    for aside in asides:
        aside.unlink()
    assert (await asyncio.to_thread(run, home, "purge")).stderr == ""


async def test_what_a_second_store_keeps_until_a_server_runs_is_told(home: Path) -> None:
    alone = await asyncio.to_thread(run, home, "forget", OTHER, "--yes")
    with closing(sqlite3.connect(home / JOURNAL)) as connection, connection:
        lay_out(connection)

    forgotten = await asyncio.to_thread(run, home, "forget", CALLER, "--yes", "--json")
    purged_too = await asyncio.to_thread(run, home, "purge")

    told = "left: PostgreSQL (`store.url`) keeps it until a server runs with this home folder"
    assert told not in alone.stderr
    assert told in forgotten.stderr
    assert told in purged_too.stderr


async def test_records_of_purged_calls_survive_a_damaged_file_once_each(home: Path) -> None:
    """Those whose events stand are folded anew, whatever a record says of them; a call that lost some keeps its own."""
    await kept(home, [rated(9), rated(None)], begins=DAY + timedelta(hours=1))
    await kept(home, [rated(8), answered(3.0)], begins=DAY + timedelta(days=9))
    await purged(home, KeptSince(journal=DAY + timedelta(days=1)))
    before = records_of(home)
    figures = [json.loads(run(home, *one).output) for one in FIGURES[:3]]
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("UPDATE queue_visit SET queue = 'x' WHERE call_id = '020900-00001'")
        connection.execute(
            "DELETE FROM call_event WHERE call_id = '020900-00000' AND type = 'queued'"
        )
        connection.commit()
    damage(home)

    async with at_work(home) as keeping:
        (notice,) = keeping.journal.state.notices

    assert "and the records of" in notice
    assert records_of(home) == before
    after = [json.loads(run(home, *one).output) for one in FIGURES[:3]]
    for one in (*figures, *after):
        del one["definitions"]  # of rules that this home has no change of
    assert after == figures
    assert history_is_the_same_from_the_journal(home)


async def test_a_message_whose_event_alone_was_lost_survives_a_damaged_file_and_is_told(
    home: Path,
) -> None:
    """It came in after the end of the call, so that no later event shows the gap."""
    at_the_tone = (*answered(3.0)[:1], (9.0, Ended(by="caller")))
    left = MessageLeft(voicemail="salg", file="recordings/1.wav", seconds=8.0)
    await kept(home, [(*at_the_tone, (9.5, left)), (*at_the_tone, (9.5, left)), at_the_tone])
    before = records_of(home)
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        lost = "DELETE FROM call_event WHERE type = 'message_left' AND call_id LIKE '%-00001'"
        assert connection.execute(lost).rowcount == 1
        connection.commit()
    damage(home)

    async with at_work(home) as keeping:
        (notice,) = keeping.journal.state.notices

    assert records_of(home) == before
    assert "and 1 is lost" in notice


async def test_who_called_again_is_still_known_after_a_damaged_file_though_numbers_were_purged(
    home: Path,
) -> None:
    await purged(home, KeptSince(numbers=DAY + timedelta(days=1)))
    before = repeats_of(home)
    damage(home)

    async with at_work(home):
        pass

    assert repeats_of(home) == before
    assert before != []


async def test_what_was_purged_does_not_come_back_out_of_the_log_of_a_file_that_is_gone(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The log has pages of before the purge as well."""
    killed = tmp_path_factory.mktemp("killed")
    async with at_work(home) as keeping:
        for number in range(20):
            keeping.journal.note(f"240000-{number}", arrival_of(CALLER))
            keeping.journal.note(f"240000-{number}", Ended(by="caller"))
        await keeping.journal.written()
        since = datetime.now(UTC) + timedelta(days=1)
        await keeping.removals.purge(KeptSince(journal=since, numbers=since), "server", "")
        shutil.copytree(home, killed, dirs_exist_ok=True)
    (killed / JOURNAL).unlink()

    async with at_work(killed) as keeping:
        (notice,) = keeping.journal.state.notices

    assert "only its log was there" in notice
    with closing(sqlite3.connect(killed / JOURNAL)) as connection:
        assert CALLER not in "".join(connection.iterdump())
        assert connection.execute("SELECT count(*) FROM call_event").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM call").fetchone()[0] >= 20


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_a_caller_who_was_being_forgotten_is_forgotten_after_a_damaged_file(
    home: Path, turns: int
) -> None:
    async with at_work(home) as keeping:
        pace = Pace(lot_seconds=0.0, pause_seconds=0.0)
        mortal = SqliteRemovals(_Mortal(keeping, turns, lambda: None), home, pace=pace)
        with pytest.raises(_Killed):
            await mortal.forget(CALLER, "ola", "")
    damage(home)

    async with at_work(home) as keeping:
        await keeping.removals.finish()

    assert not (home / LEFT).exists()
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        assert CALLER not in "".join(connection.iterdump())


async def test_how_many_events_are_lost_is_told_however_much_of_agents_was_purged(
    home: Path,
) -> None:
    changes = [change_of("kari", seq, DAY, "paused") for seq in range(1, 42)]
    async with at_work(home) as keeping:
        await keeping.ledger.put_agent_changes(*changes)
        gone = await keeping.removals.purge(KeptSince(agents=DAY + timedelta(hours=1)), "ola", "")
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        lost = connection.execute("DELETE FROM call_event WHERE call_id LIKE '23%'").rowcount
        connection.commit()
    damage(home)

    async with at_work(home) as keeping:
        (notice,) = keeping.journal.state.notices

    assert gone.taken == TakenOut(changes=40)
    assert f", and {counted(lost, 'is', 'are')} lost" in notice
    assert lost > 0


async def test_what_an_older_server_took_out_survives_a_damaged_file(home: Path) -> None:
    await purged(home, LATER)
    before = run(home, "removals", "--json").output
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        connection.executescript(
            "ALTER TABLE removal DROP COLUMN changes; ALTER TABLE removal ADD COLUMN changes INTEGER;"
        )
    damage(home)

    async with at_work(home):
        pass

    assert run(home, "removals", "--json").output == before
    assert json.loads(before)[0]["taken"]["events"] > 0


def repeats_of(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return connection.execute("SELECT * FROM first_call_day ORDER BY 1, 2, 3").fetchall()


def records_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("call", "queue_visit", "message", "survey_reply", "removal_file")
        }


def damage(home: Path) -> None:
    with (home / JOURNAL).open("r+b") as raw:
        raw.write(bytes(200))


OF_CALLERS = {
    "call": "caller, sip_call_id: `numbers`, and `ivr forget`",
    "call_event": "what was said, by whom, files of sound: `journal`, `numbers`, `words`, and `ivr forget`",
    "open_call": "a call that has not ended; it has no number",
    "queue_visit": "of a call",
    "message": "files of sound: `messages`, `recordings`, and `ivr forget`",
    "survey_reply": "numbers keyed, of a call whose caller's number goes",
    "follow_up": "caller, why: `numbers`, and `ivr forget`",
}
OF_AGENTS = {
    "agent_change": "`agents`",
    "agent_hour": "sums by agent, as the figures",
    "offer_agent": "sums by agent, as the figures",
}
OF_NO_PERSON = {
    *("offer_day", "offer_quarter", "call_day", "first_call_day", "path_day", "survey_day", "duty_quarter"),
    *("fold_made", "closed_month", "rules_change", "override", "emergency_call"),
    *("removal", "removal_call", "removal_file"),
}  # fmt: skip


def test_of_each_table_it_is_known_whose_it_is_and_what_takes_it_out() -> None:
    """A new table belongs to one of these, and what takes its rows out is built before it is written here."""
    known = OF_CALLERS.keys() | OF_AGENTS.keys() | OF_NO_PERSON

    assert SENT.keys() - known == set()


async def test_what_agents_did_goes_when_its_time_is_over_and_its_sums_stay(
    tmp_path: Path,
) -> None:
    states: tuple[AgentStateKept, ...] = (
        *("available", "talking", "wrapping_up"),
        *("paused", "available", "signed_out"),
    )
    told = [
        one
        for agent, hours in (("kari", 0), ("ola", 30))
        for one in changes_for_bergen(
            agent, DAY + timedelta(hours=hours), timedelta(minutes=7), states
        )
    ]
    store = open_store(tmp_path)
    async with store.keeping() as keeping:
        await keeping.ledger.put_agent_changes(*told)
    before = sums_of_agents(tmp_path)
    since = KeptSince.of(DAY + timedelta(hours=31, minutes=20), {"agents": 1})

    with store.reading() as stored:
        would = stored.removals.would_purge(since)
    removal = await purged(tmp_path, since)

    assert since.agents == DAY + timedelta(hours=7)
    assert removal.taken == would == TakenOut(changes=5)
    with store.reading() as stored:
        assert [one.agent for one in stored.history.last_of_agents()] == ["kari", "ola"]
        left = stored.history.agent_changes(DAY, DAY + timedelta(days=3))
    assert [(one.agent, one.seq) for one in left][:1] == [("kari", 6)]
    assert sums_of_agents(tmp_path) == before != []
    assert store.refold(datetime.now(UTC))["duty_quarter"]
    assert sums_of_agents(tmp_path) == before


@pytest.mark.parametrize("is_purged", [False, True], ids=["all of it", "after a purge"])
async def test_what_agents_and_surveys_came_to_survives_a_damaged_file(
    tmp_path: Path, is_purged: bool
) -> None:
    """Sums whose rows were purged can be made of nothing else any more."""
    await kept(tmp_path, [rated(9), rated(None), answered(3.0)])
    told = changes_for_bergen("kari", DAY, timedelta(minutes=40), LONG_DAY)
    async with at_work(tmp_path) as keeping:
        await keeping.ledger.put_agent_changes(*told)
        if is_purged:
            since = KeptSince(journal=DAY + timedelta(days=2), agents=DAY + timedelta(hours=3))
            await keeping.removals.purge(since, "ola", "")
    before = [*sums_of_agents(tmp_path), *surveys_of(tmp_path)]
    with (tmp_path / JOURNAL).open("r+b") as raw:
        raw.write(bytes(100))

    async with at_work(tmp_path):
        pass

    assert [*sums_of_agents(tmp_path), *surveys_of(tmp_path)] == before
    assert surveys_of(tmp_path) != []


LONG_DAY: tuple[AgentStateKept, ...] = (
    *("available", "talking", "wrapping_up", "available", "paused"),
    *("available", "talking", "signed_out"),
)


def surveys_of(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return connection.execute("SELECT * FROM survey_day ORDER BY 1, 2").fetchall()
