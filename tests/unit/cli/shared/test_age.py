"""`ivr check --home`: a file that is older than what is live is told, and one that is new is not."""

from __future__ import annotations

import asyncio
import json
import os
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from ivr.audio.wav import write_recording
from ivr.cli.check import check
from ivr.cli.shared.change_lines import local
from ivr.records.changes import ChangeState, RulesChange
from ivr.rules.lint.prompts import ENGINE_PROMPTS
from ivr.rules.load import load_rules
from ivr.server.home import Home
from ivr.store.door import KeptText
from ivr.store.open import open_store

FIRST = "version: 1\nnumbers: {anything else: {to: hangup}}\n"
SECOND = "version: 1\nlanguages: [nb]\nnumbers: {anything else: {to: hangup}}\n"
THIRD = "version: 1\ntimezone: Europe/Oslo\nnumbers: {anything else: {to: hangup}}\n"
SAME_AS_FIRST = "# Only a note for people\n" + FIRST
CLEAN = "routing_rules.yaml: no errors, no warnings\n"

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OSLO = ZoneInfo("Europe/Oslo")


def revision(rules: str) -> str:
    return load_rules(rules.encode(), "rules.yaml")[0].revision


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is run; the file that it checks was written an hour after noon."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_HOME", raising=False)
    for name in ENGINE_PROMPTS:
        write_recording(
            tmp_path / "prompts" / "nb" / f"{name}.wav", array("h", [3000, -3000] * 400)
        )
    return tmp_path


def change(place: int, rules: str, state: ChangeState = "taken") -> RulesChange:
    """One that took effect so many minutes after noon."""
    at = NOON + place * MINUTE
    return RulesChange(
        change_id=f"{place:02}",
        asked_at=at,
        due_at=at,
        how="apply",
        author="kari",
        why="",
        revision=revision(rules),
        file="/srv/routing_rules.yaml",
        state=state,
        settled_at=None if state == "planned" else at,
    )


def home_with(changes: Sequence[RulesChange]) -> Path:
    """A home folder as a server leaves it that made these changes."""
    home = Home.open(Path("home"))

    async def write() -> None:
        async with open_store(home.folder).keeping() as kept:
            await kept.ledger.put_changes(*changes)

    asyncio.run(write())
    return home.folder


def keep_text(home: Path, rules: str) -> Path:
    texts = open_store(home).texts
    texts.keep(revision(rules), KeptText("/srv/routing_rules.yaml", rules.encode()))
    kept = texts.where(change(0, rules))
    assert kept is not None
    return Path(kept)


def write(name: str, text: str, at: datetime) -> None:
    Path(name).write_text(text)
    os.utime(name, (at.timestamp(), at.timestamp()))


def run(rules: str, *options: str, written: datetime = NOON + 60 * MINUTE) -> Result:
    write("routing_rules.yaml", rules, written)
    return CliRunner().invoke(check, options)


def test_without_a_home_nothing_is_compared() -> None:
    assert run(FIRST).output == CLEAN


def test_a_home_that_does_not_exist_says_nothing_and_is_not_made(folder: Path) -> None:
    result = run(FIRST, "--home", "home")

    assert (result.exit_code, result.output) == (0, CLEAN)
    assert not (folder / "home").exists()


def test_a_home_in_which_no_server_has_run_says_nothing(folder: Path) -> None:
    (folder / "home").mkdir()

    result = run(FIRST, "--home", "home")

    assert (result.exit_code, result.output) == (0, CLEAN)
    assert list((folder / "home").iterdir()) == []


def test_a_home_without_history_says_nothing() -> None:
    home_with([])

    assert run(FIRST, "--home", "home").output == CLEAN


@pytest.mark.parametrize(
    "changes",
    [
        [change(0, FIRST)],
        [change(0, SECOND), change(1, FIRST)],
        [change(0, FIRST), change(1, SECOND), change(2, FIRST)],
        [change(0, FIRST), change(1, SECOND, "refused"), change(2, THIRD, "planned")],
    ],
    ids=["the only one", "the newest", "gone back to", "others were never taken"],
)
def test_the_rules_that_are_live_are_not_older(changes: list[RulesChange]) -> None:
    home_with(changes)

    before = run(FIRST, "--home", "home", written=NOON - MINUTE)
    since = run(SAME_AS_FIRST, "--home", "home")

    assert (before.output, since.output) == (CLEAN, CLEAN)


