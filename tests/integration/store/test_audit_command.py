"""`ivr records audit` where Asterisk's ledger is none."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.records import records
from ivr.errors import StoreFailed
from ivr.server.channel_events import FOLDER
from tests.integration.store.calls_kept import answered, kept


@pytest.fixture
def home(tmp_path: Path) -> Path:
    asyncio.run(kept(tmp_path, [answered(3.0)]))
    return tmp_path


def audit(home: Path, *words: str | Path) -> BaseException | None:
    """What it says that it cannot do."""
    asked = ["audit", "--home", home, "--from", "2026-11-23", "--to", "2026-11-23", *words]
    return CliRunner().invoke(records, [str(word) for word in asked]).exception


def test_a_file_that_is_no_ledger_is_refused(home: Path) -> None:
    (home / "other.csv").write_text("root:x:0:0\nnothing of a call\n")

    refused = audit(home, "--cel", home / "other.csv")

    assert isinstance(refused, StoreFailed)
    assert "other.csv" in str(refused)


def test_an_empty_ledger_beside_calls_is_told(home: Path) -> None:
    (home / FOLDER).mkdir(parents=True)
    (home / FOLDER / "cel.csv").touch()

    assert "nothing to compare" in str(audit(home))
