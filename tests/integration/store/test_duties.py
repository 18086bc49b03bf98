"""What agents did is folded as it is written, on disk as in memory, and comes out the same made anew."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from ivr.cli.agents import agents
from ivr.cli.kpi import kpi
from ivr.kpi.occupancy import FoldedDuty, WorkApart
from ivr.records.agents import AgentChange, AgentStateKept
from ivr.store import changes as ledger
from ivr.store.changes import CHANGES_AT_ONCE
from ivr.store.lock import JOURNAL
from ivr.store.memory import MemoryStore
from ivr.store.open import open_store
from tests.integration.store.calls_kept import answered, kept
from tests.integration.store.changes_kept import change_of, sums_of_agents

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
        change_of(agent, seq, AT + timedelta(minutes=minutes), state)
        for seq, (minutes, state) in enumerate(STATES, 1)
    ]


async def written(home: Path, told: Sequence[Sequence[AgentChange]]) -> None:
    async with open_store(home).keeping() as keeping:
        for some in told:
            await keeping.ledger.put_agent_changes(*some)


def folded(home: Path) -> list[FoldedDuty]:
    with open_store(home).reading() as stored:
        return [*stored.folds.duty(AT - timedelta(hours=1), AT + timedelta(hours=5))]


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


async def test_who_waits_for_an_event_waits_for_some_changes_and_not_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []
    add = ledger._add_agent_changes

    def counted(some: Sequence[AgentChange], connection: sqlite3.Connection) -> None:
        turns.append(len(some))
        add(some, connection)

    monkeypatch.setattr(ledger, "_add_agent_changes", counted)
    told = [change for number in range(9) for change in changes(f"agent-{number}")]
    await written(tmp_path, [told])

    assert sum(turns) == len(told) > CHANGES_AT_ONCE
    assert max(turns) <= CHANGES_AT_ONCE
    assert Counter(one.agent for one in folded(tmp_path)) == {
        f"agent-{number}": 5 for number in range(9)
    }


async def test_made_anew_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    await written(tmp_path, [changes("kari"), changes("ola")])
    before = sums_of_agents(tmp_path)

    same = open_store(tmp_path).refold(datetime.now(UTC))

    assert same["agent_hour"]
    assert same["duty_quarter"]
    assert sums_of_agents(tmp_path) == before != []


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


def of_queues() -> list[AgentChange]:
    """Kari serves two queues from 08:50, talks for one from 09:10, wraps up, and serves `salg` alone from 09:30."""
    both, one = ("bergen", "salg"), ("salg",)
    told: tuple[tuple[int, AgentStateKept, tuple[str, ...], str | None], ...] = (
        (0, "available", both, None),
        (19, "offered", both, "bergen"),
        (20, "talking", both, "bergen"),
        (38, "wrapping_up", both, "bergen"),
        (40, "available", one, None),
        (50, "paused", one, None),
        (60, "signed_out", (), None),
    )
    return [
        change_of(
            "kari", seq, AT + timedelta(minutes=minutes), state, serves=serves, for_queue=for_queue
        )
        for seq, (minutes, state, serves, for_queue) in enumerate(told, 1)
    ]


def minutes_of(home: Path, apart: WorkApart | None) -> dict[tuple[str, str, str], int]:
    with open_store(home).reading() as stored:
        found = stored.folds.work(AT - timedelta(hours=1), AT + timedelta(hours=5), apart)
        return {(one.queue, one.quarter[11:], one.state): one.ms // 60_000 for one in found}


async def test_time_is_for_the_queues_that_are_served_and_for_the_one_that_is_talked_for(
    tmp_path: Path,
) -> None:
    await written(tmp_path, [of_queues()])

    assert minutes_of(tmp_path, "queue") == {
        ("bergen", "", "available"): 19,
        ("bergen", "", "offered"): 1,
        ("bergen", "", "talking"): 18,
        ("bergen", "", "wrapping_up"): 2,
        ("salg", "", "available"): 29,
    }


async def test_of_all_agents_together_time_is_told_by_quarters_of_an_hour(tmp_path: Path) -> None:
    await written(tmp_path, [of_queues()])

    assert minutes_of(tmp_path, "quarter") == {
        ("", "08:45", "available"): 10,
        ("", "09:00", "available"): 9,
        ("", "09:00", "offered"): 1,
        ("", "09:00", "talking"): 5,
        ("", "09:15", "talking"): 13,
        ("", "09:15", "wrapping_up"): 2,
        ("", "09:30", "available"): 10,
        ("", "09:30", "paused"): 5,
        ("", "09:45", "paused"): 5,
    }


async def test_of_all_agents_and_all_time_there_is_a_row_a_state(tmp_path: Path) -> None:
    await written(tmp_path, [of_queues()])

    assert minutes_of(tmp_path, None) == {
        ("", "", "available"): 29,
        ("", "", "offered"): 1,
        ("", "", "talking"): 18,
        ("", "", "wrapping_up"): 2,
        ("", "", "paused"): 10,
    }


async def test_occupancy_and_handling_are_told_by_queue_and_by_quarter(tmp_path: Path) -> None:
    await kept(tmp_path, [answered(3.0, 270.0)] * 2)
    await written(tmp_path, [of_queues()])

    def told(by: str) -> list[dict[str, object]]:
        days = ("--from", "2026-11-23", "--to", "2026-11-23", "--by", by, "--json")
        shown = CliRunner().invoke(kpi, ["--home", str(tmp_path), *days], catch_exceptions=False)
        rows: list[dict[str, object]] = json.loads(shown.output)["rows"]
        return rows

    (queue,) = [row for row in told("queue") if row["queue"] == "bergen"]
    (day,) = told("day")
    assert queue["occupancy"] == 20 / 40
    assert (queue["wrap_up_seconds"], queue["aht_seconds"]) == (60, 330)
    assert queue["signed_in_seconds"] is None
    assert day["occupancy"] == 20 / 50
    assert {row["quarter"] for row in told("quarter")} <= {
        f"{h:02}:{m:02}" for h in range(24) for m in (0, 15, 30, 45)
    }


@pytest.mark.parametrize("seed", range(20))
async def test_the_fold_agrees_with_a_count_of_every_second(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    told = any_changes(chance)
    await written(tmp_path, [told[:5], told[5:]])

    assert seconds_kept(tmp_path) == counted_by_seconds(told)


def any_changes(chance: random.Random) -> list[AgentChange]:
    """Of one agent, at whole seconds."""
    at, found = AT, []
    for seq in range(1, 20):
        state = chance.choice(get_args(AgentStateKept))
        found.append(
            AgentChange(
                agent="kari", seq=seq, at=at, kind=chance.choice(("ready", "ready", "server_began")),
                before="available",
                state=state, serves=tuple(chance.sample(("a", "b", "c"), chance.randrange(4))),
                for_queue=chance.choice(("a", "b", None)),
            )
        )  # fmt: skip
        at += timedelta(seconds=chance.randrange(1, 1500))
    return found


def counted_by_seconds(told: Sequence[AgentChange]) -> Counter[tuple[str, str, str]]:
    """Second by second, by no rule but the definition."""
    found: Counter[tuple[str, str, str]] = Counter()
    for before, change in pairwise(told):
        if change.kind == "server_began" or before.state == "signed_out":
            continue
        queues = {""}
        if before.state == "available":
            queues |= set(before.serves)
        elif before.state in {"offered", "talking", "wrapping_up"} and before.for_queue:
            queues.add(before.for_queue)
        for second in range(int((change.at - before.at).total_seconds())):
            at = before.at + timedelta(seconds=second)
            quarter = f"{at:%Y-%m-%dT%H}:{at.minute - at.minute % 15:02}"
            found.update((queue, quarter, before.state) for queue in queues)
    return found


def seconds_kept(home: Path) -> Counter[tuple[str, str, str]]:
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        found = connection.execute("SELECT queue, quarter, state, ms FROM duty_quarter").fetchall()
    return Counter({(queue, quarter, state): ms // 1000 for queue, quarter, state, ms in found})


@pytest.mark.parametrize("apart", ["queue", "quarter", "hour", None])
async def test_in_memory_it_is_the_same(tmp_path: Path, apart: WorkApart | None) -> None:
    told = any_changes(random.Random(7))
    await written(tmp_path, [told])
    memory = MemoryStore()
    async with memory.keeping() as keeping:
        await keeping.ledger.put_agent_changes(*told)

    bounds = (AT - timedelta(hours=1), AT + timedelta(hours=3))
    found = []
    for store in (open_store(tmp_path), memory):
        with store.reading() as stored:
            found.append(list(stored.folds.work(*bounds, apart)))

    assert sorted(found[0], key=repr) == sorted(found[1], key=repr) != []


async def test_the_time_of_one_queue_is_the_same_in_memory_and_all_of_it(tmp_path: Path) -> None:
    told = any_changes(random.Random(7))
    await written(tmp_path, [told])
    memory = MemoryStore()
    async with memory.keeping() as keeping:
        await keeping.ledger.put_agent_changes(*told)

    bounds = (AT - timedelta(hours=1), AT + timedelta(hours=3))
    with open_store(tmp_path).reading() as stored, memory.reading() as remembered:
        together = list(stored.folds.work(*bounds, "queue"))
        for queue in {one.queue for one in together}:
            apart = list(stored.folds.work_of(queue, *bounds))
            assert apart == list(remembered.folds.work_of(queue, *bounds))
            assert sum(one.ms for one in apart) == sum(
                one.ms for one in together if one.queue == queue
            )
    assert together


async def test_the_changes_behind_occupancy_are_listed(tmp_path: Path) -> None:
    await kept(tmp_path, [answered(3.0)])
    await written(tmp_path, [changes("ola"), of_queues()])

    def run(*asked: str) -> Result:
        days = ("--from", "2026-11-23", "--to", "2026-11-23")
        return CliRunner().invoke(agents, ["log", "--home", str(tmp_path), *days, *asked])

    of_kari = run("kari").output.splitlines()
    assert len(of_kari) == 1 + 7
    talking = next(line for line in of_kari if " talking " in line)
    assert " kari " in talking
    assert " 18:00 " in talking
    assert " bergen " in talking
    assert len(json.loads(run("--json").output)["changes"]) == 14
    assert run("karl").exit_code == 1
    assert "did you mean 'kari'?" in run("karl").output
