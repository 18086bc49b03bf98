"""The views for reporting tools say on a real PostgreSQL what they say on SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ivr.records.agents import AgentChange
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    Queued,
    Routed,
    SurveyAsked,
    SurveyTry,
    TalkEnded,
)
from ivr.store.lock import JOURNAL
from tests.integration.store.sent_store import SentStore
from tests.postgres import PostgresCluster

ARRIVED = Arrived(
    dialled="+4755301000",
    caller="+4790000001",
    call_time="2026-11-23T09:00:00+01:00",
    revision="r",
    channel="c",
)
CAME = (
    ARRIVED,
    Routed(to="queue q", language="nb", site="bergen", department="salg"),
    Queued(queue="q"),
)
ASKED: tuple[CallEvent, ...] = (
    *CAME,
    Connected(queue="q", agent="kari"),
    TalkEnded(by="agent"),
    SurveyAsked(survey="short", lowest=1, highest=10),
    SurveyTry(survey="short", result="answered", score=9),
    Ended(by="agent"),
)
GAVE_UP: tuple[CallEvent, ...] = (
    *CAME,
    LeftQueue(queue="q", result="abandoned"),
    Ended(by="caller"),
)
DAY = datetime(2026, 11, 23, tzinfo=UTC)
VIEWS = "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name"


def change(seq: int, state: str) -> AgentChange:
    at = datetime(2026, 11, 23, 8, seq, tzinfo=UTC)
    return AgentChange(agent="kari", seq=seq, at=at, kind="ready", before="available", state=state)  # type: ignore[arg-type]


async def test_every_view_says_the_same_on_both(tmp_path: Path, postgres: PostgresCluster) -> None:
    url = postgres.new_database()
    store = SentStore(tmp_path, url)
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for number, story in enumerate((ASKED, GAVE_UP, ASKED[:5] + ASKED[-1:]), 1):
            for event in story[:-1]:
                kept.journal.note(f"{number}-call", event)
            await kept.journal.keep(f"{number}-call", story[-1])
        await kept.ledger.put_agent_changes(change(1, "talking"), change(4, "available"))
        await kept.journal.close()

    with closing(sqlite3.connect(tmp_path / JOURNAL)) as here:
        views = [name for (name,) in here.execute(VIEWS)]
        expected = {name: here.execute(f"SELECT * FROM {name}").fetchall() for name in views}
    with postgres.connect(url.rpartition("/")[2]) as there:
        found = {name: there.execute(f"SELECT * FROM {name}".encode()).fetchall() for name in views}
    assert {name: sorted(map(told, rows)) for name, rows in found.items()} == {
        name: sorted(map(told, rows)) for name, rows in expected.items()
    }
    assert all(expected.values())
    assert "kpi_survey" in views

    with store.reading() as stored:
        (scored,) = stored.folds.surveys(date(2026, 1, 1), date(2027, 1, 1))
        duty = list(stored.folds.duty(DAY, DAY + timedelta(days=1)))
        surveyed = list(stored.calls.surveyed(datetime.now(UTC) - timedelta(days=1)))
    assert (scored.scores.asked, scored.scores.answered, scored.scores.score_sum) == (1, 1, 9)
    assert [(one.state, one.ms) for one in duty] == [("talking", 180_000)]
    assert [caller for caller, _ in surveyed] == ["+4790000001"]


def told(row: tuple[object, ...]) -> tuple[str, ...]:
    """Decimals and floating numbers, to nine digits; texts as they are."""
    return tuple(
        cell if isinstance(cell, str) else "" if cell is None else f"{float(str(cell)):.9g}"
        for cell in row
    )
