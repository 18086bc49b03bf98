"""The machine as the doctor sees it."""

from __future__ import annotations

import resource
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from ivr.diagnosis import Patient, examine
from ivr.diagnosis import machine as looked_at
from ivr.diagnosis.server import HealthTold
from ivr.diagnosis.symptom import Symptom


def of(subject: str, home: Path, written_last: datetime | None = None) -> Symptom:
    return next(one for one in looked_at.machine(home, written_last) if one.subject == subject)


@pytest.mark.parametrize(("state", "verdict"), [(True, "ok"), (None, "ok"), (False, "warning")])
def test_a_clock_that_nobody_keeps_right_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: bool | None, verdict: str
) -> None:
    monkeypatch.setattr(looked_at, "is_synchronised", lambda: state)

    assert of("clock", tmp_path).verdict == verdict


def test_a_clock_behind_the_newest_call_is_wrong(tmp_path: Path) -> None:
    found = of("clock", tmp_path, datetime.now(UTC) + timedelta(hours=2))

    assert found.verdict == "wrong"
    assert "set the clock" in found.mend


def test_the_kernel_says_whether_the_clock_is_kept_right() -> None:
    assert looked_at.is_synchronised() in {True, False, None}


@pytest.mark.parametrize(
    ("free", "verdict"), [(100_000_000, "wrong"), (1_000_000_000, "warning"), (9_000_000_000, "ok")]
)
def test_a_disk_that_fills_is_told_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert of("disk", tmp_path / "not/there/yet").verdict == verdict


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [(64, "wrong"), (1024, "warning"), (20_000, "ok"), (resource.RLIM_INFINITY, "ok")],
)
def test_few_open_files_are_told_with_how_many_calls_they_bear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, verdict: str
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))

    assert of("open files", tmp_path).verdict == verdict


@pytest.mark.parametrize(
    ("cores", "is_allowed", "verdict", "says"),
    [
        (2, True, "ok", "real time"),
        (2, False, "warning", "may not"),
        (1, False, "ok", "one core"),
    ],
)
def test_that_the_journal_may_not_go_first_is_told_with_its_mend(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    is_allowed: bool,
    verdict: str,
    says: str,
) -> None:
    monkeypatch.setattr(looked_at, "is_room_for_others", lambda: cores > 1)
    monkeypatch.setattr(looked_at, "go_first", lambda: is_allowed)

    found = of("haste", tmp_path)

    assert (found.verdict, says in found.says) == (verdict, True)
    assert ("LimitRTPRIO=1" in found.mend) == (verdict == "warning")


@pytest.mark.parametrize("is_allowed_here", [True, False])
@pytest.mark.parametrize(("goes_first", "verdict"), [(True, "ok"), (False, "warning")])
def test_a_running_server_is_believed_and_not_the_shells_own_limits(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_allowed_here: bool,
    goes_first: bool,
    verdict: str,
) -> None:
    monkeypatch.setattr(looked_at, "is_room_for_others", lambda: True)
    monkeypatch.setattr(looked_at, "go_first", lambda: is_allowed_here)
    told = HealthTold(status="ok", version="1", journal_goes_first=goes_first)
    patient = Patient(tmp_path, tmp_path / "rules.yaml", tmp_path, None, told)

    (found,) = [one for one in examine(patient) if one.subject == "haste"]

    assert (found.verdict, "the running server" in found.says) == (verdict, True)
    assert ("restart the server" in found.mend) == (verdict == "warning")
