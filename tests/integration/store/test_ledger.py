"""The ledger and its twin: the same promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from ivr.errors import StoreFailed
from ivr.records.agents import AgentChange
from ivr.records.changes import FollowUp, Ledger, OverrideKept, RulesChange
from ivr.records.emergency import EmergencyRecord, EmergencyTry
from ivr.records.events import Ended
from ivr.store.changes import SqliteLedger
from ivr.store.door import Store
from ivr.store.journal import SqliteJournal
from ivr.store.memory import MemoryStore
from ivr.store.open import open_store
from tests.integration.store.sent_store import SentStore
from tests.postgres import PostgresCluster

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def change(number: int, *, taken: bool = True) -> RulesChange:
    at = NOW + timedelta(minutes=number)
    return RulesChange(
        change_id=f"{number}-chg",
        asked_at=NOW,
        due_at=at,
        how="apply",
        author="kari",
        why="a new week",
        revision="ab" * 32,
        file="/etc/rules.yaml",
        state="taken" if taken else "planned",
        settled_at=at if taken else None,
    )


def override(number: int) -> OverrideKept:
    return OverrideKept(
        override_id=f"{number}-ovr",
        kind="site",
        name=f"bergen-{number}",
        say=None,
        why="storm",
        author="kari",
        set_at=NOW,
        until=NOW + timedelta(minutes=number),
    )


@pytest.fixture(params=["disk", "memory", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "postgresql":
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        return SentStore(tmp_path, cluster.new_database())
    return open_store(tmp_path) if request.param == "disk" else MemoryStore()


@pytest.fixture
async def ledger(store: Store) -> AsyncIterator[Ledger]:
    async with store.keeping() as kept:
        writing = asyncio.ensure_future(kept.journal.run())
        yield kept.ledger
        writing.cancel()


async def test_changes_are_told_newest_first_with_every_field(ledger: Ledger) -> None:
    await ledger.put_changes(change(1), change(3))
    await ledger.put_changes(change(2))

    assert await ledger.changes(10) == [change(3), change(2), change(1)]
    assert await ledger.changes(1) == [change(3)]


async def test_a_planned_change_is_planned_until_it_is_settled(ledger: Ledger) -> None:
    await ledger.put_changes(change(2, taken=False), change(1, taken=False), change(3))
    assert [one.change_id for one in await ledger.timed()] == ["1-chg", "2-chg"]

    await ledger.put_changes(
        replace(change(1, taken=False), state="refused", settled_at=NOW, reason="no")
    )

    assert await ledger.timed() == [change(2, taken=False)]
    assert len(await ledger.changes(10)) == 3


async def test_overrides_hold_until_their_end_or_until_they_are_lifted(ledger: Ledger) -> None:
    await ledger.put_overrides(override(30), override(10), override(20))
    await ledger.put_overrides(replace(override(20), lifted_at=NOW, lifted_by="ola"))

    assert await ledger.overrides(NOW) == [override(10), override(30)]
    assert await ledger.overrides(NOW + timedelta(minutes=10)) == [override(30)]
    assert await ledger.overrides(NOW + timedelta(minutes=30)) == []


async def test_follow_ups_are_told_from_a_time_on(store: Store) -> None:
    told = [
        FollowUp(
            follow_up_id=f"{n}-fol",
            caller=f"+4790000{n:03}",
            at=NOW + timedelta(minutes=n),
            author="kari",
            why="",
        )
        for n in range(3)
    ]
    async with store.keeping() as kept:
        for one in told:
            await kept.ledger.put_follow_up(one)

    with store.reading() as stored:
        assert list(stored.history.follow_ups(NOW)) == told
        assert list(stored.history.follow_ups(NOW + timedelta(minutes=1))) == told[1:]


async def test_an_emergency_call_is_kept_as_it_was_told_last_the_newest_first(store: Store) -> None:
    one = EmergencyTry(trunk="telia", at=NOW, status=503)
    earlier, later = (
        EmergencyRecord(
            call=f"ivr-{n}.0",
            number="112",
            phone="kari",
            began_at=NOW + timedelta(minutes=n),
            site="bergen",
            tries=(one,),
        )
        for n in range(2)
    )
    over = replace(earlier, ended_at=NOW, outcome="answered", trunk="lyse", talk_seconds=7)
    async with store.keeping() as kept:
        await kept.ledger.put_emergencies(earlier, later)
        await kept.ledger.put_emergencies(over)

        assert list(await kept.ledger.emergencies(9)) == [later, over]
    with store.reading() as stored:
        assert list(stored.history.emergencies(1)) == [later]


def agent_change(agent: str, seq: int, minutes: int = 0) -> AgentChange:
    return AgentChange(
        agent=agent,
        seq=seq,
        at=NOW + timedelta(minutes=minutes),
        kind="paused",
        before="available",
        state="paused",
        author="anna",
        why="she asked",
        reason="lunch",
        signed_in=True,
        taken=("bergen",),
        left=("faktura", "kundeservice"),
        phone="desk-7",
        queue="bergen",
        call_id="1-call",
    )


async def test_what_agents_did_is_told_in_order_and_the_last_of_each(store: Store) -> None:
    kari = [agent_change("kari", seq, minutes=seq) for seq in range(1, 12)]
    ola = agent_change("ola", 1, minutes=3)
    async with store.keeping() as kept:
        assert list(await kept.ledger.last_of_agents()) == []
        await kept.ledger.put_agent_changes(*kari, ola)
        await kept.ledger.put_agent_changes(*kari[:2], replace(ola, why="told twice"))

        assert list(await kept.ledger.last_of_agents()) == [kari[-1], ola]
    with store.reading() as stored:
        between = stored.history.agent_changes(
            NOW + timedelta(minutes=2), NOW + timedelta(minutes=4)
        )
        assert list(between) == [kari[1], kari[2], ola]


async def test_the_ledger_is_written_while_the_journal_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    async with store.keeping() as kept:
        writing = asyncio.ensure_future(kept.journal.run())
        for number in range(20):
            kept.journal.note(f"call-{number}", Ended(by="caller"))
            await kept.ledger.put_changes(change(number))
        writing.cancel()

    with store.reading() as stored:
        assert len(stored.history.changes(100)) == 20


async def test_a_database_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "none" / "journal.sqlite"
    with pytest.raises(StoreFailed, match="cannot be read or written"):
        await SqliteLedger(path, SqliteJournal(path)).put_changes(change(1))
