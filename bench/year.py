"""A year of a large centre, and how fast its figures are read: `python -m bench.year make`, then `read`. No test."""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from click.testing import CliRunner

from bench.year_shape import YearShape, rules_text
from ivr.cli.kpi import kpi
from ivr.records.changes import RulesChange
from ivr.records.events import Arrived, Ended
from ivr.records.fold import fold
from ivr.records.journal import Entry, Journal
from ivr.records.record import CallRecord
from ivr.records.removals import KeptSince
from ivr.store import rows
from ivr.store.door import KeptText
from ivr.store.file import JournalFile
from ivr.store.folds import Folding
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.refolding import make_history
from ivr.store.rows import INSERT_EVENT, entry_row

AT_ONCE = 5_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARRIVED = Arrived(
    dialled="+4755301000", caller="+4790000000", call_time="", revision="r", channel="c", test=True
)
home_option = click.option("--home", type=click.Path(path_type=Path), default=Path(".bench/year"))


@click.group()
def main() -> None:
    """Make a year of calls, and read figures of it."""


@main.command()
@home_option
@click.option("--calls", default=3_000_000, show_default=True)
@click.option("--year", default=2025, show_default=True)
@click.option("--journal-days", default=366, show_default=True, help="Of the last days only.")
def make(home: Path, calls: int, year: int, journal_days: int) -> None:
    """Write the year as a server would have, but in large lots and without waiting for the disk."""
    _begin(home)
    shape, number, began = YearShape(year, calls), 0, time.perf_counter()
    from_day = date(year + 1, 1, 1) - timedelta(days=journal_days)
    with closing(sqlite3.connect(home / JOURNAL, isolation_level=None)) as connection:
        connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
        for day, count in shape.days():
            connection.execute("BEGIN")
            told = [shape.call(number + n, at) for n, at in enumerate(shape.arrivals(day, count))]
            number += count
            _write(connection, told, with_journal=day >= from_day)
            connection.execute("COMMIT")
            if day.day == 1:
                click.echo(f"{day}: {number} calls, {time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
        connection.execute("DELETE FROM fold_made")
        make_history(connection, NOW)
        click.echo(f"history of {number} calls: {time.perf_counter() - began:.0f} s")
        _write_duty(connection, shape)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (home / JOURNAL).stat().st_size
    click.echo(f"{size / 1e9:.2f} GB, {size / number:.0f} bytes a call")


@main.command()
@home_option
@click.option("--year", default=2025, show_default=True)
@click.option("--rounds", default=5, show_default=True)
def read(home: Path, year: int, rounds: int) -> None:
    """Time what people ask for: the best of some rounds by the clock and by the processor, without Python's start."""
    click.echo(_conditions())
    _sizes(home)
    day, whole = f"{year}-12-18", ("--from", f"{year}-01-01", "--to", f"{year}-12-31")
    today = ("--from", day, "--to", day)
    asked: dict[str, tuple[str, ...]] = {
        "ivr kpi of a day": today,
        "ivr kpi of a day by quarter": (*today, "--by", "quarter"),
        "a year by week": (*whole, "--by", "week"),
        "a year by month": (*whole, "--by", "month"),
        "a year by site": (*whole, "--by", "site"),
        "a year by agent": (*whole, "--by", "agent"),
        "a year by queue": (*whole, "--by", "queue"),
        "a year by hour": (*whole, "--by", "hour"),
        "a year by week of one site": (*whole, "--by", "week", "--site", "bodo"),
    }
    filters = (
        (),
        ("--queue", "queue-17"),
        ("--site", "bodo"),
        ("--department", "d-19"),
        ("--agent", "agent-300"),
        ("--outcome", "system_dropped"),
        ("--outcome", "abandoned_short"),
        ("--queue", "queue-17", "--site", "skien", "--outcome", "abandoned"),
        ("--queue", "queue-03", "--agent", "agent-010"),
        ("--site", "skien", "--outcome", "system_dropped"),
    )
    asked |= {f"--calls of a year {' '.join(one)}": (*whole, "--calls", *one) for one in filters}
    for name, arguments in asked.items():
        took = [_timed(home, arguments) for _ in range(rounds)]
        wall, processor = (1000 * min(figures) for figures in zip(*took, strict=True))
        click.echo(f"{wall:7.0f} ms  {processor:7.0f} ms  {name}")


@main.command()
@home_option
@click.option("--calls", default=3_000, show_default=True)
@click.option("--year", default=2025, show_default=True)
def keep_up(home: Path, calls: int, year: int) -> None:
    """How many calls a second the journal's file takes in, folds and all, each in a transaction of its own."""
    click.echo(_conditions())
    shape = YearShape(year, calls, seed=2)
    begins = datetime(year, 12, 18, 9, tzinfo=UTC)
    told = [shape.call(9_000_000 + n, begins + timedelta(seconds=n / 60)) for n in range(calls)]
    file = JournalFile(home / JOURNAL, short_seconds=5.0, busy_seconds=5.0)
    file.open(datetime.now(UTC))
    try:
        click.echo(f"{_rate(told, lambda one: file.write([_draft(entry) for entry in one]))}")
        with file.database.transaction() as connection:
            click.echo(f"the folds alone: {_rate(told, lambda one: _refolded(connection, one))}")
    finally:
        file.close()


@main.command()
@home_option
@click.option("--seconds", default=60.0, show_default=True, help="How long; what is left, stays.")
@click.option("--rate", default=60.0, show_default=True, help="Calls a second, two events each.")
def purge(home: Path, seconds: float, rate: float) -> None:
    """How long a call waits for the journal without a purge of the whole year, and meanwhile."""
    click.echo(_conditions())
    asyncio.run(_purge(home, seconds, rate))


async def _purge(home: Path, seconds: float, rate: float) -> None:
    now = datetime.now(UTC)
    since = KeptSince(journal=now, numbers=now, messages=now, words=now)
    async with open_store(home).keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        click.echo(_waits("alone", await _calls(kept.journal, seconds / 3, rate, "alone")))
        purging = group.create_task(kept.removals.purge(since, "bench", ""), name="purge")
        click.echo(_waits("purge", await _calls(kept.journal, seconds, rate, "purge")))
        purging.cancel()
        await asyncio.wait((purging,))
        await kept.journal.close()
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        (done,) = connection.execute("SELECT count(*) FROM call WHERE caller = 'purged'").fetchone()
    click.echo(f"{done} calls were purged by now")


async def _calls(journal: Journal, seconds: float, rate: float, name: str) -> list[float]:
    """Keep two events of a call as often as said; how long each took."""
    waits = []
    until, number = time.perf_counter() + seconds, 0
    while (began := time.perf_counter()) < until:
        call = f"99-{name}-{number}-{began:.0f}"
        number += 1
        for event in (ARRIVED, Ended(by="caller")):
            asked = time.perf_counter()
            await journal.keep(call, event)
            waits.append(time.perf_counter() - asked)
        await asyncio.sleep(max(0.0, began + 1 / rate - time.perf_counter()))
    return waits


def _waits(name: str, waits: list[float]) -> str:
    found = sorted(1000 * wait for wait in waits)
    middle, tail = found[len(found) // 2], found[len(found) * 99 // 100]
    return f"{name}: {len(found)} events, median {middle:.1f} ms, 99% {tail:.1f} ms, longest {found[-1]:.1f} ms"


def _rate(told: list[tuple[Entry, ...]], write: Callable[[tuple[Entry, ...]], None]) -> str:
    began = time.perf_counter()
    for one in told:
        write(one)
    took = time.perf_counter() - began
    return f"{len(told) / took:.0f} calls a second, {1000 * took / len(told):.2f} ms a call"


def _refolded(connection: sqlite3.Connection, entries: tuple[Entry, ...]) -> None:
    folding = Folding(connection)
    folding.keep(fold(entries))
    folding.write()


def _draft(entry: Entry) -> rows.Draft:
    return rows.Draft.of(entry.call_id, entry.at, entry.monotonic_ns, entry.event)


def _begin(home: Path) -> None:
    """An empty store of a server with these rules."""
    home.mkdir(parents=True)
    store = open_store(home)
    revision = "a" * 64
    store.texts.keep(revision, KeptText("/srv/rules.yaml", rules_text()))
    change = RulesChange(
        change_id="1",
        asked_at=NOW,
        due_at=NOW,
        how="start",
        author="bench",
        why="",
        revision=revision,
        file="/srv/rules.yaml",
        state="taken",
        settled_at=NOW,
    )

    async def put() -> None:
        async with store.keeping() as kept:
            await kept.ledger.put_changes(change)

    asyncio.run(put())


def _write(
    connection: sqlite3.Connection, told: list[tuple[Entry, ...]], *, with_journal: bool
) -> None:
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        if with_journal:
            connection.executemany(
                INSERT_EVENT, (entry_row(e) for entries in some for e in entries)
            )
        rows.insert_records(connection, _folded(some))


def _write_duty(connection: sqlite3.Connection, shape: YearShape) -> None:
    """What agents did, as it is folded; the changes themselves are not made."""
    connection.execute("BEGIN")
    for day, _ in shape.days():
        connection.executemany("INSERT INTO agent_hour VALUES (?, ?, ?, ?)", shape.agent_hours(day))
        connection.executemany(
            "INSERT INTO duty_quarter VALUES (?, ?, ?, ?)", shape.duty_quarters(day)
        )
    connection.execute("COMMIT")


def _folded(told: list[tuple[Entry, ...]]) -> Iterator[CallRecord]:
    return (fold(entries) for entries in told)


def _timed(home: Path, arguments: tuple[str, ...]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    began, busy = time.perf_counter(), time.process_time()
    shown = CliRunner().invoke(kpi, ["--home", str(home), *arguments], catch_exceptions=False)
    took = time.perf_counter() - began, time.process_time() - busy
    assert shown.exit_code == 0, shown.output  # noqa: S101 - a figure of a command that failed is none
    return took


def _sizes(home: Path) -> None:
    size = (home / JOURNAL).stat().st_size
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        for name in (
            *("call", "queue_visit", "offer_day", "offer_quarter", "offer_agent"),
            *("agent_hour", "duty_quarter"),
        ):
            (count,) = connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
            click.echo(f"{count:9} rows  {name}")
        (calls,) = connection.execute("SELECT count(*) FROM call").fetchone()
    click.echo(f"{size / 1e9:.2f} GB, {size / calls:.0f} bytes a call")


def _conditions() -> str:
    load = " ".join(f"{figure:.2f}" for figure in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores, load {load}"
    )


if __name__ == "__main__":
    main()
