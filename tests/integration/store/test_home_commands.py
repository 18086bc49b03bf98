"""What the commands that need no server read in a home folder: the history, and what is closed by hand."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import ivr
from ivr.errors import ConfigRefused, StoreFailed
from ivr.records.changes import OverrideKept, RulesChange
from ivr.server.home import Home
from ivr.store.door import KeptText
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store

SHIPPED = Path(__file__).parents[3] / "routing_rules.yaml"
TAKEN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOBODY = 65534
FAR_AHEAD = datetime(2099, 7, 1, 12, 0, tzinfo=UTC)
REVISION = "ab" * 32
CHANGE = RulesChange(
    change_id="1-chg",
    asked_at=TAKEN,
    due_at=TAKEN,
    how="apply",
    author="kari",
    why="a new week",
    revision=REVISION,
    file="/somewhere/new.yaml",
    state="taken",
    settled_at=TAKEN,
)
STORM = OverrideKept(
    override_id="1-ovr",
    kind="site",
    name="bergen",
    say=None,
    why="storm",
    author="kari",
    set_at=TAKEN,
    until=FAR_AHEAD,
)


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    async with open_store(tmp_path).keeping() as kept:
        await kept.ledger.put_changes(CHANGE)
        await kept.ledger.put_overrides(STORM)
    return tmp_path


def keep(home: Path, rules: str) -> None:
    open_store(home).texts.keep(REVISION, KeptText("new.yaml", rules.encode()))


def run(*words: str) -> str:
    return CliRunner().invoke(ivr, words, catch_exceptions=False).output


@pytest.mark.parametrize(
    ("rules", "history", "until"),
    [
        ("version: 1\n", "2026-11-23 09:00:00 CET", "2099-07-01 14:00:00 CEST"),
        ("timezone: Asia/Tokyo\n", "2026-11-23 17:00:00 JST", "2099-07-01 21:00:00 JST"),
    ],
)
async def test_times_are_told_in_the_time_zone_of_the_rules_in_force(
    home: Path, rules: str, history: str, until: str
) -> None:
    keep(home, rules)

    assert run("history", "--home", str(home)).startswith(history)
    assert run("overrides", "--home", str(home)) == (
        f"site bergen since {history} until {until}; kari: storm\n"
    )


async def test_without_the_text_of_the_rules_times_are_told_all_the_same(home: Path) -> None:
    assert "kari" in run("history", "--home", str(home))
    assert "until 2099-07-01" in run("overrides", "--home", str(home))


async def test_explain_heeds_what_is_closed_by_hand_from_when_it_was_until_its_end(
    home: Path,
) -> None:
    asked = ["explain", "--rules", str(SHIPPED), "--to", "+47 55 30 10 00", "--press", "2"]
    in_time = [*asked, "--at", "2026-11-24 10:00"]

    with_home = run(*in_time, "--home", str(home))
    before = run(*asked, "--at", "2026-11-20 10:00", "--home", str(home))

    assert (
        "closed by hand by kari since 2026-11-23 09:00 until 2099-07-01 14:00, because: storm"
        in with_home
    )
    assert "ends      hangup" in with_home
    assert "ends      queue bergen-henting" in before
    assert "ends      queue bergen-henting" in run(*in_time)


def test_explain_goes_on_without_a_journal_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"no journal at all" * 100)

    told = run(
        *("explain", "--rules", str(SHIPPED), "--to", "+47 55 30 10 00", "--press", "2"),
        *("--at", "2026-11-24 10:00", "--home", str(tmp_path)),
    )

    assert told.startswith("note: what is closed by hand is not known: ")
    assert "ends      queue bergen-henting" in told


@pytest.fixture(params=["the folder", "the file"])
async def locked_home(request: pytest.FixtureRequest) -> AsyncIterator[Path]:
    """The home folder of a server that another user runs, who lets nobody in, or lets nobody read."""
    with tempfile.TemporaryDirectory() as folder:  # not below pytest's own, which lets nobody in
        home = Home(Path(folder))
        async with open_store(home.folder).keeping():
            pass
        (home.folder / JOURNAL).chmod(0)
        home.whereabouts.touch(mode=0)
        os.chmod(folder, 0 if request.param == "the folder" else 0o755)
        yield home.folder
        os.chmod(folder, 0o700)


@contextmanager
def another_user() -> Iterator[None]:
    """Root may read everything: be nobody for a while. Anybody else is kept out by the modes."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def asked_by_another(*words: str) -> Result:
    run(*words, "--help")  # what the command imports may be out of another user's reach
    with another_user():
        return CliRunner().invoke(ivr, words)


@pytest.mark.parametrize("words", [("history",), ("overrides",), ("calls",)])
def test_the_home_folder_of_another_user_is_told_in_words(
    locked_home: Path, words: tuple[str, ...]
) -> None:
    refused = asked_by_another(*words, "--home", str(locked_home)).exception

    assert isinstance(refused, StoreFailed)
    assert str(refused).startswith(f"{locked_home}/journal.sqlite cannot be read")
    assert str(refused).endswith("ask as the user that the server runs as")


def test_check_and_explain_do_without_the_home_folder_of_another_user(
    home: Path, locked_home: Path
) -> None:
    run("check", str(SHIPPED), "--home", str(home))  # it imports what it needs only then

    checked = asked_by_another("check", str(SHIPPED), "--home", str(locked_home))
    explained = asked_by_another(
        *("explain", "--rules", str(SHIPPED), "--to", "+47 55 30 10 00"),
        *("--home", str(locked_home)),
    )

    assert (checked.exit_code, explained.exit_code) == (0, 0)
    assert "older than what is live is not known: " in checked.stderr
    assert "what is closed by hand is not known: " in explained.stderr
    assert "ask as the user that the server runs as" in checked.stderr


@pytest.mark.parametrize(
    "words", [("rollback",), ("close", "bergen", "--until", "14:00"), ("open", "bergen")]
)
def test_a_server_of_another_user_is_not_called_one_that_does_not_run(
    locked_home: Path, words: tuple[str, ...]
) -> None:
    refused = asked_by_another(*words, "--home", str(locked_home)).exception

    assert isinstance(refused, ConfigRefused)
    assert "ask as the user that the server runs as" in str(refused)
