"""History as it is folded on disk says what the calls say, to the last digit, and can be made again to the byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.cli.refold import refold
from ivr.kpi.history import apart_for, figures_of_history, grain_for, repeats_of_history
from ivr.kpi.repeats import repeats
from ivr.kpi.rows import WAYS, By, Only, ScoreSought, Sought, Terms, calls_behind, figures
from ivr.records.events import Ended, MessageLeft
from ivr.records.months import ClosedMonth, MonthDefinitions
from ivr.records.record import (
    CallRecord,
    Disposition,
    QueueVisit,
    SurveyReply,
    VisitOutcome,
)
from ivr.store.door import Reading
from ivr.store.folds import HISTORY, Folding
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.refolding import make_history
from ivr.store.refolding import refold as fold_anew
from ivr.store.schema import known_migrations, migrate
from tests.integration.store.calls_kept import DAY, abandoned, answered, kept, rated

ZONE = ZoneInfo("Europe/Oslo")
TERMS = Terms(zone=ZONE, targets={"bergen": 20.0, "oslo": 60.0})
NOW = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 24), date(2026, 11, 8)
AUTUMN = datetime(2026, 10, 22, tzinfo=UTC)
MOMENTS = st.one_of(
    st.integers(0, 18 * 24 * 60).map(lambda minutes: AUTUMN + timedelta(minutes=minutes)),
    # the night in which the clocks are put back
    st.integers(0, 4 * 60).map(
        lambda m: datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(minutes=m)
    ),
)
WAITS = st.one_of(
    st.none(), st.sampled_from([0.0, 5.0, 5.0000001, 20.0, 59.9999999]), st.floats(0, 400)
)
OUTCOMES: tuple[VisitOutcome, ...] = (
    "answered",
    "abandoned",
    "abandoned_short",
    "overflowed",
    "callback",
    "exit_key",
    "system_dropped",
    "blocked",
    "closed",
)


PATHS = st.sampled_from(
    [
        None,
        "queue bergen",
        "menu main",
        "menu main 1 > queue bergen",
        "menu main 1 > menu ma_n",
        "menu main 12 > menu main nothing > queue oslo",
        "menu ma_n 1 > menu main",
    ]
)


@st.composite
def visits(draw: st.DrawFn) -> QueueVisit:
    outcome = draw(st.sampled_from(OUTCOMES))
    is_answered = outcome == "answered"
    wait = draw(WAITS) if outcome != "closed" else None
    if outcome in {"abandoned", "abandoned_short"}:  # as the journal tells it
        outcome = "abandoned_short" if wait is not None and wait <= 5.0 else "abandoned"
    return QueueVisit(
        queue=draw(st.sampled_from(["bergen", "oslo", "vest"])),
        entered_at=AUTUMN + timedelta(days=2),
        outcome=outcome,
        wait_seconds=wait,
        agent=draw(st.sampled_from(["kari", "ola"])) if is_answered else None,
        talk_seconds=draw(st.one_of(st.none(), st.floats(0, 900))) if is_answered else None,
    )


REPLIES = st.builds(
    SurveyReply,
    survey=st.sampled_from(["short", "long"]),
    queue=st.sampled_from(["bergen", "oslo"]),
    agent=st.sampled_from([None, "kari"]),
    asked_at=st.just(AUTUMN + timedelta(days=2)),
    lowest=st.just(1),
    highest=st.sampled_from([5, 10]),
    score=st.one_of(st.none(), st.integers(1, 5)),
)


@st.composite
def records(draw: st.DrawFn) -> CallRecord:
    at = draw(MOMENTS)
    dispositions: tuple[Disposition, ...] = ("answered", "abandoned", "closed", "voicemail")
    return CallRecord(
        call_id=f"{draw(st.integers(0, 10**9)):010}",
        arrived_at=at,
        ended_at=at,
        call_time=at.astimezone(ZONE).isoformat(timespec="seconds"),
        caller=draw(st.sampled_from([None, "+4790000001", "+4790000002", "+4790000003"])),
        site=draw(st.sampled_from([None, "os", "al"])),
        department=draw(st.sampled_from([None, "salg", "faktura"])),
        disposition=draw(st.sampled_from(dispositions)),
        ended_by="caller",
        test=draw(st.integers(0, 9)) == 0,
        visits=tuple(draw(st.lists(visits(), max_size=3))),
        surveys=tuple(draw(st.lists(REPLIES, max_size=2))),
        path=draw(PATHS),
    )


ONLY = st.builds(
    Only,
    queue=st.sampled_from([None, None, "bergen"]),
    site=st.sampled_from([None, None, "os"]),
    department=st.sampled_from([None, None, "salg"]),
    agent=st.sampled_from([None, None, "kari"]),
    outcome=st.sampled_from([None, None, *OUTCOMES]),
)
SOME_CALLS = st.lists(records(), max_size=25, unique_by=lambda record: record.call_id)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(opened(tmp_path)) as connection:
        yield connection


def opened(home: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(home / JOURNAL, isolation_level=None)
    migrate(connection, known_migrations(), NOW)
    make_history(connection, NOW)
    return connection


def keep(connection: sqlite3.Connection, told: list[CallRecord], at_once: int = 3) -> None:
    """Some calls in each transaction, as a journal writes them."""
    for start in range(0, len(told), at_once):
        connection.execute("BEGIN")
        folding = Folding(connection)
        for record in told[start : start + at_once]:
            folding.keep(record)
        folding.write()
        connection.execute("COMMIT")


def history(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of it, in order."""
    return {
        name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall()) for name in HISTORY
    }


