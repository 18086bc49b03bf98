"""A group is written with one statement where that will do, and with many where not: what is kept is the same."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.records.events import Answered, Arrived, CallEvent, Ended, MenuTry
from ivr.store import database, file
from ivr.store.file import JournalFile
from ivr.store.presence import DatabaseLost
from ivr.store.rows import AT_ONCE, Draft

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
EVENTS: dict[str, CallEvent] = {
    "arrived": Arrived(dialled="+4755301000", caller=None, call_time="", revision="r", channel="c"),
    "answered": Answered(),
    "menu_try": MenuTry(menu="main", result="chosen", key="1"),
    "ended": Ended(by="caller"),
}
Group = list[tuple[str, str]]
Step = Group | Literal["restart", "another", "fold"]

LINES = st.tuples(st.sampled_from("abcd"), st.sampled_from(sorted(EVENTS)))
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.lists(LINES, max_size=AT_ONCE + 3) | st.sampled_from(["restart", "another", "fold"]),
    max_size=12,
)


def opened(path: Path) -> JournalFile:
    journal = JournalFile(path, short_seconds=5, busy_seconds=5)
    journal.open(NOW)
    return journal


def drafts(group: Group, first: int) -> list[Draft]:
    return [
        Draft.of(call_id, NOW + timedelta(seconds=first + n), first + n, EVENTS[kind])
        for n, (call_id, kind) in enumerate(group)
    ]


def begins_with_arrived(group: Group, already: Mapping[str, object]) -> Group:
    """As calls do."""
    new = [*dict.fromkeys(call_id for call_id, _ in group if call_id not in already)]
    return [*((call_id, "arrived") for call_id in new), *group]


def ends_in(rows: list[tuple[int, str, int]]) -> bool:
    return any(kind == "ended" for _, kind, _ in rows)


def another_writes(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE schema_version SET name = name")


def kept(path: Path) -> tuple[dict[str, list[tuple[int, str, int]]], set[tuple[str, str]]]:
    """Number, kind and time of each event by call, and the calls that are open with when they began."""
    events: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    with closing(sqlite3.connect(path)) as connection:
        rows = "SELECT call_id, seq, type, monotonic_ns FROM call_event ORDER BY call_id, seq"
        for call_id, *row in connection.execute(rows):
            events[call_id].append((row[0], row[1], row[2]))
        return events, set(
            connection.execute("SELECT call_id, substr(arrived_at, 1, 19) FROM open_call")
        )


@pytest.mark.parametrize("at_once", [AT_ONCE, 0])
@settings(deadline=None, max_examples=40)
@given(steps=STEPS)
def test_every_event_has_the_next_number_of_its_call(at_once: int, steps: Sequence[Step]) -> None:
    wanted: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    begun: set[tuple[str, str]] = set()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "AT_ONCE", at_once)
        path = Path(folder, "journal.sqlite")
        journal, written = opened(path), 0
        for step in steps:
            match step:
                case "restart":
                    journal.close()
                    journal = opened(path)  # and what has ended is folded
                    begun -= {one for one in begun if ends_in(wanted[one[0]])}
                case "another":
                    another_writes(path)
                case "fold":
                    journal.fold_all_ended()
                    begun -= {one for one in begun if ends_in(wanted[one[0]])}
                case group:
                    group = begins_with_arrived(group, wanted)
                    for line, (call_id, kind) in zip(drafts(group, written), group, strict=True):
                        if not wanted[call_id]:
                            begun.add((call_id, line.at.isoformat()[:19]))
                        wanted[call_id].append((len(wanted[call_id]) + 1, kind, line.monotonic_ns))
                    journal.write(drafts(group, written))
                    written += len(group)
        journal.close()

        events, are_open = kept(path)
    assert events == {call_id: rows for call_id, rows in wanted.items() if rows}
    assert are_open == begun


def test_a_new_call_is_written_without_a_transaction_of_many_statements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened(tmp_path / "journal.sqlite")
    monkeypatch.setattr(database.Database, "transaction", None)

    journal.write(drafts([("a", "arrived"), ("a", "answered")], 0))
    journal.write(drafts([("b", "arrived"), ("a", "menu_try")], 2))

    events, are_open = kept(journal.path)
    assert [len(events["a"]), len(events["b"])] == [3, 1]
    assert {call_id for call_id, _ in are_open} == {"a", "b"}
    monkeypatch.undo()
    journal.close()


def test_a_call_that_ended_is_open_until_it_is_folded_and_a_late_event_is_kept(
    tmp_path: Path,
) -> None:
    journal = opened(tmp_path / "journal.sqlite")
    journal.write(drafts([("a", "arrived"), ("a", "ended")], 0))

    assert kept(journal.path)[1]
    journal.fold_all_ended()
    assert not kept(journal.path)[1]
    journal.write(drafts([("a", "menu_try")], 2))

    assert [row[:2] for row in kept(journal.path)[0]["a"]] == [
        (1, "arrived"),
        (2, "ended"),
        (3, "menu_try"),
    ]
    journal.close()


def test_a_file_that_lost_events_takes_none_at_once(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.sqlite")
    journal.write(drafts([("a", "arrived"), ("a", "answered")], 0))
    with closing(sqlite3.connect(journal.path)) as connection, connection:
        connection.execute("DELETE FROM call_event")

    with pytest.raises(DatabaseLost):
        journal.write(drafts([("b", "arrived")], 2))

    assert journal.database.is_lost
    journal.rescue(NOW)
    journal.write(drafts([("b", "arrived")], 2))
    assert {call_id: len(rows) for call_id, rows in kept(journal.path)[0].items()} == {
        "a": 2,
        "b": 1,
    }
    journal.close()


def test_what_is_folded_leaves_the_next_event_to_be_waited_for(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.sqlite")
    journal.write(drafts([("a", "arrived"), ("a", "ended")], 0))
    with journal.database.transaction(survives_power_cut=False) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (1,)
    with journal.database.transaction() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    journal.close()
