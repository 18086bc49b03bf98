"""`ivr kpi` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from ivr.cli.kpi import kpi
from ivr.kpi.months import present_definitions
from ivr.kpi.occupancy import COLUMNS as DUTY_COLUMNS
from ivr.kpi.satisfaction import COLUMNS
from ivr.records.events import Ended, Routed
from ivr.store.open import open_store
from tests.integration.store.calls_kept import (
    CLOSED,
    RULES,
    Story,
    abandoned,
    answered,
    arrived,
    in_menu,
    kept,
    rated,
)
from tests.integration.store.sent_store import SentStore
from tests.postgres import PostgresCluster


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
            **dict.fromkeys((*COLUMNS, *DUTY_COLUMNS)),
            "survey_asked": 0,
            "survey_answered": 0,
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


async def test_with_a_filter_what_is_told_of_all_calls_only_is_null_and_says_why(
    golden: Path,
) -> None:
    whole, filtered = facts(golden, *ON_THE_DAY), facts(golden, *ON_THE_DAY, "--queue", "bergen")

    assert list(filtered) == list(whole)
    lacks = {name for name, told in filtered.items() if told is None}
    assert lacks >= {"repeats", "menus", "shares", "callbacks", "csat", "occupancy", "handling"}
    why = filtered["no_data"]
    assert isinstance(why, dict)
    assert set(why) == lacks


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


async def test_a_closed_month_is_told_by_the_targets_that_it_was_closed_with(
    tmp_path: Path,
) -> None:
    october = datetime(2026, 10, 5, 9, tzinfo=UTC)
    later = RULES.replace(b"within 20s", b"within 60s")
    await kept(tmp_path, [answered(30.0)], begins=october)
    async with open_store(tmp_path).keeping() as keeping, asyncio.TaskGroup() as group:
        group.create_task(keeping.journal.run(), name="journal")
        await keeping.months.close("2026-10", present_definitions({"bergen": 20.0}), october)
        await keeping.journal.close()
    await kept(tmp_path, [answered(30.0)], rules=later)
    whole = ("--from", "2026-10-01", "--to", "2026-11-30", "--by", "month")

    found = facts(tmp_path, *whole)
    shown = run(tmp_path, *whole).output

    assert [(one["month"], one["service_level"]) for one in _rows(found)] == [
        ("2026-10", 0.0),
        ("2026-11", 1.0),
    ]
    assert isinstance(found["definitions"], dict)
    assert [one["month"] for one in found["definitions"]["closed_months"]] == ["2026-10"]
    assert "closed: 2026-10, with copc version 1; T: bergen 20 s" in shown
    assert [one["service_level"] for one in _rows(facts(tmp_path, *whole, "--within", "60s"))] == [
        1.0,
        1.0,
    ]


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


async def test_the_calls_behind_the_figures_go_into_a_spreadsheet(
    golden: Path, tmp_path: Path
) -> None:
    shown = run(golden, *ON_THE_DAY, "--calls", "--outcome", "abandoned_short", "--csv").output
    book = tmp_path / "calls.xlsx"
    assert run(golden, *ON_THE_DAY, "--calls", "--xlsx", str(book)).exit_code == 0

    rows = list(csv.DictReader(io.StringIO(shown.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == 10
    assert {(one["disposition"], one["wait_seconds"]) for one in rows} == {("abandoned", "5,0000")}
    assert all("…" in one["caller"] for one in rows)
    with ZipFile(book) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 1 + len(GOLDEN) + 1


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
        (("--from", "2200-01-01"), "--from 2200-01-01 is still to come; name a day up to 2"),
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
        ((*ON_THE_DAY, "--last", "3"), "give --calls too"),
        (("--from", "2026-W48", "--to", "2026-W48"), "'2026-W48' is not a day"),
        (("--to", "20261123"), "'20261123' is not a day"),
        ((*ON_THE_DAY, "--by", "moon"), "queue"),
    ],
)
async def test_what_is_wrong_is_told_with_what_there_is(
    golden: Path, arguments: tuple[str, ...], said: str
) -> None:
    shown = run(golden, *arguments)

    assert shown.exit_code != 0
    assert said in " ".join(shown.output.split())


HEARD_THE_HOURS: Story = in_menu(
    "5", (0, Routed(to="hangup", language="nb")), (9, Ended(by="rules"))
)
IN_MENUS = (
    *[in_menu("1", *answered(3.0))] * 6,
    *[HEARD_THE_HOURS] * 2,
    in_menu(None),
    *[in_menu(None, hangs_up=True)] * 3,
)


async def test_menus_are_told_through_the_journal_with_containment_and_attrition(
    tmp_path: Path,
) -> None:
    await kept(tmp_path, IN_MENUS)

    found = facts(tmp_path, *ON_THE_DAY)

    assert found["menus"] == [
        {
            "menu": "main",
            "visits": 12,
            "chosen": 8,
            "nothing_chosen": 1,
            "hung_up": 3,
            "lost": 0,
            "attrition": 0.25,
            "calls": 12,
            "contained": 2,
            "containment": pytest.approx(2 / 12),
            "keys": {"1": 6, "5": 2},
        }
    ]
    assert found["menu_containment"] == pytest.approx(2 / 12)
    told = run(tmp_path, *ON_THE_DAY).output
    assert "need met there 16.7%; 12 visits, hung up there 25.0%" in told
    assert "main: 12 visits, 8 chose (1: 6, 5: 2), 1 chose nothing, 3 hung up (25.0%)" in told


async def test_the_ways_through_the_menus_are_rows_too_for_people_and_spreadsheets(
    tmp_path: Path,
) -> None:
    await kept(tmp_path, IN_MENUS)

    found = facts(tmp_path, *ON_THE_DAY, "--by", "path")
    told = run(tmp_path, *ON_THE_DAY, "--by", "menu").output
    as_csv = run(tmp_path, *ON_THE_DAY, "--by", "menu", "--csv").output

    assert [(row["path"], row["disposition"], row["calls"]) for row in _rows(found)] == [
        ("menu main 1 > queue bergen", "answered", 6),
        ("menu main", "menu_abandoned", 3),
        ("menu main 5 > hangup", "menu_contained", 2),
        ("menu main nothing > hangup", "menu_abandoned", 1),
    ]
    assert told.splitlines()[-1].split() == [
        "main",
        "12",
        "8",
        "1",
        "3",
        "0",
        "25.0%",
        "12",
        "2",
        "16.7%",
    ]
    assert as_csv.splitlines()[1].startswith("main;12;8;1;3;0;0,2500;12;2;")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (("--menu", "main"), 12),
        (("--menu", "main", "--key", "1"), 6),
        (("--menu", "main", "--key", "left"), 3),
        (("--menu", "main", "--key", "nothing"), 1),
        (("--disposition", "menu_contained"), 2),
        (("--menu", "main", "--queue", "bergen"), 6),
    ],
)
async def test_the_calls_behind_a_menus_figures_are_listed(
    tmp_path: Path, asked: tuple[str, ...], count: int
) -> None:
    await kept(tmp_path, IN_MENUS)

    shown = run(tmp_path, *ON_THE_DAY, "--calls", "--json", *asked)

    assert len(json.loads(shown.output)) == count


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--calls", "--menu", "mian"), "there is no menu called 'mian'"),
        (("--calls", "--key", "1"), "name it with --menu"),
        (("--menu", "main"), "give --calls too"),
        (("--by", "menu", "--queue", "bergen"), "not told apart by queue"),
    ],
)
async def test_what_is_wrong_about_menus_is_told(
    golden: Path, arguments: tuple[str, ...], said: str
) -> None:
    shown = run(golden, *ON_THE_DAY, *arguments)

    assert shown.exit_code != 0
    assert said in " ".join(shown.output.split())


async def test_what_has_no_data_says_so(golden: Path) -> None:
    told = run(golden, *ON_THE_DAY).output
    found = facts(golden, *ON_THE_DAY)

    assert "menus: no data: no call came to a menu" in told
    assert "callbacks: no data: nobody took one" in told
    assert "satisfaction (CSAT): no data: " in told
    assert "occupancy: no data: " in told
    assert "no data: no call came to a menu" in run(golden, *ON_THE_DAY, "--by", "menu").output
    assert (found["csat"], found["occupancy"], found["menu_containment"]) == (None, None, None)
    assert found["shares"] == []


async def test_satisfaction_is_told_with_its_scale_its_interval_and_who_answered(
    tmp_path: Path,
) -> None:
    scores = [8, 9, 10, 7, 8, 9, 8, 10, 6, 9] * 4
    await kept(tmp_path, [*map(rated, scores), *[rated(None)] * 10, answered(3.0)])

    found = facts(tmp_path, *ON_THE_DAY)
    (row,) = found["rows"]  # type: ignore[misc]
    assert (row["csat"], row["csat_scale"]) == (8.4, "1-10")  # type: ignore[has-type]
    assert (row["survey_asked"], row["survey_answered"]) == (50, 40)  # type: ignore[has-type]
    assert row["response_rate"] == 0.8  # type: ignore[has-type]
    assert (round(row["csat_low"], 2), round(row["csat_high"], 2)) == (8.02, 8.78)  # type: ignore[has-type]
    assert found["csat"] == [{"survey": "short", **{name: row[name] for name in COLUMNS}}]  # type: ignore[has-type]
    assert (
        "8.40 (8.02–8.78) on 1-10; 40 of 50 asked answered (80.0%)"
        in run(tmp_path, *ON_THE_DAY).output
    )
    (by_agent,) = facts(tmp_path, *ON_THE_DAY, "--by", "agent")["rows"]  # type: ignore[misc]
    assert (by_agent["agent"], by_agent["csat"]) == ("kari", 8.4)  # type: ignore[has-type]
    (by_hour,) = facts(tmp_path, *ON_THE_DAY, "--by", "hour")["rows"]  # type: ignore[misc]
    assert by_hour["csat"] is None  # type: ignore[has-type]


async def test_a_test_call_is_not_asked_about(tmp_path: Path) -> None:
    await kept(tmp_path, [rated(9)], test=True)

    assert facts(tmp_path, *ON_THE_DAY)["csat"] is None


async def test_a_share_is_told_against_the_contract(tmp_path: Path) -> None:
    rules = RULES.replace(b"80% within 20s", b"80% within 20s, split: {oslo: 60%, bergen: 40%}")
    rules = rules.replace(b"{phone: kari,", b"{phone: kari, site: oslo,")
    rules += b"sites: {oslo: {name: Oslo}, bergen: {name: Bergen}}\n"
    await kept(tmp_path, [answered(3.0)] * 4, rules=rules)

    found = facts(tmp_path, *ON_THE_DAY)["shares"]

    assert found == [
        {
            "queue": "bergen",
            "site": site,
            "agreed": agreed,
            "actual": actual,
            "difference": pytest.approx(actual - agreed),
            "answered": count,
            "given": 0,
        }
        for site, agreed, actual, count in (("bergen", 0.4, 0.0, 0), ("oslo", 0.6, 1.0, 4))
    ]
    assert (
        "share of bergen, oslo: 100.0% (+40.0%); agreed 60.0%; answered"
        in run(tmp_path, *ON_THE_DAY).output
    )


@pytest.mark.parametrize(
    ("asked", "calls"),
    [
        (("--score", "any"), 3),
        (("--score", "none"), 1),
        (("--score", "9"), 2),
        (("--score", "1"), 0),
        (("--score", "9", "--queue", "bergen"), 2),
        (("--score", "9", "--agent", "kari"), 2),
        (("--score", "9", "--queue", "other"), 0),
    ],
)
async def test_the_calls_behind_an_answer_to_a_survey_are_listed(
    tmp_path: Path, asked: tuple[str, ...], calls: int
) -> None:
    await kept(tmp_path, [rated(9), rated(9), rated(4), rated(None), answered(3.0)])

    shown = run(tmp_path, *ON_THE_DAY, "--calls", "--json", *asked)

    found = json.loads(shown.output) if calls or shown.exit_code == 0 else []
    assert len(found) == calls


@pytest.mark.parametrize("given", [("--score", "high"), ("--score", "9")])
async def test_a_score_that_is_none_and_one_without_calls_are_refused(
    tmp_path: Path, given: tuple[str, ...]
) -> None:
    await kept(tmp_path, [rated(9)])
    calls = ("--calls",) if given[1] == "high" else ()

    shown = run(tmp_path, *ON_THE_DAY, *given, *calls)

    assert shown.exit_code == 2
    assert "neither a number" in shown.output or "give --calls too" in shown.output


async def test_it_says_the_same_from_postgresql_to_the_byte(
    tmp_path: Path, postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database()
    store = SentStore(tmp_path, url)
    stories = [answered(0), in_menu("2", *abandoned(0)), in_menu("1", *abandoned(0)), answered(0)]
    async with store.keeping() as keeping, asyncio.TaskGroup() as group:
        group.create_task(keeping.journal.run(), name="journal")
        for number, story in enumerate(stories):
            for _, event in ((0.0, arrived(number, test=False)), *story):
                keeping.journal.note(f"{number}-call", event)
        await keeping.journal.close()

    here = await asyncio.to_thread(run, tmp_path, "--json")
    monkeypatch.setenv("IVR_STORE__URL", url)
    there = await asyncio.to_thread(run, tmp_path, "--json")

    assert here.output == there.output
    assert json.loads(there.output)["calls"] == {"abandoned": 2, "answered": 2}