CLOSED = ClosedMonth(
    month="2026-10",
    closed_at=NOW,
    definitions=MonthDefinitions(
        within_seconds={"bergen": 7.0},
        otherwise_within_seconds=30.0,
        short_seconds=3.0,
        service_levels={},
        history=1,
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    SOME_CALLS,
    ONLY,
    st.sampled_from([1.0, 5.0, 30.0]),
    st.sampled_from([None, 10.0]),
    st.sampled_from([{}, {"2026-10": CLOSED}]),
)
def test_history_gives_what_the_calls_give_to_the_last_digit(
    told: list[CallRecord],
    only: Only,
    short: float,
    within: float | None,
    closed: dict[str, ClosedMonth],
) -> None:
    terms = replace(TERMS, short_seconds=short, within_seconds=within, closed=closed)
    with TemporaryDirectory() as folder:
        with closing(opened(Path(folder))) as connection:
            keep(connection, told)
        with open_store(Path(folder)).reading() as stored:
            for by in WAYS:
                _same_figures(stored, by, terms, only)
            _same_repeats(stored)


def bounds() -> tuple[datetime, datetime]:
    after = LAST + timedelta(days=1)
    return (
        datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE),
        datetime(after.year, after.month, after.day, tzinfo=ZONE),
    )


def _same_figures(stored: Reading, by: By, terms: Terms, only: Only) -> None:
    grain = grain_for(by, only)
    if grain is None:
        return
    of_calls = figures(stored.calls.between(*bounds()), by, terms, only)
    of_history = figures_of_history(
        stored.folds.offers(grain, FIRST, LAST, only, apart_for(by)),
        stored.folds.calls(FIRST, LAST),
        by,
        terms,
        only,
    )
    assert of_history.calls == of_calls.calls
    assert of_history.total == of_calls.total
    assert of_history.rows == of_calls.rows


def _same_repeats(stored: Reading) -> None:
    every = list(stored.calls.between(AUTUMN, AUTUMN + timedelta(days=30)))
    today = NOW.astimezone(ZONE).date()
    for now_day in (today, date(2026, 12, 24)):
        now = datetime(now_day.year, now_day.month, now_day.day, 12, tzinfo=ZONE)
        of_calls = repeats(every, *bounds(), now=now, zone=ZONE)
        assert repeats_of_history(stored.folds.first_calls(FIRST, LAST), now_day) == of_calls


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    SOME_CALLS,
    ONLY,
    st.sampled_from(WAYS),
    st.sampled_from([1.0, 5.0, 30.0]),
    st.sampled_from(
        [(None, None), ("main", None), ("main", "1"), ("ma_n", "left"), ("main", "nothing")]
    ),
    st.tuples(
        st.sampled_from([None, None, "answered", "voicemail"]),
        st.sampled_from([None, None, None, "any", "none", 4]),
    ),
)
def test_the_calls_behind_a_figure_are_found_without_looking_at_all(
    told: list[CallRecord],
    only: Only,
    by: By,
    short: float,
    left: tuple[str | None, str | None],
    ended: tuple[Disposition | None, ScoreSought | None],
) -> None:
    first, last = bounds()
    menu, key = left
    disposition, score = ended
    sought = Sought(
        first=first,
        last=last,
        by=by,
        only=only,
        short_seconds=short,
        disposition=disposition,
        menu=menu,
        key=key,
        score=score,
    )
    with TemporaryDirectory() as folder:
        with closing(opened(Path(folder))) as connection:
            keep(connection, told)
        with open_store(Path(folder)).reading() as stored:
            came = stored.calls.between(first, last)
            behind = calls_behind(came, by, replace(TERMS, short_seconds=short), only)
            expected = [call for call in behind if sought.takes_call(call)]
            assert list(stored.calls.behind(sought, 1000)) == expected
            assert len(stored.calls.behind(sought, 2)) == min(2, len(expected))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), SOME_CALLS)
