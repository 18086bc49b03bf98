"""`ivr lost` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.lost import lost
from ivr.errors import ServerNotRunning
from ivr.records.changes import FollowUp
from ivr.store.open import open_store
from tests.integration.store.calls_kept import DAY, abandoned, answered, kept

SINCE = ("--from", "2026-11-23")


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    await kept(tmp_path, [abandoned(60.0), abandoned(90.0), answered(5.0)])
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(lost, ["--home", str(home), *arguments], catch_exceptions=False)


def test_without_a_day_the_help_says_which_days_are_looked_at() -> None:
    told = " ".join(CliRunner().invoke(lost, ["--help"]).output.split())

    assert "[default: the last 7 days]" in told


async def test_the_list_has_the_numbers_in_full_and_who_has_waited_longest_first(
    home: Path,
) -> None:
    lines = run(home, *SINCE).output.splitlines()

    assert len(lines) == 3
    assert lines[1].startswith("+47 90 00 00 00")
    assert lines[2].startswith("+47 90 00 00 01")
    assert "60 s" in lines[1]
    assert "salg" in lines[1]


async def test_scripts_get_every_field(home: Path) -> None:
    found = json.loads(run(home, *SINCE, "--json").output)

    assert found["withheld"] == 0
    assert [one["caller"] for one in found["callers"]] == ["+4790000000", "+4790000001"]
    assert found["callers"][0]["longest_wait_seconds"] == 60.0


async def test_who_was_seen_to_is_off_the_list(home: Path) -> None:
    told = FollowUp(
        follow_up_id="1", caller="+4790000000", at=DAY + timedelta(hours=1), author="kari", why=""
    )
    async with open_store(home).keeping() as keeping:
        await keeping.ledger.put_follow_up(told)

    assert "+47 90 00 00 00" not in run(home, *SINCE).output
    assert "+47 90 00 00 01" in run(home, *SINCE).output


async def test_a_list_with_nobody_on_it_says_so(home: Path) -> None:
    tomorrow = datetime.now(UTC).date().isoformat()

    assert "nobody is to be called back" in run(home, "--from", tomorrow).output


async def test_without_a_server_nothing_can_be_told(home: Path) -> None:
    with pytest.raises(ServerNotRunning):
        run(home, "done", "+47 90 00 00 00")
