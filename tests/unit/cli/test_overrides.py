"""`ivr overrides`: what is closed by hand, told from the home folder; no server need run."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.overrides import overrides
from ivr.cli.shared.change_lines import local
from ivr.clock import SystemClock
from ivr.records.changes import OverrideKept
from ivr.store.open import open_store

SET_AT = SystemClock().now() - timedelta(minutes=5)
CLOSED = OverrideKept(
    override_id="1",
    kind="site",
    name="bergen",
    say="closed.storm",
    why="storm",
    author="kari",
    set_at=SET_AT,
    until=SET_AT + timedelta(hours=1),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """As a server leaves it that closed Bergen."""

    async def write() -> None:
        async with open_store(tmp_path).keeping() as kept:
            await kept.ledger.put_overrides(CLOSED)

    asyncio.run(write())
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(overrides, arguments)


def test_since_when_and_until_when_something_is_closed_is_told(home: Path) -> None:
    assert run("--home", str(home)).stdout == (
        f"site bergen since {local(SET_AT, None)} until {local(CLOSED.until, None)}, says closed.storm; kari: storm\n"
    )


def test_scripts_get_the_same_moments(home: Path) -> None:
    (told,) = json.loads(run("--home", str(home), "--json").stdout)

    assert told["set_at"] == SET_AT.isoformat().replace("+00:00", "Z")
