"""What both stores promise whoever opens them: the one on disk and its twin in memory."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ivr.errors import ChangeRefused, StoreFailed
from ivr.kpi.months import present_definitions
from ivr.kpi.rows import Only
from ivr.records.changes import RulesChange
from ivr.records.events import (
    Answered,
    Arrived,
    CallEvent,
    Connected,
    Ended,
    GivenToSite,
    MenuTry,
    Queued,
    Reason,
    Routed,
    TalkEnded,
    WordsHeard,
)
from ivr.records.journal import Entry
from ivr.records.removals import KeptSince, forgotten_mark
from ivr.store.door import KeptText, Store
from ivr.store.memory import MemoryStore
from ivr.store.open import open_store
from ivr.why import ClosedThere
from tests.integration.store.sent_store import SentStore
from tests.postgres import PostgresCluster

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REVISIONS = ("ab12" + "0" * 60, "ab13" + "0" * 60, "cd00" + "0" * 60)
TEXT = KeptText("/srv/rules.yaml", b"version: 1\n", {"parts/queues.yaml": b"queues: {}\n"})
STORY: tuple[CallEvent, ...] = (
    Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c"),
    Answered(),
    MenuTry(menu="main", result="no_input"),
    MenuTry(menu="main", result="chosen", key="2"),
    Ended(by="caller"),
)
WAITED: tuple[CallEvent, ...] = (
    Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c"),
    Routed(
        to="queue q",
        language="nb",
        closed=True,
        steps=(Reason(because=ClosedThere("queue b", "salg"), taken=False),),
    ),
    Queued(queue="q"),
    Connected(queue="q", agent="kari"),
    TalkEnded(by="agent"),
)


@pytest.fixture(params=["disk", "memory", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "postgresql":
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        return SentStore(tmp_path, cluster.new_database())
    return open_store(tmp_path) if request.param == "disk" else MemoryStore()


def change(revision: str, file: str = TEXT.file) -> RulesChange:
    return RulesChange(
        change_id=revision[:4],
        asked_at=NOW,
        due_at=NOW,
        how="apply",
        author="kari",
        why="",
        revision=revision,
        file=file,
        state="taken",
        settled_at=NOW,
    )


async def serve(store: Store, *call_ids: str) -> None:
    """As a server that takes these calls and stops."""
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for call_id in call_ids:
            for event in STORY[:-1]:
                kept.journal.note(call_id, event)
            await kept.journal.keep(call_id, STORY[-1])
        await kept.ledger.put_changes(change(REVISIONS[0]))
        await kept.journal.close()


async def test_before_any_server_there_is_nothing_to_read_and_it_is_said(store: Store) -> None:
    assert not store.has_begun()

    with pytest.raises(StoreFailed, match="no server has taken calls"), store.reading():
        pass


async def test_a_second_server_is_refused_until_the_first_lets_go(store: Store) -> None:
    async with store.keeping():
        with pytest.raises(StoreFailed, match="another server"):
            async with store.keeping():
                pass
        assert store.has_begun()

    async with store.keeping():
        pass


async def test_a_server_that_falls_lets_go_of_the_store(store: Store) -> None:
    async def falls() -> None:
        async with store.keeping():
            raise LookupError

    with pytest.raises(LookupError):
        await falls()

    await serve(store, "1-call")


async def test_what_a_server_kept_is_there_for_the_next_and_for_the_commands(store: Store) -> None:
    await serve(store, "1-call")
    await serve(store, "2-call")

    with store.reading() as stored:
        assert [one.call_id for one in stored.calls.latest(9)] == ["2-call", "1-call"]
        assert [entry.event for entry in stored.calls.events("1")] == list(STORY)
        assert stored.calls.open_calls() == ()
        assert stored.history.changes(9) == [change(REVISIONS[0])]


async def test_calls_of_a_span_are_told_with_their_keys(store: Store) -> None:
    await serve(store, "1-call", "2-call")

    with store.reading() as stored:
        (first, second) = sorted(stored.calls.latest(2), key=lambda one: one.call_id)
        later = second.arrived_at + timedelta(seconds=1)
        every = list(stored.calls.keyed(first.arrived_at, later))
        none = list(stored.calls.keyed(later, later + timedelta(days=1)))

    assert [call.call_id for call in every] == ["1-call", "2-call"]
    assert [[one.key for one in call.tries] for call in every] == [[None, "2"]] * 2
    assert none == []


async def test_calls_of_a_span_are_told_with_what_was_said(store: Store) -> None:
    said = WordsHeard(
        menu="main", engine="twin", result="sure", likelihood=0.9, after_ms=500, key="2"
    )
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for event in (*STORY[:-1], said, MenuTry(menu="main", result="chosen", key="2")):
            kept.journal.note("1-call", event)
        await kept.journal.keep("1-call", Ended(by="caller"))
        await kept.journal.close()

    with store.reading() as stored:
        (record,) = stored.calls.latest(1)
        later = record.arrived_at + timedelta(seconds=1)
        (call,) = stored.calls.spoken(record.arrived_at, later)
        none = list(stored.calls.spoken(later, later + timedelta(days=1)))

    assert (call.call_id, call.test) == ("1-call", False)
    assert [type(one) for one in call.events if not isinstance(one, MenuTry)] == [WordsHeard]
    assert call.events[-2:] == (said, MenuTry(menu="main", result="chosen", key="2"))
    assert none == []


async def test_which_calls_were_given_to_sites_is_told_of_a_span_and_of_the_latest(
    store: Store,
) -> None:
    given = [
        GivenToSite(
            queue="vent",
            site=site,
            because="turn",
            number=number,
            shares={"oslo": 60, "bergen": 40},
            had={"oslo": 1, "bergen": 0},
            in_turn={"oslo": 1, "bergen": 0},
            owed={"oslo": 0, "bergen": 0},
            most_owed=20,
        )
        for number, site in ((1, "oslo"), (2, "bergen"))
    ]
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for event in (*STORY[:-1], given[0]):
            kept.journal.note("1-call", event)
        await kept.journal.keep("1-call", Ended(by="caller"))
        for event in (*STORY[:-1], given[1]):
            kept.journal.note("2-call", event)
        await kept.journal.close()

    with store.reading() as stored:
        (ended,) = stored.calls.latest(1)
        later = ended.arrived_at + timedelta(seconds=1)
        assert list(stored.calls.given(ended.arrived_at, later)) == given[:1]
        assert list(stored.calls.given(later, later + timedelta(days=1))) == []
        assert sorted(stored.calls.given_to_sites(), key=lambda one: one.number) == given


async def test_calls_of_a_span_are_told_without_their_decisions(store: Store) -> None:
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for event in WAITED:
            kept.journal.note("1-call", event)
        await kept.journal.keep("1-call", Ended(by="caller"))
        await kept.journal.close()
    await serve(store, "2-call")

    with store.reading() as stored:
        whole = stored.calls.call("1-call")
        assert whole is not None
        second = whole.arrived_at + timedelta(seconds=60)
        every = list(stored.calls.between(whole.arrived_at, second))
        none = list(stored.calls.between(second, second + timedelta(days=1)))

    assert [one.call_id for one in every] == ["1-call", "2-call"]
    assert every[0] == msgspec.structs.replace(whole, decisions=())
    assert [(one.queue, one.outcome) for one in every[0].visits] == [
        ("b", "closed"),
        ("q", "answered"),
    ]
    assert none == []


async def test_history_is_folded_as_calls_end(store: Store) -> None:
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for event in WAITED:
            kept.journal.note("1-call", event)
        await kept.journal.keep("1-call", Ended(by="caller"))
        await kept.journal.close()
    always = (date(2000, 1, 1), date(2100, 1, 1))

    with store.reading() as stored:
        by_day = list(stored.folds.offers("day", *always, Only()))
        at_q = list(stored.folds.offers("day", *always, Only(queue="q")))
        by_agent = list(stored.folds.offers("agent", *always, Only(agent="kari")))
        calls = list(stored.folds.calls(*always))
        before = list(stored.folds.calls(always[0], always[0]))
        first_calls = list(stored.folds.first_calls(*always))

    assert [(one.queue, one.answered, one.closed) for one in by_day] == [("b", 0, 1), ("q", 1, 0)]
    assert at_q == by_day[1:]
    assert [(one.agent, one.queue, one.talks) for one in by_agent] == [("kari", "q", 1)]
    assert [(one.disposition, one.calls) for one in calls] == [("answered", 1)]
    assert (before, first_calls) == ([], [])


async def test_a_caller_is_forgotten_and_it_is_told(store: Store) -> None:
    arrived = Arrived(
        dialled="+4755301000", caller="+4790000001", call_time="", revision="r", channel="c"
    )
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for call_id in ("1-call", "2-call"):
            kept.journal.note(call_id, arrived)
        await kept.journal.keep("1-call", Ended(by="caller"))
        removal = await kept.removals.forget("+4790000001", "ola", "asked")
        later = removal.asked_at + timedelta(days=1)
        purged = await kept.removals.purge(KeptSince(numbers=later, journal=later), "server", "")
        await kept.removals.finish()
        await kept.journal.close()

    with store.reading() as stored:
        (call,) = stored.calls.latest(9)
        told = stored.removals.removals(9)
        assert call.caller == forgotten_mark(removal.removal_id)
        assert [one.caller for one in stored.calls.open_calls()] == ["+4790000001"]
    assert (removal.taken.numbers, removal.under_way) == (1, 1)
    assert purged.taken.numbers == 0
    assert [(one.what, one.author, one.why) for one in told][-1] == ("forget", "ola", "asked")


async def test_a_month_is_closed_once_and_for_good(store: Store) -> None:
    async with store.keeping() as kept, asyncio.TaskGroup() as group:
        group.create_task(kept.journal.run(), name="journal")
        for event in STORY:
            kept.journal.note("1-call", event)
        await kept.journal.keep("2-call", Ended(by="caller"))
        before = await kept.months.close("1999-12", present_definitions({}), NOW)
        closed = await kept.months.close("2999-12", present_definitions({"q": 20.0}), NOW)
        again = await kept.months.close("2999-12", present_definitions({"q": 60.0}), NOW)
        await kept.journal.close()

    with store.reading() as stored:
        months = stored.folds.closed_months()
    assert (before, again) == ([], [])
    assert list(months) == closed
    assert [one.definitions.within_seconds for one in months.values()] == [{"q": 20.0}]


async def test_history_is_folded_anew_only_where_no_server_writes(store: Store) -> None:
    await serve(store, "1-call")

    assert all(store.refold(NOW).values())
    async with store.keeping():
        with pytest.raises(StoreFailed, match="another server"):
            store.refold(NOW)


def test_the_text_of_rules_is_read_as_it_was_kept(store: Store) -> None:
    store.texts.keep(REVISIONS[0], TEXT)

    kept = store.texts.read(change(REVISIONS[0]))

    assert kept.file.endswith("/rules.yaml")
    assert (kept.text, dict(kept.included)) == (TEXT.text, dict(TEXT.included))
    assert store.texts.where(change(REVISIONS[0])) == kept.file


@pytest.mark.parametrize(
    "lost", [change(REVISIONS[1]), change(REVISIONS[0], "/srv/other.yaml")], ids=["all", "file"]
)
def test_a_text_that_is_gone_is_told_as_such(store: Store, lost: RulesChange) -> None:
    store.texts.keep(REVISIONS[0], TEXT)

    assert store.texts.where(lost) is None
    with pytest.raises(ChangeRefused, match=f"the text of revision {lost.revision[:12]} is gone"):
        store.texts.read(lost)


@pytest.mark.parametrize("beginning", [REVISIONS[0], "ab12", "ab12000"])
def test_a_revision_is_found_by_its_beginning(store: Store, beginning: str) -> None:
    for revision in REVISIONS:
        store.texts.keep(revision, TEXT)

    assert store.texts.named(beginning) == REVISIONS[0]


@pytest.mark.parametrize("beginning", ["", "ab1", "ee00", "../ab12", "ab12*", "AB12"])
def test_a_beginning_that_is_none_or_too_short_is_refused(store: Store, beginning: str) -> None:
    store.texts.keep(REVISIONS[0], TEXT)

    with pytest.raises(ChangeRefused, match="there is no revision"):
        store.texts.named(beginning)


def test_a_beginning_of_several_revisions_is_refused(store: Store) -> None:
    for revision in ("ab1200" + "0" * 58, "ab1201" + "0" * 58):
        store.texts.keep(revision, TEXT)

    with pytest.raises(ChangeRefused, match="2 revisions begin with 'ab12'"):
        store.texts.named("ab12")


def past(call_id: str) -> list[Entry]:
    return [
        Entry(call_id=call_id, seq=seq, at=NOW, monotonic_ns=seq, event=event)
        for seq, event in enumerate(STORY, 1)
    ]


def test_calls_of_the_past_are_added_with_their_events_and_records(store: Store) -> None:
    with store.adding() as adding:
        assert adding.add([past("old-1"), past("old-2")]) == 2

    with store.reading() as stored:
        assert [entry.event for entry in stored.calls.events("old-1")] == list(STORY)
        assert [one.call_id for one in stored.calls.latest(5)] == ["old-2", "old-1"]


def test_calls_of_the_past_that_are_there_already_stay_as_they_are(store: Store) -> None:
    with store.adding() as adding:
        adding.add([past("old-1")])
        assert adding.add([past("old-1")[:1] + past("old-1")[4:], past("old-2")]) == 1

    with store.reading() as stored:
        assert [entry.event for entry in stored.calls.events("old-1")] == list(STORY)


async def test_while_a_server_has_the_lease_no_past_is_added(store: Store) -> None:
    async with store.keeping():
        with pytest.raises(StoreFailed), store.adding():
            pass
