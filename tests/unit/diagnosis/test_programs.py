"""Asterisk as the doctor sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.diagnosis import programs


def verdicts(elsewhere: str | None = None) -> list[str]:
    return [one.verdict for one in programs.asterisk(elsewhere)]


def test_an_asterisk_elsewhere_is_not_looked_for_here() -> None:
    assert verdicts("127.0.0.1:8088") == ["ok"]


def test_where_there_is_none_it_is_said_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "on_the_path", lambda _: None)
    monkeypatch.setenv("IVR_CACHE", str(tmp_path))
    (found,) = programs.asterisk(None)

    assert found.verdict in {"warning", "wrong"}
    assert "ivr asterisk fetch" in found.mend
