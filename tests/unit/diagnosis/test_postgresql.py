"""The store on PostgreSQL as the doctor sees it, where nothing answers; what it holds is tried on a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.diagnosis.home_folder import journal
from ivr.diagnosis.postgresql import postgresql
from ivr.settings import StoreSettings

NOWHERE = "postgresql://me@127.0.0.1:1/x"


def test_where_none_is_named_nothing_is_looked_at(tmp_path: Path) -> None:
    assert list(postgresql(StoreSettings(), tmp_path)) == []


def test_one_that_cannot_be_reached_is_a_warning_with_its_mend(tmp_path: Path) -> None:
    (found,) = postgresql(StoreSettings(url=NOWHERE), tmp_path)

    assert (found.subject, found.verdict) == ("postgresql", "warning")
    assert "it cannot be reached" in found.says
    assert found.mend.startswith("start PostgreSQL")


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o644, True)])
def test_a_password_that_others_may_read_is_told(
    tmp_path: Path, mode: int, *, is_told: bool
) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(mode)

    found = list(postgresql(StoreSettings(url=NOWHERE, password_file=file), tmp_path))

    assert any("chmod 600" in one.mend for one in found) is is_told


def test_a_password_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (found,) = postgresql(StoreSettings(url=NOWHERE, password_file=tmp_path / "none"), tmp_path)

    assert found.verdict == "warning"
    assert "cannot be read" in found.says
    assert found.mend


def test_the_journal_is_the_home_folders_wherever_commands_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_STORE__URL", NOWHERE)

    found, _ = journal(tmp_path)

    assert found.verdict == "ok"
