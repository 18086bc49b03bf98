"""Taking things out of the tables, some calls at a time, each lot in a transaction of the journal's writer.

What names a file of sound goes first, and for good; then the file. History (the folded figures) is never touched: it
holds no person. In a call's rows a number gives way to a mark, so that the calls stay what they were in every figure.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator

import msgspec

from ivr.records.events import (
    Arrived,
    CallEvent,
    MessageLeft,
    Reason,
    RecordingStarted,
    Routed,
    WordsHeard,
)
from ivr.records.removals import PURGED, KeptSince, TakenOut, is_taken_out
from ivr.store.texts import event_text, read_event, time_text
from ivr.why import Chose

_CALLS_AT_ONCE = 500

_OLD_CHANGES = """
DELETE FROM agent_change WHERE (agent, seq) IN (
    SELECT older.agent, older.seq FROM agent_change AS older WHERE older.at < ? AND EXISTS (
        SELECT 1 FROM agent_change AS newer WHERE newer.agent = older.agent AND newer.seq > older.seq AND newer.at < ?
    ) LIMIT ?
)
"""

Rewriting = Callable[[CallEvent], CallEvent]
"""What an event is to be instead; the same where nothing is to go."""


class Sweep(msgspec.Struct, frozen=True):
    """One pass over the calls whose time is over, oldest first. `after`: the last call (arrival, id) that is done."""

    removal_id: str
    since: KeptSince
    after: tuple[str, str] = ("", "")
    taken: TakenOut = TakenOut()
    is_done: bool = False

    def go_on(self, connection: sqlite3.Connection, seconds: float) -> Sweep:
        """Some calls further, for so long at the most but for the last of them."""
        until = time.monotonic() + seconds
        latest = self.since.latest
        if latest is None:
            return msgspec.structs.replace(self, is_done=True)
        after, taken = self.after, self.taken
        if gone := self._take_old_changes(connection):
            return msgspec.structs.replace(self, taken=taken.with_more(TakenOut(changes=gone)))
        rows = connection.execute(
            "SELECT arrived_at, call_id, caller FROM call WHERE (arrived_at, call_id) > (?, ?) AND arrived_at < ? "
            "ORDER BY arrived_at, call_id LIMIT ?",
            (*after, time_text(latest), _CALLS_AT_ONCE),
        ).fetchall()
        for arrived_at, call_id, caller in rows:
            taken = taken.with_more(self._take_from(connection, arrived_at, call_id, caller))
            after = (arrived_at, call_id)
            if time.monotonic() > until:
                return msgspec.structs.replace(self, after=after, taken=taken)
        is_done = len(rows) < _CALLS_AT_ONCE
        if is_done:
            self._take_old_follow_ups(connection)
        return msgspec.structs.replace(self, after=after, taken=taken, is_done=is_done)

    def _take_from(
        self, connection: sqlite3.Connection, arrived_at: str, call_id: str, caller: str | None
    ) -> TakenOut:
        taken = TakenOut()
        if self._is_over("journal", arrived_at):
            taken = taken.with_more(TakenOut(events=_delete_events(connection, call_id)))
        if self._is_over("messages", arrived_at):
            messages = _take_messages(connection, call_id, self.removal_id)
            taken = taken.with_more(TakenOut(messages=messages))
        if self._is_over("numbers", arrived_at) and caller is not None and not is_taken_out(caller):
            _mark_caller(connection, call_id, PURGED)
            taken = taken.with_more(TakenOut(numbers=1))
        if self._is_over("words", arrived_at) and _has_words(connection, call_id):
            rewrite_events(connection, call_id, _unsaid)
            taken = taken.with_more(TakenOut(words=1))
        return taken

    def _is_over(self, kind: str, arrived_at: str) -> bool:
        since = getattr(self.since, kind)
        return since is not None and arrived_at < time_text(since)

    def _take_old_changes(self, connection: sqlite3.Connection) -> int:
        """What agents did, but for each one's last change before that: what they were at when what is kept begins."""
        if self.since.agents is None:
            return 0
        bound = (time_text(self.since.agents), time_text(self.since.agents), _CALLS_AT_ONCE)
        return connection.execute(_OLD_CHANGES, bound).rowcount

    def _take_old_follow_ups(self, connection: sqlite3.Connection) -> None:
        if self.since.numbers is not None:
            connection.execute(
                "UPDATE follow_up SET caller = ?, why = '' WHERE at < ? AND caller <> ?",
                (PURGED, time_text(self.since.numbers), PURGED),
            )


def take_out_again(connection: sqlite3.Connection, since: KeptSince) -> None:
    """What was purged before, where it has come back. Within a transaction, all at once."""
    newest = "SELECT removal_id FROM removal WHERE what = 'purge' ORDER BY removal_id DESC LIMIT 1"
    if (found := connection.execute(newest).fetchone()) is None:
        return
    sweep = Sweep(found[0], since)
    while not sweep.is_done:
        sweep = sweep.go_on(connection, math.inf)


def begin_forgetting(
    connection: sqlite3.Connection, removal_id: str, caller: str, mark: str
) -> None:
    """Write down which calls are to be done, and take the caller off the follow-ups."""
    connection.execute(
        "INSERT INTO removal_call SELECT ?, call_id FROM call WHERE caller = ?",
        (removal_id, caller),
    )
    connection.execute("UPDATE follow_up SET caller = ?, why = '' WHERE caller = ?", (mark, caller))


