"""What agents did is folded as it is written, on disk as in memory, and comes out the same made anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.kpi import kpi
from ivr.kpi.occupancy import FoldedDuty
from ivr.records.agents import AgentChange, AgentStateKept
from ivr.store.memory import MemoryStore
from ivr.store.open import open_store
from ivr.store.sqlite import JOURNAL
from tests.integration.store.calls_kept import answered, kept

AT = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
STATES: tuple[tuple[int, AgentStateKept], ...] = (
    (0, "available"),
    (20, "offered"),
    (21, "talking"),
    (30, "wrapping_up"),
    (31, "paused"),
    (60, "available"),
    (90, "signed_out"),
)


def changes(agent: str) -> list[AgentChange]:
    return [
        AgentChange(
            agent=agent, seq=seq, at=AT + timedelta(minutes=minutes), kind="ready", before="available", state=state,
        )
        for seq, (minutes, state) in enumerate(STATES, 1)
    ]  # fmt: skip


async def written(home: Path, told: Sequence[Sequence[AgentChange]]) -> None:
    async with open_store(home).keeping() as keeping:
        for some in told:
            await keeping.ledger.put_agent_changes(*some)


def folded(home: Path) -> list[FoldedDuty]:
    with open_store(home).reading() as stored:
        return [*stored.folds.duty(AT - timedelta(hours=1), AT + timedelta(hours=5))]


def rows(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return connection.execute("SELECT * FROM agent_hour ORDER BY 1, 2, 3").fetchall()


@pytest.mark.parametrize("at_once", [1, 3, 7])
async def test_in_whatever_portions_changes_are_written_the_fold_is_the_same(
    tmp_path: Path, at_once: int
) -> None:
    told = changes("kari")
    portions = [told[start : start + at_once] for start in range(0, len(told), at_once)]
    await written(tmp_path, [*portions, told[:2], [*changes("ola")]])

    memory = MemoryStore()
    async with memory.keeping() as keeping:
        await keeping.ledger.put_agent_changes(*told, *changes("ola"))
    assert {(one.agent, one.state): one.ms for one in folded(tmp_path)} == {
        (agent, state): minutes * 60_000
        for agent in ("kari", "ola")
        for state, minutes in (
            ("available", 50), ("offered", 1), ("talking", 9), ("wrapping_up", 1), ("paused", 29),
        )
    }  # fmt: skip


async def test_made_anew_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    await written(tmp_path, [changes("kari"), changes("ola")])
    before = rows(tmp_path)

    same = open_store(tmp_path).refold(datetime.now(UTC))

    assert same["agent_hour"]
    assert rows(tmp_path) == before != []


async def test_occupancy_and_handling_are_told_by_the_command(tmp_path: Path) -> None:
    await kept(tmp_path, [answered(3.0, 270.0)] * 2)
    await written(tmp_path, [changes("kari")])

    days = ("--from", "2026-11-23", "--to", "2026-11-23")
    shown = CliRunner().invoke(kpi, ["--home", str(tmp_path), *days])
    by_agent = CliRunner().invoke(
        kpi, ["--home", str(tmp_path), *days, "--by", "agent", "--json"], catch_exceptions=False
    )
    elsewhen = CliRunner().invoke(
        kpi, ["--home", str(tmp_path), "--from", "2026-11-24", "--to", "2026-11-24", "--json"]
    )

    assert "occupancy: 16.4% of the time" in shown.output
    assert "signed in 1.5 h" in shown.output
    assert "handling (AHT): 300.0 s: talk 270.0 s, the time after it 30.0 s" in shown.output
    found = json.loads(by_agent.output)
    (row,) = found["rows"]
    assert row["occupancy"] == found["occupancy"] == 10 / 61
    assert (row["handling_seconds"], row["wrap_up_seconds"]) == (300, 30)
    assert json.loads(elsewhen.output)["occupancy"] is None
