"""`python -m bench.bare_commits FILE`: what SQLite alone takes for commits like the journal's, until it is told to end.

A process that does nothing else, with the journal's settings, on the same disk and in the same minutes. What the
journal takes beyond this is ours; what both take is the machine's.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from ivr.store.commit_times import CommitTimes
from ivr.store.connection import connect

COMMITS_A_SECOND = 18.0
"""As the journal makes at 20 new calls a second, each of them by chance."""

EVENTS = 14
_TEXT = '{"queue": "sales", "place": 1, "because": "%s"}' % ("." * 160)
_TABLES = """
CREATE TABLE event (call_id TEXT, seq INTEGER, at TEXT, type TEXT, body TEXT, PRIMARY KEY (call_id, seq));
CREATE TABLE change (n INTEGER PRIMARY KEY AUTOINCREMENT, k1, k2, proof INTEGER);
CREATE TRIGGER noted AFTER INSERT ON event BEGIN
    INSERT INTO change (k1, k2, proof) VALUES (NEW.call_id, NEW.seq, random());
END;
"""


def commit(connection: sqlite3.Connection, first: int) -> None:
    """One commit of some events, the first of them with this number."""
    rows = (
        (f"call-{n % 97}", n, f"{n:024}", "queued", _TEXT) for n in range(first, first + EVENTS)
    )
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")


def main(file: Path) -> None:
    """Commit until SIGTERM; then print, of the last thousand, what 99 of 100 took at most, in seconds."""
    is_over: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: is_over.append(number))
    times = CommitTimes()
    file.touch(mode=0o600)
    with closing(connect(file, busy_seconds=1.0)) as connection:
        connection.executescript(_TABLES)
        first = 0
        while not is_over:
            time.sleep(random.expovariate(COMMITS_A_SECOND))
            with times.one():
                commit(connection, first)
            first += EVENTS
    print(times.p99_seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