def calls_under_way(connection: sqlite3.Connection, caller: str) -> int:
    """Calls of this caller that have not ended."""
    arrivals = connection.execute(
        "SELECT payload FROM call_event JOIN open_call ON open_call.call_id = call_event.call_id WHERE type = 'arrived'"
    )
    events = (read_event(payload) for (payload,) in arrivals)
    return sum(isinstance(event, Arrived) and event.caller == caller for event in events)


def forget_some(
    connection: sqlite3.Connection, removal_id: str, mark: str, seconds: float
) -> tuple[TakenOut, bool]:
    """Some calls of a caller, for so long at the most but for the last of them; what went, and whether all is done."""
    until = time.monotonic() + seconds
    taken = TakenOut()
    rows = connection.execute(
        "SELECT call_id FROM removal_call WHERE removal_id = ? ORDER BY call_id LIMIT ?",
        (removal_id, _CALLS_AT_ONCE),
    ).fetchall()
    for (call_id,) in rows:
        taken = taken.with_more(_forget_call(connection, removal_id, call_id, mark))
        if time.monotonic() > until:
            return taken, False
    return taken, len(rows) < _CALLS_AT_ONCE


def _forget_call(
    connection: sqlite3.Connection, removal_id: str, call_id: str, mark: str
) -> TakenOut:
    """The number, what was said, and the sound. What was left is still known to have been left."""
    for (payload,) in connection.execute(
        "SELECT payload FROM call_event WHERE call_id = ? AND type = 'recording_started'",
        (call_id,),
    ).fetchall():
        event = read_event(payload)
        if isinstance(event, RecordingStarted):
            _to_be_deleted(connection, event.file, removal_id)
    messages = _take_messages(connection, call_id, removal_id)
    _mark_caller(connection, call_id, mark)
    rewrite_events(connection, call_id, _unsaid)
    rewrite_events(connection, call_id, _unnamed)
    connection.execute(
        "DELETE FROM removal_call WHERE removal_id = ? AND call_id = ?", (removal_id, call_id)
    )
    return TakenOut(numbers=1, messages=messages)


def rewrite_events(connection: sqlite3.Connection, call_id: str, changes: Rewriting) -> None:
    """Put other events in the place of a call's, with the same numbers and times."""
    rows = connection.execute(
        "SELECT seq, payload FROM call_event WHERE call_id = ? AND type IN "
        "('arrived', 'routed', 'words_heard', 'recording_started', 'message_left')",
        (call_id,),
    ).fetchall()
    for seq, payload in rows:
        event = read_event(payload)
        if event is not None and (changed := changes(event)) != event:
            connection.execute(
                "UPDATE call_event SET payload = ? WHERE call_id = ? AND seq = ?",
                (event_text(changed), call_id, seq),
            )


def pending_files(connection: sqlite3.Connection, count: int) -> list[str]:
    """Files that nothing names any more, and that are still to be deleted."""
    rows = connection.execute("SELECT file FROM removal_file ORDER BY file LIMIT ?", (count,))
    return [file for (file,) in rows]


def _delete_events(connection: sqlite3.Connection, call_id: str) -> int:
    """All but the newest of the whole journal, by which its writer sees that the file is still the same."""
    found = connection.execute(
        "DELETE FROM call_event WHERE call_id = ? AND rowid < (SELECT max(rowid) FROM call_event)",
        (call_id,),
    )
    return found.rowcount


def _take_messages(connection: sqlite3.Connection, call_id: str, removal_id: str) -> int:
    files = connection.execute("SELECT file FROM message WHERE call_id = ?", (call_id,)).fetchall()
    for (file,) in files:
        _to_be_deleted(connection, file, removal_id)
    if files:
        connection.execute("DELETE FROM message WHERE call_id = ?", (call_id,))
        rewrite_events(connection, call_id, _unnamed)
    return len(files)


def _to_be_deleted(connection: sqlite3.Connection, file: str, removal_id: str) -> None:
    if file:
        row = (file, removal_id)
        connection.execute("INSERT OR IGNORE INTO removal_file VALUES (?, ?)", row)


def _mark_caller(connection: sqlite3.Connection, call_id: str, mark: str) -> None:
    connection.execute(
        "UPDATE call SET caller = ?, sip_call_id = NULL WHERE call_id = ?", (mark, call_id)
    )

    def marked(event: CallEvent) -> CallEvent:
        if not isinstance(event, Arrived):
            return event
        return msgspec.structs.replace(event, caller=mark, forwarded_by=None, sip_call_id=None)

    rewrite_events(connection, call_id, marked)


def _has_words(connection: sqlite3.Connection, call_id: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM call_event WHERE call_id = ? AND (type = 'routed' AND payload LIKE '%\"said\":%' "
        "OR type = 'words_heard' AND payload LIKE '%\"word\":%') LIMIT 1",
        (call_id,),
    )
    return found.fetchone() is not None


def _unsaid(event: CallEvent) -> CallEvent:
    """Without what the caller said."""
    match event:
        case Routed():
            return msgspec.structs.replace(event, steps=tuple(_steps_unsaid(event)))
        case WordsHeard():
            return msgspec.structs.replace(event, word=None, others=())
        case _:
            return event


def _steps_unsaid(event: Routed) -> Iterator[Reason]:
    for step in event.steps:
        if isinstance(step.because, Chose) and step.because.said is not None:
            because = msgspec.structs.replace(step.because, said=None)
            yield msgspec.structs.replace(step, because=because)
        else:
            yield step


def _unnamed(event: CallEvent) -> CallEvent:
    """Without the name of a file that is gone."""
    if isinstance(event, RecordingStarted | MessageLeft):
        return msgspec.structs.replace(event, file="")
    return event
