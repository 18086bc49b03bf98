"""What `keep` promises, when the process is killed or the disk is full."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ivr
from ivr.store.file import JournalFile
from ivr.store.open import open_store
from ivr.store.schema import known_migrations
from tests.integration.store.journal_writer import STORY

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ivr.__file__).parents[1])}
WRITER = [sys.executable, str(Path(__file__).with_name("journal_writer.py"))]
KILLS = int(os.environ.get("KILLS", "100"))
"""At random points; KILLS=1000 tries more of them."""


def stored(path: Path) -> set[tuple[str, int]]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return set(connection.execute("SELECT call_id, seq FROM call_event").fetchall())


def in_order(path: Path) -> list[str]:
    """Calls whose events are not those of the story from its beginning, each once."""
    story = [event.__struct_config__.tag for event in STORY]
    with closing(sqlite3.connect(path)) as connection:
        told = connection.execute(
            "SELECT call_id, group_concat(type) FROM (SELECT * FROM call_event ORDER BY seq) GROUP BY call_id"
        ).fetchall()
    return [call_id for call_id, types in told if types.split(",") != story[: types.count(",") + 1]]


def kept(lines: list[str]) -> set[tuple[str, int]]:
    """What the process was told is on disk; a line that was cut off was not finished telling."""
    words = [line.split() for line in lines if line.startswith("kept ") and line.endswith("\n")]
    return {(call_id, int(seq)) for _, call_id, seq in words}


@pytest.mark.fault("F-63")
def test_every_event_that_was_kept_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    moments = random.Random(55)  # the same moments every time, counted in lines

    with subprocess.Popen(
        [*WRITER, "--each"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(KILLS):
            path = tmp_path / str(number) / "journal.sqlite"
            path.parent.mkdir()
            process.stdin.write(f"{path}\n")
            pid = int(process.stdout.readline().split()[1])
            wanted = moments.randint(1, 60)
            lines = [process.stdout.readline() for _ in range(wanted)]
            os.kill(pid, signal.SIGKILL)
            while not (line := process.stdout.readline()).endswith("gone\n"):
                lines.append(line)

            told = kept(lines)
            assert len(told) >= wanted - len(known_migrations())  # each of which logs a line too
            assert told <= stored(path)
            assert in_order(path) == []
            file = JournalFile(path, short_seconds=5, busy_seconds=5)
            file.open(datetime.now(UTC))
            file.close()
            with open_store(path.parent).reading() as found:
                ended = {call_id for call_id, seq in told if seq == 3}
                assert ended <= {record.call_id for record in found.calls.latest(1_000)}
        process.stdin.close()


def test_a_journal_of_a_process_that_was_killed_is_the_right_one_for_the_next(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    for wanted in (10, 40, 90):
        with subprocess.Popen(
            [*WRITER, str(path)], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(wanted):
                process.stdout.readline()
            process.kill()

        file = JournalFile(path, short_seconds=5, busy_seconds=5)
        file.open(datetime.now(UTC))
        assert file.database.notices == ()
        file.close()


@pytest.mark.fault("F-66")
def test_full_disk_refuses_keep_and_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    done = subprocess.run(
        [*WRITER, str(path), "200000"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    lines = done.stdout.splitlines(keepends=True)
    assert done.returncode == 0, done.stderr
    assert sum(line.startswith("refused the journal cannot be written") for line in lines) == 4
    assert kept(lines) == stored(path)
    assert ("after", 1) in stored(path)
