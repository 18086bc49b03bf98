from pathlib import Path

import pytest

from ivr.asterisk import obtain
from ivr.asterisk.obtain import find_asterisk, find_sipp
from ivr.errors import AsteriskMissing, AsteriskTooOld, ProgramMissing


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with an empty path: no Asterisk, no apt-get."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(obtain, "SYSTEM_FOLDERS", ())


def test_without_any_way_to_an_asterisk_the_three_ways_to_go_on_are_said(tmp_path: Path) -> None:
    said: list[str] = []

    with pytest.raises(AsteriskMissing) as missing:
        find_asterisk(tmp_path / "cache", said.append)

    message = str(missing.value)
    assert "there is no `apt-get` on this machine" in message
    for way in ("on the path", "docker/README.md", "ivr.toml"):
        assert way in message


def test_an_old_asterisk_on_the_path_is_named_when_nothing_else_is_to_be_had(
    tmp_path: Path,
) -> None:
    _put_on_the_path(tmp_path, "Asterisk 20.6.0")

    with pytest.raises(AsteriskTooOld) as old:
        find_asterisk(tmp_path / "cache", lambda _line: None)

    assert old.value.found == "20.6.0"
    assert old.value.wanted == "22.10.1"


def test_a_new_asterisk_on_the_path_is_used_and_nothing_fetched(tmp_path: Path) -> None:
    binary = _put_on_the_path(tmp_path, "Asterisk 22.10.1~dfsg")

    found = find_asterisk(tmp_path / "cache", lambda _line: None)

    assert found.argv == (str(binary),)
    assert not (tmp_path / "cache").exists()


def test_a_missing_sipp_names_its_package(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing) as missing:
        find_sipp(tmp_path / "cache", lambda _line: None)

    assert "sip-tester" in str(missing.value)


def _put_on_the_path(root: Path, says: str) -> Path:
    for folder in (
        "lib/x/asterisk/modules",
        "share/asterisk/documentation",
        "share/asterisk/rest-api",
        "share/asterisk/sounds/en",
    ):
        (root / folder).mkdir(parents=True)
    binary = root / "bin/asterisk"
    binary.write_text(f"#!/bin/sh\necho '{says}'\n")
    binary.chmod(0o755)
    return binary
