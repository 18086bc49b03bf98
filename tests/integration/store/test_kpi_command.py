"""`ivr kpi` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from ivr.cli.kpi import kpi
from ivr.records.events import Ended
from tests.integration.store.calls_kept import CLOSED, Story, abandoned, answered, kept


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(kpi, ["--home", str(home), *arguments], catch_exceptions=False)


def facts(home: Path, *arguments: str) -> dict[str, object]:
    shown = run(home, "--json", *arguments)
    assert shown.exit_code == 0, shown.output
    found: dict[str, object] = json.loads(shown.output)
    return found


GOLDEN = (
    *[answered(20.0)] * 860,
    *[answered(21.0)] * 140,
    *[abandoned(30.0)] * 40,
    *[abandoned(20.0)] * 10,
    *[abandoned(5.0)] * 10,
)
TURNED_AWAY: Story = ((0, CLOSED), (1, Ended(by="rules")))


ON_THE_DAY = ("--from", "2026-11-23", "--to", "2026-11-23")


@pytest.fixture
async def golden(tmp_path: Path) -> Path:
    await kept(tmp_path, [*GOLDEN, TURNED_AWAY])
    return tmp_path


async def test_golden_set_through_the_journal_has_the_published_figures(golden: Path) -> None:
    found = facts(golden, *ON_THE_DAY)

    assert found["rows"] == [
        {
            "queue": "bergen",
            "offered": 1060,
            "answered": 1000,
            "answered_within": 860,
            "abandoned": 50,
            "abandoned_short": 10,
            "overflowed": 0,
            "callback": 0,
            "exit_key": 0,
            "system_dropped": 0,
            "blocked": 0,
            "closed": 1,
            "service_level": pytest.approx(0.8113, abs=0.00005),
            "service_level_id": "copc",
            "asa_seconds": pytest.approx(20.14),
            "wait_p50_seconds": 20.0,
            "wait_p90_seconds": 21.0,
            "wait_longest_seconds": 30.0,
            "aht_seconds": 60.0,
            "abandon_rate": pytest.approx(60 / 1060),
        }
    ]
    assert found["calls"] == {"answered": 1000, "abandoned": 60, "closed": 1}
    assert found["repeats"] == {
        "within_days": 7,
        "first_calls": 0,
        "repeated": 0,
        "not_ripe": 1061,
        "repeat_rate": None,
        "first_contact_resolution": None,
    }
    assert (found["from"], found["to"]) == ("2026-11-23", "2026-11-23")


@pytest.mark.parametrize(
    ("definition", "per_cent"),
    [
        ("answered_only", "86.00"),
        ("asterisk_sl2", "83.02"),
        ("copc", "81.13"),
        ("late_abandons", "82.69"),
        ("short_as_met", "82.08"),
        ("short_out", "81.90"),
    ],
)
async def test_every_definition_is_told_by_name(
    golden: Path, definition: str, per_cent: str
) -> None:
    total = facts(golden, *ON_THE_DAY, "--sl", definition)["total"]

    assert isinstance(total, dict)
    assert f"{100 * total['service_level']:.2f}" == per_cent
    assert total["service_level_id"] == definition


async def test_people_read_a_table_and_what_its_figures_mean(golden: Path) -> None:
    shown = run(golden, *ON_THE_DAY).output

    assert "81.1%" in shown
    assert "1061 calls: 1000 answered, 60 abandoned, 1 closed" in shown
    assert "service level: copc = answered within T / (answered +" in shown


async def test_the_calls_behind_a_figure_are_listed_with_callers_masked(golden: Path) -> None:
    shown = run(golden, *ON_THE_DAY, "--calls", "--outcome", "abandoned_short")

    lines = shown.output.splitlines()
    assert len(lines) == 1 + 10
    assert "+4790001050" not in shown.output
    behind = json.loads(run(golden, *ON_THE_DAY, "--calls", "--json", "--outcome", "closed").output)
    assert [one["disposition"] for one in behind] == ["closed"]


async def test_of_many_calls_the_last_are_listed_and_it_is_said(golden: Path) -> None:
    usual = run(golden, *ON_THE_DAY, "--calls").output.splitlines()
    few = run(golden, *ON_THE_DAY, "--calls", "--last", "3").output.splitlines()
    every = json.loads(run(golden, *ON_THE_DAY, "--calls", "--json").output)

    assert len(usual) == 1 + 200 + 1
    assert usual[-1] == "the last 200 of them; --last 2000 shows more, if there are more"
    assert few[1:4] == usual[-4:-1]
    assert len(every) == 1061


async def test_a_norwegian_spreadsheet_reads_the_csv(golden: Path) -> None:
    shown = run(golden, *ON_THE_DAY, "--csv").output

    assert shown.startswith("\ufeffqueue;offered;")
    (row,) = csv.DictReader(io.StringIO(shown.removeprefix("\ufeff")), delimiter=";")
    assert (row["queue"], row["answered"], row["service_level"]) == ("bergen", "1000", "0,8113")


async def test_a_workbook_is_written(golden: Path, tmp_path: Path) -> None:
    book = tmp_path / "figures.xlsx"

    assert run(golden, *ON_THE_DAY, "--xlsx", str(book)).exit_code == 0

    with ZipFile(book) as parts:
        assert "service_level" in parts.read("xl/sharedStrings.xml").decode()
        assert "<v>1000</v>" in parts.read("xl/worksheets/sheet1.xml").decode()


async def test_a_workbook_that_cannot_be_written_is_told(golden: Path, tmp_path: Path) -> None:
    shown = run(golden, *ON_THE_DAY, "--xlsx", str(tmp_path / "nowhere" / "figures.xlsx"))

    assert shown.exit_code == 1
    assert "cannot write" in shown.output


DAYS_OF_ODD_LENGTH = [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)]


@pytest.mark.parametrize(("day", "hours"), DAYS_OF_ODD_LENGTH)
async def test_a_day_has_as_many_hours_as_it_has(tmp_path: Path, day: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00+00:00")
    for hour in range(-18, 22):
        await kept(tmp_path, [answered(1.0)], begins=noon + timedelta(hours=hour))

    found = facts(tmp_path, "--from", day, "--to", day, "--by", "day")

    (row,) = _rows(found)
    assert (row["day"], row["offered"]) == (day, hours)


def _rows(found: dict[str, object]) -> Iterator[dict[str, object]]:
    rows = found["rows"]
    assert isinstance(rows, list)
    yield from rows


async def test_days_without_calls_say_so(golden: Path) -> None:
    empty = ("--from", "2026-11-24", "--to", "2026-11-25")

    assert "no data" in run(golden, *empty).output
    assert "no data" in run(golden, *empty, "--calls").output
    found = facts(golden, *empty)
    assert found["rows"] == []
    assert isinstance(found["total"], dict)
    assert found["total"]["service_level"] is None


async def test_calls_of_tests_are_in_no_figure(tmp_path: Path) -> None:
    await kept(tmp_path, [answered(1.0)], test=True)

    assert facts(tmp_path, *ON_THE_DAY)["rows"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2026-11-24", "--to", "2026-11-23"), "give the earlier day first"),
        (("--from", "23.11.2026"), "write it as 2026-11-23"),
        (("--to", "tomorow"), "write it as 2026-11-23"),
        (("--from", "0001-01-01"), "too far away"),
        ((*ON_THE_DAY, "--sl", "best"), "copc"),
        ((*ON_THE_DAY, "--within", "20"), "write a unit behind it: 20s"),
        ((*ON_THE_DAY, "--within", "0s"), "1s to 24h"),
        ((*ON_THE_DAY, "--short", "soon"), "such as 6s"),
        ((*ON_THE_DAY, "--queue", "bergne"), "there is no queue called 'bergne'"),
        ((*ON_THE_DAY, "--calls", "--agent", "karl"), "no agent called 'karl'"),
        ((*ON_THE_DAY, "--json", "--csv"), "one of"),
        ((*ON_THE_DAY, "--by", "moon"), "queue"),
    ],
)
async def test_what_is_wrong_is_told_with_what_there_is(
    golden: Path, arguments: tuple[str, ...], said: str
) -> None:
    shown = run(golden, *arguments)

    assert shown.exit_code != 0
    assert said in " ".join(shown.output.split())
