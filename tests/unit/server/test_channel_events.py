import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ivr.server.channel_events import KEPT_FOR, turn_over

NOW = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)


def test_each_night_begins_a_file_and_old_ones_go(tmp_path: Path) -> None:
    old, young = tmp_path / "cel-20260101T033000.csv", tmp_path / "cel-20261125T033000.csv"
    for file, age in ((old, KEPT_FOR + timedelta(days=1)), (young, timedelta(days=1))):
        file.touch()
        at = (NOW - age).timestamp()
        os.utime(file, (at, at))
    (tmp_path / "cel.csv").write_text("line")
    at = NOW.timestamp()
    os.utime(tmp_path / "cel.csv", (at, at))

    turn_over(tmp_path, NOW)
    turn_over(tmp_path, NOW)
    turn_over(tmp_path / "none", NOW)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        young.name,
        "cel-20261126T033000.csv",
    ]
