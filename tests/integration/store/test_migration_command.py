"""`ivr migration` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.migration import migration
from ivr.records.events import Routed
from ivr.store.open import open_store
from tests.integration.store.calls_kept import answered, kept

RULES = b"""version: 1
timezone: Europe/Oslo
numbers: {anything else: department salg}
hours: {always: {daily: 00:00-24:00}}
departments:
  salg: {hours: always, national: queue bergen, closed: {say: closed, to: hangup}}
  faktura: {hours: always, national: queue bergen, closed: {say: closed, to: hangup}}
sites:
  bergen: {departments: {salg: {local: queue bergen, migrated: 2026-06-01}, faktura: {local: queue bergen}}}
  oslo: {departments: {salg: {local: queue bergen, migrated: 2026-05-01, ramp: 10% each week}}}
queues: {bergen: {answer: 80% within 20s}}
agents: {kari: {phone: kari, queues: [bergen]}}
"""
MOVED = datetime(2026, 5, 31, 22, 0, tzinfo=UTC)


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    await kept(tmp_path, [answered(45.0)] * 50, begins=MOVED - timedelta(days=3), rules=RULES)
    await kept(tmp_path, [answered(5.0)] * 60, begins=MOVED + timedelta(days=3), rules=RULES)
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(migration, ["--home", str(home), *arguments], catch_exceptions=False)


async def test_each_department_of_each_site_is_told_with_what_became_better(home: Path) -> None:
    lines = run(home).output.splitlines()

    assert "faktura, bergen: local" in lines
    assert "salg, bergen: national since 2026-06-01" in lines
    assert "salg, oslo: national since 2026-07-03" in lines
    begins = lines.index("salg, bergen: national since 2026-06-01")
    assert lines[begins + 2].split() == ["calls", "50", "60"]
    assert lines[begins + 3].startswith("  service level")
    assert lines[begins + 3].endswith("better")


async def test_scripts_get_every_figure_with_its_bounds(home: Path) -> None:
    (found,) = json.loads(run(home, "salg", "bergen", "--json", "--weeks", "4").output)

    assert (found["state"], found["begins"]) == ("national", "2026-06-01")
    assert (found["before"]["calls"], found["after"]["calls"]) == (50, 60)
    assert found["before"]["service_level"]["value"] == 0.0
    assert found["after"]["wait_seconds"]["value"] == 5.0
    assert found["verdicts"]["service_level"] == "better"
    assert found["verdicts"]["repeat_rate"] == "not enough calls"  # they had called the week before


async def test_who_calls_again_by_the_national_number_has_called_again(tmp_path: Path) -> None:
    nationwide = Routed(to="queue bergen", language="nb", department="salg")
    by_another = ((0.0, nationwide), *answered(5.0)[1:])
    await kept(tmp_path, [answered(5.0)] * 40, begins=MOVED + timedelta(days=3), rules=RULES)
    await kept(tmp_path, [by_another] * 40, begins=MOVED + timedelta(days=5), rules=RULES)

    (found,) = json.loads(run(tmp_path, "salg", "bergen", "--json").output)

    assert found["after"]["calls"] == 40
    assert found["after"]["repeat_rate"]["value"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("slag",), "there is no department called 'slag'; did you mean 'salg'?"),
        (("salg", "bergn"), "there is no site called 'bergn'; did you mean 'bergen'?"),
        (("--weeks", "0"), "1<=x<=52"),
    ],
)
async def test_a_name_that_is_not_there_is_told(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    shown = run(home, *arguments)

    assert shown.exit_code != 0
    assert said in shown.output


async def test_a_home_without_rules_is_told(tmp_path: Path) -> None:
    async with open_store(tmp_path).keeping():
        pass

    shown = run(tmp_path)

    assert shown.exit_code == 1
    assert "start `ivr serve`" in shown.output
