"""`ivr forecast` on a home whose calls went through the real journal and fold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from ivr.cli.forecast import forecast_command
from ivr.records.agents import AgentChange
from ivr.store.open import open_store
from tests.integration.store.calls_kept import abandoned, answered, kept

OSLO = ZoneInfo("Europe/Oslo")
WEEKS = 6


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """Thirty calls of 180 s at ten in the morning (Oslo), on this weekday of each of the last weeks."""
    today = datetime.now(OSLO).replace(hour=10, minute=0, second=0, microsecond=0)
    for ago in range(1, WEEKS + 1):
        stories = [answered(5.0, talk=180.0)] * 30
        await kept(tmp_path, stories, begins=(today - timedelta(weeks=ago)).astimezone(UTC))
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        forecast_command, ["--home", str(home), *arguments], catch_exceptions=False
    )


async def test_a_week_is_told_with_the_people_that_it_takes(home: Path) -> None:
    told = json.loads(run(home, "--json").output)
    (queue,) = told["queues"]

    busy = [one for one in queue["half_hours"] if one["calls"]]
    assert queue["handling_seconds"] == 180.0
    assert sum(one["calls"] for one in busy) == 30.0
    assert busy[0]["people"] == 5
    assert queue["error"] == {"share": 0.0, "weeks": 4}
    assert len(queue["half_hours"]) % 48 == 0


async def test_people_read_a_table(home: Path) -> None:
    shown = run(home, "--target", "90% within 10s").output

    assert "calls and people for 90% within 10 s" in shown
    assert "30.0 / 6" in shown
    assert "it was off by 0% in the last 4 weeks" in shown


async def test_how_many_give_up_with_these_people_is_told(home: Path) -> None:
    assert "who gives up: no data, since nobody has given up yet" in run(home).output
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await kept(home, [abandoned(50.0)] * 10, begins=yesterday)

    shown = run(home).output
    told = json.loads(run(home, "--json").output)["queues"][0]

    assert told["patience_seconds"] == (WEEKS * 30 * 5 + 500) / 10
    assert "callers wait 140 s on average before they give up: with these people" in shown
    assert 0 < told["giving_up"] < 0.1
    assert told["wait_seconds"] == pytest.approx(told["giving_up"] * 140)


async def test_who_was_there_stands_beside_who_is_needed(home: Path) -> None:
    """Four agents, free for the queue from half past nine to half past ten (Oslo); one of them until a quarter past."""
    today = datetime.now(OSLO).replace(hour=9, minute=30, second=0, microsecond=0)
    assert "in brackets" not in run(home).output
    async with open_store(home).keeping() as keeping:
        for ago in range(WEEKS + 1, 0, -1):
            begun = (today - timedelta(weeks=ago)).astimezone(UTC)
            for number in range(4):
                ended = begun + timedelta(minutes=45 if number == 0 else 60)
                await keeping.ledger.put_agent_changes(
                    *shift(f"a{number}", 20 - 2 * ago, begun, ended)
                )

    told = json.loads(run(home, "--json").output)["queues"][0]
    there = {one["at"][11:]: one["there"] for one in told["half_hours"] if one["there"]}

    assert there == {"09:30": 4.0, "10:00": 3.5}
    assert "30.0 / 5 (3.5)" in run(home).output


def shift(agent: str, seq: int, begins: datetime, ends: datetime) -> list[AgentChange]:
    return [
        AgentChange(
            agent=agent, seq=seq, at=begins, kind="ready", before="signed_out", state="available", serves=("bergen",),
        ),
        AgentChange(
            agent=agent, seq=seq + 1, at=ends, kind="ready", before="available", state="signed_out",
        ),
    ]  # fmt: skip


async def test_without_calls_there_is_no_data(tmp_path: Path) -> None:
    await kept(tmp_path, [])

    assert "no data: no call came on such days" in run(tmp_path).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--for", "week 50"), "write it as 2026-W50"),
        (("--for", "2026-W54"), "write it as 2026-W50"),
        (("--target", "fast"), "80% within 20s"),
        (("--queue", "bergn"), "did you mean 'bergen'?"),
    ],
)
async def test_what_is_wrong_is_told(home: Path, arguments: tuple[str, ...], said: str) -> None:
    shown = run(home, *arguments)

    assert shown.exit_code != 0
    assert said in " ".join(shown.output.split())


async def test_a_home_without_rules_is_told(tmp_path: Path) -> None:
    async with open_store(tmp_path).keeping():
        pass

    assert "start `ivr serve`" in run(tmp_path).output
