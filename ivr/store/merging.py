"""What only a home folder's journal has, put beside what PostgreSQL has: a server went on with a part of its journal.

Where the two tell a call differently, PostgreSQL is believed: it was told by the server that had the call.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from itertools import islice

from ivr.records.fold import fold
from ivr.records.removals import is_taken_out, removal_of
from ivr.store.duties import fold_all
from ivr.store.folds import Folding
from ivr.store.outbox import SENT
from ivr.store.refolding import agents_are_known_since, purged_since
from ivr.store.removing import begin_forgetting, forget_some, take_out_again
from ivr.store.rows import ADD_EVENT, INSERT_OPEN_CALL, read_entries
from ivr.store.salvage import LEDGER

_EVERY = (
    "SELECT call_id, max(seq), count(*) FROM call_event GROUP BY call_id ORDER BY min(at), call_id"
)
_EVENTS = "SELECT * FROM call_event WHERE call_id = ? ORDER BY seq"
_LAST = "SELECT max(seq) FROM call_event WHERE call_id = ?"
_HAS_ENDED = "SELECT 1 FROM call WHERE call_id = ?"


def merge(here: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """Add to `new`, within its transaction, what only `here` has, whatever its version; how many calls that are.

    `new` has the list of what is to be sent, so that it goes to PostgreSQL, too. What was purged or forgotten `here`
    goes there as well, where PostgreSQL was not told of it.
    """
    folding = Folding(new)
    calls = 0
    for call_id in list(_with_more(here, new)):
        _add_call(here, new, folding, call_id)
        calls += 1
    folding.write()
    for table in LEDGER:
        _add_rows(here, new, table)
    if _add_changes(here, new):
        fold_all(new, agents_are_known_since(new))
    for mark, caller in _forgotten(here, new):
        _forget(new, mark, caller)
    take_out_again(new, purged_since(new))
    return calls


def _with_more(here: sqlite3.Connection, new: sqlite3.Connection) -> Iterator[str]:
    """Calls that had not ended in `new`, and whose events go on from those there, or begin."""
    for call_id, last, count in here.execute(_EVERY):
        (known,) = new.execute(_LAST, (call_id,)).fetchone()
        if known is None and count == 1 < last:
            continue  # what a purge leaves of the journal's newest call: no record could be made of it
        if last <= (known or 0) or new.execute(_HAS_ENDED, (call_id,)).fetchone():
            continue
        there = new.execute(_EVENTS, (call_id,)).fetchall()
        if list(islice(here.execute(_EVENTS, (call_id,)), len(there))) == there:
            yield str(call_id)


def _forgotten(here: sqlite3.Connection, new: sqlite3.Connection) -> set[tuple[str, str]]:
    """Marks of callers who were forgotten here, and the numbers that `new` still has in the place of them."""
    found = set()
    for call_id, mark in here.execute("SELECT call_id, caller FROM call WHERE caller IS NOT NULL"):
        if removal_of(mark) is None:
            continue
        row = new.execute("SELECT caller FROM call WHERE call_id = ?", (call_id,)).fetchone()
        if row is not None and row[0] is not None and not is_taken_out(row[0]):
            found.add((mark, row[0]))
    return found


def _forget(new: sqlite3.Connection, mark: str, caller: str) -> None:
    removal_id = removal_of(mark) or ""
    begin_forgetting(new, removal_id, caller, mark)
    is_done = False
    while not is_done:
        _, is_done = forget_some(new, removal_id, mark, math.inf)


def _add_call(
    here: sqlite3.Connection, new: sqlite3.Connection, folding: Folding, call_id: str
) -> None:
    events = here.execute(_EVENTS, (call_id,)).fetchall()
    new.executemany(ADD_EVENT, events)
    entries = [entry for _, entry in read_entries(new, call_id) if entry]
    if entries and any(kind == "ended" for _, _, kind, *_ in events):
        folding.keep(fold(entries))
    else:
        new.execute(INSERT_OPEN_CALL, {"call_id": call_id, "arrived_at": events[0][3]})


def _add_rows(here: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    """Those with keys that are not there yet."""
    columns = _columns_of(here, table)
    if columns:
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        new.executemany(
            f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of ours
            here.execute(f"SELECT {names} FROM {table}"),  # noqa: S608 - names of ours
        )


def _add_changes(here: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """What agents did after the last that is known of them; each goes on from that one's number. How many."""
    columns = _columns_of(here, "agent_change")
    if not columns:
        return 0
    known = {
        agent: (seq, at)
        for agent, seq, at in new.execute(
            "SELECT agent, max(seq), max(at) FROM agent_change GROUP BY agent"
        )
    }
    rest = [name for name in columns if name not in {"agent", "seq"}]
    names, marks = ", ".join(rest), ", ".join("?" * len(columns))
    added = 0
    for agent, *values in here.execute(
        f"SELECT agent, {names} FROM agent_change ORDER BY agent, seq"  # noqa: S608 - names of ours
    ):
        seq, latest = known.get(agent, (0, ""))
        at = values[rest.index("at")]
        if at > latest:
            known[agent] = (seq + 1, latest)
            new.execute(
                f"INSERT INTO agent_change (agent, seq, {names}) VALUES ({marks})",  # noqa: S608 - names of ours
                (agent, seq + 1, *values),
            )
            added += 1
    return added


def _columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """Those that a table has which an older version made, and this one knows; none where it had none."""
    there = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
    return [name for name in SENT[table].columns if name in there]
