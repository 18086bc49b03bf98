"""`ivr report` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.report import report
from tests.integration.store.calls_kept import DAY, RULES, Story, abandoned, answered, in_menu, kept

CALLS: tuple[Story, ...] = (
    *[in_menu("1", *answered(8.0))] * 9,
    in_menu("1", *answered(40.0)),
    in_menu("1", *abandoned(70.0)),
    in_menu(None, hangs_up=True),
)
MONDAY = ("day", "--for", "2026-11-23", "--language", "en")


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(report, ["--home", str(home), *arguments], catch_exceptions=False)


class LaterThatWeek:
    """Three days after the calls, whatever day it is."""

    def now(self) -> datetime:
        return DAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def later_that_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.cli.report.SystemClock", LaterThatWeek)


@pytest.fixture
async def monday(tmp_path: Path) -> Path:
    await kept(tmp_path, CALLS)
    return tmp_path


async def test_a_day_is_told_beside_its_targets(monday: Path) -> None:
    shown = run(monday, *MONDAY)

    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.output.replace("\u00a0", " ").split())
    assert "Day report: Monday 23 November 2026" in told
    assert "Service level 81.8%" in told
    assert "bergen 80% within 20 s 81.8% yes 11 10 1 (9.1%)" in told
    assert "menu main: 1 › queue bergen answered 10 83.3%" in told
    assert "menu main hung up in a menu 1 8.3%" in told


async def test_the_lost_are_on_it_with_their_numbers_masked(monday: Path) -> None:
    shown = run(monday, *MONDAY).output

    assert "+4790000010" not in shown
    assert "+47…010" in shown


async def test_who_has_reached_somebody_since_is_not_to_be_called_back(tmp_path: Path) -> None:
    await kept(tmp_path, [abandoned(70.0)] * 3)
    await kept(tmp_path, [answered(8.0)] * 2, begins=DAY + timedelta(days=1))
    await kept(tmp_path, [abandoned(90.0)] * 9, begins=DAY + timedelta(days=2))

    shown = run(tmp_path, *MONDAY).output

    assert [line.split()[0] for line in shown.splitlines() if line.startswith("+47")] == ["+47…002"]


@pytest.mark.parametrize("kind", ["day", "week", "month"])
@pytest.mark.parametrize("language", ["nb", "en"])
async def test_every_report_is_written_as_html_and_pdf(
    monday: Path, tmp_path: Path, kind: str, language: str
) -> None:
    html, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    html.write_text("what was there")

    written = ("--for", "2026-11-23", "--html", str(html), "--pdf", str(pdf))
    shown = run(monday, kind, *written, "--language", language)

    wrote = "skrev" if language == "nb" else "wrote"
    assert shown.output == f"{wrote} {html}\n{wrote} {pdf}\n"
    text = html.read_text("utf-8")
    assert text.startswith(f'<!doctype html>\n<html lang="{language}">')
    assert ("Servicenivå" in text) == (language == "nb")
    assert "+47900000" not in text
    assert pdf.read_bytes().startswith(b"%PDF-")


async def test_a_day_without_calls_has_no_data_and_no_good_figures(monday: Path) -> None:
    shown = run(monday, "day", "--for", "2026-11-22", "--language", "en").output

    assert "no data" in shown
    assert "an empty day has no service level, and no good one" in shown
    assert "100" not in shown


async def test_calls_of_tests_are_on_no_report(tmp_path: Path) -> None:
    await kept(tmp_path, CALLS, test=True)

    assert "No call came in this time" in run(tmp_path, *MONDAY).output


async def test_before_and_after_stands_for_each_department_that_has_moved(tmp_path: Path) -> None:
    rules = RULES.replace(b"queues: {bergen:", b"queues: {oslo: {answer: 80% within 20s}, bergen:")
    rules += b"""departments:
  salg: {hours: always, national: queue oslo, closed: {say: closed, to: hangup}}
hours: {always: {daily: 00:00-24:00}}
sites:
  bergen: {name: Bergen by, departments: {salg: {local: queue bergen, migrated: 2026-11-23}}}
"""
    before = datetime(2026, 11, 16, 9, tzinfo=UTC)
    await kept(tmp_path, [answered(50.0)] * 40, begins=before, rules=rules)
    await kept(tmp_path, [answered(5.0)] * 40, rules=rules)

    told = " ".join(run(tmp_path, *MONDAY).output.replace("\u00a0", " ").split())

    assert "salg Bergen by 2026-11-23 Service level 0.0% (0.0% – 8.8%) 100.0%" in told
    assert "better" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("day", "--for", "2026-W48"), "write 2026-11-23, today or yesterday"),
        (("week", "--for", "48"), "write 2026-W48"),
        (("month", "--for", "2026-13"), "write 2026-11"),
        (("day", "--for", "2199-01-01"), "has not begun"),
        (("year",), "day"),
        (("day", "--sl", "best"), "copc"),
        ((*MONDAY, "--html", "/nowhere/at/all.html"), "cannot write /nowhere/at/all.html"),
    ],
)
async def test_what_is_wrong_is_told_with_what_to_write(
    monday: Path, arguments: tuple[str, ...], said: str
) -> None:
    shown = run(monday, *arguments)

    assert shown.exit_code != 0
    assert said in " ".join(shown.output.split())
