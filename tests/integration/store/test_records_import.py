"""`ivr records import` into a home: the golden figures, and whatever a log may hold."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.kpi import kpi
from ivr.cli.purge import purge
from ivr.cli.records import records
from ivr.errors import StoreFailed
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from tests.integration.store.calls_kept import answered, kept

START = 1_767_600_000
GOLDEN = {
    "answered_only": 86.00,
    "asterisk_sl2": 83.02,
    "copc": 81.13,
    "late_abandons": 82.69,
    "short_as_met": 82.08,
    "short_out": 81.90,
}


def taken_in(home: Path, *files: Path, options: Sequence[str] = ()) -> Result:
    words = ["import", "--home", str(home), *options, "--asterisk-queue-log", *map(str, files)]
    return CliRunner().invoke(records, words)


def figures(home: Path, *options: str) -> dict[str, dict[str, float]]:
    words = ["--home", str(home), "--from", "2026-01-01", "--to", "2026-01-31", "--json", *options]
    told: dict[str, dict[str, float]] = json.loads(CliRunner().invoke(kpi, words).stdout)
    return told


def golden_lines() -> Iterator[str]:
    """1,000 answered, 860 of them within 20 s; 60 hung up, 20 within 20 s and 10 of these within 5 s."""
    number = count(1)
    for wait, calls in ((20, 860), (21, 140)):
        for _ in range(calls):
            yield from _call(next(number), f"CONNECT|{wait}|x|3", f"COMPLETEAGENT|{wait}|90|1")
    for wait, calls in ((5, 10), (20, 10), (60, 40)):
        for _ in range(calls):
            yield from _call(next(number), f"ABANDON|1|1|{wait}")


def _call(number: int, *ends: str) -> Iterator[str]:
    at, call = START + number * 30, f"{START}.{number}"
    yield f"{at}|{call}|600|NONE|ENTERQUEUE||9{number:07}|1"
    for end in ends:
        wait = int(end.split("|")[1 if end.startswith("C") else 3])
        at = max(at + wait, at)
        yield f"{at}|{call}|600|PJSIP/kari|{end}"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "queue_log"
    file.write_text("\n".join(golden_lines()), "ascii")
    return file


def test_the_golden_set_has_the_published_figures_from_an_imported_log(
    tmp_path: Path, log: Path
) -> None:
    done = taken_in(tmp_path / "home", log)

    assert "1060 calls added, 0 were here already" in done.stdout
    for name, per_cent in GOLDEN.items():
        total = figures(tmp_path / "home", "--sl", name)["total"]
        assert round(total["service_level"] * 100, 2) == per_cent, name
    assert (total["asa_seconds"], total["aht_seconds"]) == (20.14, 90.0)


def test_importing_twice_changes_nothing(tmp_path: Path, log: Path) -> None:
    home = tmp_path / "home"
    taken_in(home, log)
    before = figures(home)
    again = taken_in(home, log)

    assert "0 calls added, 1060 were here already" in again.stdout
    assert figures(home) == before


def test_rotated_files_are_read_in_their_order_however_they_are_named(
    tmp_path: Path, log: Path
) -> None:
    lines = list(golden_lines())
    parts = [tmp_path / name for name in ("queue_log.1.gz", "queue_log.2", "queue_log.3")]
    parts[2].write_text("\n".join(lines[:701]), "ascii")
    parts[1].write_text("\n".join(lines[701:1400]), "ascii")
    parts[0].write_bytes(gzip.compress("\n".join(lines[1400:]).encode()))
    taken_in(tmp_path / "whole", log)
    taken_in(tmp_path / "parts", *parts)

    assert figures(tmp_path / "parts") == figures(tmp_path / "whole")


def test_a_line_that_cannot_be_read_is_named_and_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "queue_log"
    good = "\n".join(_call(1, "ABANDON|1|1|30"))
    file.write_bytes(
        b"nonsense \xe6\xf8\xe5\n" + good.encode() + b"\n1767600000|1.1|600\n\x00\xff\n"
    )
    done = taken_in(tmp_path / "home", file)

    assert done.exit_code == 0
    assert "1 call added" in done.stdout
    assert "3 lines passed over" in done.stdout
    assert "queue_log:1: " in done.stdout
    assert "queue_log:4: it has 3 fields" in done.stdout


def test_of_a_packed_file_that_was_cut_what_is_there_is_read(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join(golden_lines()).encode())
    file = tmp_path / "queue_log.gz"
    file.write_bytes(whole[: len(whole) // 2])
    done = taken_in(tmp_path / "home", file)

    assert done.exit_code == 0
    assert "the packed file ends here, before its end" in done.stdout
    assert 100 < figures(tmp_path / "home")["total"]["offered"] < 1000


def test_names_are_ours_and_one_that_no_rules_have_is_told(tmp_path: Path, log: Path) -> None:
    names = tmp_path / "names.toml"
    names.write_text('[queues]\n600 = { queue = "salg", site = "bergen" }\n')
    done = taken_in(tmp_path / "home", log, options=["--names", str(names)])

    assert "queue 600 → salg, bergen" in done.stdout
    by_site = figures(tmp_path / "home", "--by", "site")["rows"]
    assert [row["site"] for row in by_site] == ["bergen"]  # type: ignore[index]


async def test_a_name_that_the_rules_do_not_have_is_told_with_what_was_meant(
    tmp_path: Path, log: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    await kept(home, [answered(5.0)])
    names = tmp_path / "names.toml"
    names.write_text('[queues]\n600 = "bergn"\n')
    done = taken_in(home, log, options=["--names", str(names), "--dry-run"])

    assert "the rules in force have no such queue: did you mean 'bergen'?" in done.stdout
    assert "none was added" in done.stdout


def test_a_dry_run_makes_nothing(tmp_path: Path, log: Path) -> None:
    assert (
        "1060 calls; none was added"
        in taken_in(tmp_path / "home", log, options=["--dry-run"]).stdout
    )
    assert not (tmp_path / "home").exists()


async def test_while_a_server_runs_nothing_is_added(tmp_path: Path, log: Path) -> None:
    async with open_store(tmp_path).keeping():
        done = taken_in(tmp_path, log)

    assert isinstance(done.exception, StoreFailed)


def test_without_a_file_it_is_said_how_to_name_one(tmp_path: Path) -> None:
    done = CliRunner().invoke(records, ["import", "--home", str(tmp_path)])

    assert done.exit_code == 2
    assert "--asterisk-queue-log FILE" in done.stderr


SHORT = "[retention]\njournal = 30\nnumbers = 30\n"


def in_the_file(home: Path, text: str) -> int:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return sum(text in line for line in connection.iterdump())


def test_what_retention_does_not_keep_goes_again_at_once_and_the_figures_stay(
    tmp_path: Path, log: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "ivr.toml").write_text(SHORT, "utf-8")

    done = taken_in(home, log)

    assert done.exit_code == 0, done.output
    assert "1060 calls added, 0 were here already" in done.stdout
    assert "`[retention]` in the settings keeps it no longer" in done.stdout
    assert "1060  calls do not say any more who called" in done.stdout
    assert in_the_file(home, "'+4790000001'") == 0
    assert in_the_file(home, '"type":"arrived"') == 0
    assert figures(home)["total"]["offered"] == 1060


def test_an_archive_that_is_imported_again_brings_back_nothing_that_was_purged(
    tmp_path: Path, log: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "ivr.toml").write_text(SHORT, "utf-8")
    taken_in(home, log)
    CliRunner().invoke(purge, ["--home", str(home)])
    (home / "ivr.toml").unlink()  # so that nothing but what is there says that it was purged

    again = taken_in(home, log, options=["--json"])

    told = json.loads(again.stdout)
    assert (told["calls"], told["added"]) == (1060, 0)
    assert told["taken_out"] is None
    assert in_the_file(home, "'+4790000001'") == 0
    assert figures(home)["total"]["offered"] == 1060


def test_what_retention_keeps_of_an_archive_stays(tmp_path: Path, log: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "ivr.toml").write_text("[retention]\nnumbers = 36500\n", "utf-8")

    done = taken_in(home, log)

    assert "retention" not in done.stdout
    assert in_the_file(home, '"type":"arrived"') == 1060