def test_rules_that_were_in_force_before_others_are_older() -> None:
    home = home_with([change(0, FIRST), change(1, SECOND), change(2, THIRD)])
    kept = keep_text(home, THIRD)

    result = run(FIRST, "--home", "home")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "routing_rules.yaml:1:1: warning IVR621: older than what is live: these rules, revision "
        f"{revision(FIRST)[:12]}, were in force until {local(NOON + MINUTE, OSLO)}, and now {revision(THIRD)[:12]} is; "
        "`ivr plan routing_rules.yaml --home home` says what it would undo, `ivr history --home home` "
        f"who changed what; begin anew from {kept.relative_to(Path.cwd())}",
        "routing_rules.yaml: no errors, 1 warning",
    ]


def test_a_file_written_before_other_rules_were_taken_is_older() -> None:
    home_with([change(0, FIRST), change(1, SECOND), change(5, SECOND)])

    result = run(THIRD, "--home", "home", written=NOON)

    assert result.exit_code == 0
    assert (
        f"IVR621: older than what is live: last written {local(NOON, None)}, and other rules, revision "
        f"{revision(SECOND)[:12]}, are in force since {local(NOON + MINUTE, None)}; `ivr plan "
        in result.output
    )
    assert "begin anew" not in result.output, "no text is kept there"


def test_an_included_file_that_was_written_since_makes_the_rules_new() -> None:
    home_with([change(0, FIRST), change(1, SECOND)])
    including = "version: 1\ninclude: part.yaml\nnumbers: {anything else: {to: hangup}}\n"

    write("part.yaml", "numbers: {+47 55 30 10 00: {to: hangup}}\n", NOON)
    before = run(including, "--home", "home", written=NOON)
    write("part.yaml", "numbers: {+47 55 30 10 00: {to: hangup}}\n", NOON + 2 * MINUTE)
    since = run(including, "--home", "home", written=NOON)

    assert "IVR621" in before.output
    assert since.output == CLEAN


def test_a_new_file_is_not_older() -> None:
    home_with([change(0, FIRST), change(1, SECOND)])

    assert run(THIRD, "--home", "home").output == CLEAN


def test_the_variable_names_the_home_too(monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_with([change(0, FIRST), change(1, SECOND)])
    monkeypatch.setenv("IVR_HOME", str(home))

    assert "IVR621" in run(FIRST).output


def test_it_is_a_warning_in_every_format() -> None:
    home_with([change(0, FIRST), change(1, SECOND)])

    strict = run(FIRST, "--home", "home", "--strict")
    told = json.loads(run(FIRST, "--home", "home", "--format", "json").output)
    annotation = run(FIRST, "--home", "home", "--format", "github").output

    assert strict.exit_code == 1
    assert told["ok"] is True
    (finding,) = told["findings"]
    assert (finding["severity"], finding["code"], finding["line"]) == ("warning", "IVR621", 1)
    assert finding["hint"].startswith("`ivr plan routing_rules.yaml --home home`")
    assert annotation.startswith(
        "::warning file=routing_rules.yaml,line=1,col=1,title=IVR621::older than what is live"
    )


def test_rules_with_errors_are_told_those_only() -> None:
    home_with([change(0, FIRST), change(1, SECOND)])

    result = run(FIRST.replace("hangup", "menu main"), "--home", "home", written=NOON)

    assert "IVR204" in result.output
    assert "IVR621" not in result.output


def test_a_history_that_cannot_be_read_hides_no_finding(folder: Path) -> None:
    (folder / "home").mkdir()
    (folder / "home" / "journal.sqlite").write_text("no database")

    result = run(FIRST, "--home", "home", "--format", "json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"ok": True, "findings": []}
    assert result.stderr.startswith(
        "note: whether routing_rules.yaml is older than what is live is not known: "
    )
    assert (folder / "home" / "journal.sqlite").read_text() == "no database"


def test_a_home_that_is_read_is_left_as_it_was(folder: Path) -> None:
    home = home_with([change(0, FIRST), change(1, SECOND)])
    before = sorted(path.name for path in home.iterdir())

    run(FIRST, "--home", "home")

    assert sorted(path.name for path in home.iterdir()) == before