def test_in_whatever_order_calls_end_or_are_told_anew_the_bytes_are_the_same(
    data: st.DataObject, told: list[CallRecord]
) -> None:
    first_told = [
        msgspec.structs.replace(one, department="salg", visits=one.visits[:1])
        for one in data.draw(st.permutations(told))[: len(told) // 2]
    ]
    last_told = data.draw(st.permutations(told))
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        with closing(opened(Path(one))) as connection:
            keep(connection, told, at_once=100)
            expected = history(connection)
        with closing(opened(Path(other))) as connection:
            keep(connection, [*first_told, *last_told], at_once=2)
            assert history(connection) == expected
            connection.execute("DELETE FROM fold_made")
            make_history(connection, NOW)
            assert history(connection) == expected


async def test_made_again_from_the_journal_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    stories = [answered(3.0), abandoned(2.0), abandoned(40.0), answered(21.5, 7.25), rated(9)]
    await kept(tmp_path, stories * 5)
    with closing(opened(tmp_path)) as connection:
        expected = history(connection)

    shown = CliRunner().invoke(refold, ["--home", str(tmp_path)], catch_exceptions=False)

    assert shown.exit_code == 0
    assert (
        len([line for line in shown.output.splitlines() if "the same" in line]) == len(HISTORY) + 6
    )
    with closing(opened(tmp_path)) as connection:
        assert history(connection) == expected
        assert all(expected.values())


async def test_what_somebody_changed_is_found_and_made_right(tmp_path: Path) -> None:
    await kept(tmp_path, [answered(3.0)])
    with closing(opened(tmp_path)) as connection:
        right = history(connection)
        connection.execute("UPDATE offer_day SET answered = 7")
        connection.execute("UPDATE call SET site = 'os'")
        wrong = history(connection)
    dry = ["--home", str(tmp_path), "--dry-run"]

    shown = CliRunner().invoke(refold, dry, catch_exceptions=False)

    assert shown.exit_code == 1
    differing = [line.split()[0] for line in shown.output.splitlines() if "differs" in line]
    assert differing == ["call", "offer_day"]
    with closing(opened(tmp_path)) as connection:
        assert history(connection) == wrong
    CliRunner().invoke(refold, dry[:2], catch_exceptions=False)
    with closing(opened(tmp_path)) as connection:
        assert history(connection) == right
    assert CliRunner().invoke(refold, dry, catch_exceptions=False).exit_code == 0


async def test_a_server_that_runs_is_not_disturbed(tmp_path: Path) -> None:
    await kept(tmp_path, [answered(3.0)])

    async with open_store(tmp_path).keeping():
        shown = CliRunner().invoke(refold, ["--home", str(tmp_path)])

    assert shown.exit_code != 0
    assert "is being written by another server" in str(shown.exception)


async def test_a_message_that_comes_in_after_the_end_counts_the_call_once(tmp_path: Path) -> None:
    left = MessageLeft(voicemail="kveld", file="recordings/1.wav", seconds=4.0)
    await kept(tmp_path, [(*abandoned(9.0), (10, left))])

    with open_store(tmp_path).reading() as stored:
        (offers,) = stored.folds.offers("day", DAY.date(), DAY.date(), Only())
        (calls,) = stored.folds.calls(DAY.date(), DAY.date())

    assert (offers.abandoned, offers.waits_abandoned) == (1, "9:1")
    assert (calls.disposition, calls.calls) == ("voicemail", 1)


async def test_calls_that_an_older_version_kept_are_folded_by_the_first_server(
    tmp_path: Path,
) -> None:
    await kept(tmp_path, [answered(3.0), ((1, Ended(by="caller")),)])
    with closing(opened(tmp_path)) as connection:
        expected = history(connection)
        for name in (*HISTORY, "fold_made"):
            connection.execute(f"DELETE FROM {name}")

    async with open_store(tmp_path).keeping():
        pass

    with closing(opened(tmp_path)) as connection:
        assert history(connection) == expected


def test_a_fold_that_fails_leaves_what_there_was(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM fold_made")
    database.execute("INSERT INTO call_day VALUES ('2026-01-01', '', '', 'answered', 3)")
    database.execute("ALTER TABLE offer_agent RENAME TO elsewhere")

    with pytest.raises(sqlite3.Error):
        make_history(database, NOW)

    assert database.execute("SELECT calls FROM call_day").fetchall() == [(3,)]
    assert not database.in_transaction


def test_a_dry_run_ends_as_it_began(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO call_day VALUES ('2026-01-01', '', '', 'answered', 3)")
    database.execute("BEGIN")

    same = fold_anew(database, NOW, dry_run=True)
    database.execute("COMMIT")

    assert [name for name, is_same in same.items() if not is_same] == ["call_day"]
    assert database.execute("SELECT calls FROM call_day").fetchall() == [(3,)]
