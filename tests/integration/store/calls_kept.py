"""A home folder whose calls went through the real journal and fold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from ivr.records.changes import RulesChange
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    MenuTry,
    Queued,
    Reason,
    Routed,
    SurveyAsked,
    SurveyTry,
    TalkEnded,
)
from ivr.store.door import KeptText
from ivr.store.journal import SqliteJournal
from ivr.store.sqlite import SqliteStore
from ivr.why import ClosedThere

ZONE = ZoneInfo("Europe/Oslo")
DAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TO_BERGEN = Routed(to="queue bergen", language="nb", site="bergen", department="salg")
CLOSED = Routed(
    to="hangup",
    language="nb",
    department="salg",
    closed=True,
    steps=(Reason(because=ClosedThere("queue bergen", "salg"), taken=False),),
)

RULES = b"""version: 1
timezone: Europe/Oslo
numbers: {anything else: queue bergen}
queues: {bergen: {answer: 80% within 20s}}
agents: {kari: {phone: kari, queues: [bergen]}}
"""
IN_FORCE = RulesChange(
    change_id="1",
    asked_at=DAY,
    due_at=DAY,
    how="start",
    author="kari",
    why="",
    revision="ab12" + "0" * 60,
    file="/srv/rules.yaml",
    state="taken",
    settled_at=DAY,
)

Story = Sequence[tuple[float, CallEvent]]


def answered(wait: float, talk: float = 60.0) -> Story:
    return (
        (0, TO_BERGEN),
        (0, Queued(queue="bergen")),
        (wait, Connected(queue="bergen", agent="kari")),
        (wait + talk, TalkEnded(by="caller")),
        (wait + talk, Ended(by="caller")),
    )


def abandoned(wait: float) -> Story:
    return (
        (0, TO_BERGEN),
        (0, Queued(queue="bergen")),
        (wait, LeftQueue(queue="bergen", result="abandoned")),
        (wait, Ended(by="caller")),
    )


def rated(score: int | None) -> Story:
    """Talked with kari, who hung up; was asked, and answered or hung up."""
    asked = SurveyAsked(survey="short", lowest=1, highest=10)
    keyed = SurveyTry(survey="short", result="answered", score=score)
    told = answered(3.0)[:-1]
    replies = [(66.0, keyed)] if score is not None else []
    return (*told, (64.0, asked), *replies, (67.0, Ended(by="caller")))


def in_menu(key: str | None, *then: tuple[float, CallEvent], hangs_up: bool = False) -> Story:
    """To menu main; a key leads on to what `then` tells, and without one the caller hangs up, or the rules do."""
    came = Routed(to="menu main", language="nb")
    if key is None:
        by: Literal["caller", "rules"] = "caller" if hangs_up else "rules"
        missed = MenuTry(menu="main", result="no_input")
        to_end = () if hangs_up else ((6, Routed(to="hangup", language="nb")),)
        return ((0, came), (5, missed), *to_end, (6, Ended(by=by)))
    chosen = MenuTry(menu="main", result="chosen", key=key)
    return ((0, came), (2, chosen), *((2 + after, event) for after, event in then))


class _Clocks:
    """The journal's two clocks, moved by hand."""

    def __init__(self) -> None:
        self.at = DAY

    def now(self) -> datetime:
        return self.at

    def monotonic_ns(self) -> int:
        return round((self.at - DAY).total_seconds() * 1e9)


async def kept(
    home: Path,
    stories: Sequence[Story],
    *,
    begins: datetime = DAY,
    test: bool = False,
    rules: bytes = RULES,
) -> None:
    """Calls one a second, each through the journal, of a server with these rules."""
    clocks = _Clocks()
    store = SqliteStore(
        home,
        journal=lambda path: SqliteJournal(path, clock=clocks, monotonic_ns=clocks.monotonic_ns),
    )
    store.texts.keep(IN_FORCE.revision, KeptText(IN_FORCE.file, rules))
    async with store.keeping() as keeping:
        await keeping.ledger.put_changes(IN_FORCE)
        for number, story in enumerate(stories):
            arrival = begins + timedelta(seconds=number)
            for after, event in ((0.0, arrived(number, at=arrival, test=test)), *story):
                clocks.at = arrival + timedelta(seconds=after)
                keeping.journal.note(f"{begins:%d%H%M}-{number:05}", event)


def arrived(number: int, *, at: datetime = DAY, test: bool) -> Arrived:
    return Arrived(
        dialled="+4755301000",
        caller=f"+47900{number:05}",
        call_time=at.astimezone(ZONE).isoformat(),
        revision="r",
        channel="c",
        test=test,
    )
