"""The home folder as the doctor sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.diagnosis.home_folder import home_folder, journal


@pytest.mark.parametrize(("mode", "verdicts"), [(0o700, ["ok", "ok"]), (0o755, ["warning", "ok"])])
def test_a_folder_that_others_may_look_into_is_a_warning(
    tmp_path: Path, mode: int, verdicts: list[str]
) -> None:
    (tmp_path / "secrets.json").write_text("{}")
    (tmp_path / "secrets.json").chmod(0o600)
    tmp_path.chmod(mode)

    assert [one.verdict for one in home_folder(tmp_path)] == verdicts


def test_secrets_that_others_may_read_are_wrong(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "secrets.json").write_text("{}")
    (tmp_path / "secrets.json").chmod(0o644)
    (_, secrets) = home_folder(tmp_path)

    assert (secrets.verdict, secrets.mend.startswith("`chmod 600")) == ("wrong", True)


def test_a_folder_that_is_not_there_yet_is_made_by_the_first_server(tmp_path: Path) -> None:
    (found,) = home_folder(tmp_path / "home")

    assert found.verdict == "ok"


def test_what_is_no_folder_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    (found,) = home_folder(tmp_path / "home")

    assert (found.verdict, found.mend) == ("wrong", "name another with --home")


def test_a_home_without_a_journal_is_well(tmp_path: Path) -> None:
    found, newest = journal(tmp_path)

    assert (found.verdict, newest) == ("ok", None)


def test_a_journal_that_is_none_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_text("this is no database, whatever its name says")
    found, newest = journal(tmp_path)

    assert (found.verdict, newest) == ("wrong", None)
    assert found.mend
