"""`ivr store`: which database is meant, and what is said where none is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.store import store
from ivr.errors import ConfigRefused

NOWHERE = {"IVR_STORE__URL": None, "IVR_CONFIG": None}


def run(*words: str) -> Result:
    return CliRunner().invoke(store, [*words], env=NOWHERE)


@pytest.mark.parametrize("command", ["show", "copy", "fetch"])
def test_without_a_database_it_is_said_how_to_name_one(command: str, tmp_path: Path) -> None:
    ran = run(command, "--home", str(tmp_path))

    assert ran.exit_code == 2
    assert "--url postgresql://USER@HOST:PORT/DATABASE" in ran.output


@pytest.mark.parametrize("url", ["mysql://sentral@db/sentral", "postgresql://", "db.example.no"])
@pytest.mark.parametrize("command", ["show", "copy", "fetch", "migrate"])
def test_an_address_that_is_none_is_refused(command: str, url: str, tmp_path: Path) -> None:
    ran = run(command, "--home", str(tmp_path), "--url", url)

    assert isinstance(ran.exception, ConfigRefused)


def test_a_password_in_the_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    ran = run("show", "--home", str(tmp_path), "--url", "postgresql://sentral:hunter2@db/sentral")

    assert isinstance(ran.exception, ConfigRefused)
    assert "hunter2" not in str(ran.exception)
