"""`make bench`: both sides in turn, a table on standard output, everything in a JSON file."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import click
import msgspec

from bench import conditions, on_uvloop, profile, table
from bench.native import native
from bench.ours import ours
from bench.run import Bench, Build, Measured, Task, wait_for_quiet
from bench.search import Sustained, highest_rate
from bench.side import Side
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_sipp

SIDES: tuple[Build, ...] = (native, ours)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the JSON file holds."""

    conditions: conditions.Conditions
    runs: Sequence[Measured]
    sustained: Sequence[Sustained]


@click.command()
@click.option("--rates", default="5,20,40", show_default=True, help="New calls a second.")
@click.option("--seconds", default=40.0, show_default=True, help="How long each run places calls.")
@click.option("--rounds", default=2, show_default=True, help="How often A and B take turns.")
@click.option("--search/--no-search", default=True, help="Search for the highest rate, too.")
@click.option("--search-from", default=40.0, show_default=True, help="The first rate tried.")
@click.option("--search-seconds", default=60.0, show_default=True, help="How long a rate is held.")
@click.option("--patience", default=60.0, show_default=True, help="Seconds to wait for quiet.")
@click.option("--quick", is_flag=True, help="A minute: 5 calls a second for 10 s, once, no search.")
@click.option("--profile", "profiled", is_flag=True, help="Only: where the server's time goes.")
@click.option("--json", "file", type=click.Path(path_type=Path), default=Path(".bench/result.json"))
def main(
    rates: str,
    seconds: float,
    rounds: int,
    search: bool,
    search_from: float,
    search_seconds: float,
    patience: float,
    quick: bool,
    profiled: bool,
    file: Path,
) -> None:
    """Measure this server against Asterisk's own dialplan and queue, on the same calls."""
    if quick:
        rates, seconds, rounds, search = "5", 10.0, 1, False
    plan = [float(rate) for rate in rates.split(",")]
    with tempfile.TemporaryDirectory(prefix="ivr-bench-") as folder:
        bench = Bench(Path(folder), find_sipp(cache_folder(), click.echo))
        if profiled:
            on_uvloop.run(_profile(bench, Task(plan[-1], seconds, 1.0), Path(folder)))
            return
        found = conditions.look(cache_folder())
        click.echo(conditions.text(found))
        tasks = [Task(rate, seconds, probes=2.0) for rate in plan]
        runs = on_uvloop.run(_take_turns(bench, tasks, rounds, patience))
        sustained: list[Sustained] = []
        if search:
            sustained = on_uvloop.run(_search(bench, search_from, search_seconds, patience))
    click.echo(table.text(runs, sustained))
    file.parent.mkdir(parents=True, exist_ok=True)
    result = Result(conditions=found, runs=runs, sustained=sustained)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
    click.echo(f"\nEvery figure is in {file}.")


async def _take_turns(
    bench: Bench, tasks: Sequence[Task], rounds: int, patience: float
) -> list[Measured]:
    runs = []
    for task in tasks:
        for build in SIDES * rounds:
            await wait_for_quiet(patience)
            runs.append(await bench.run(build, task, _nothing))
            click.echo(table.line(runs[-1]))
    return runs


async def _search(bench: Bench, first: float, seconds: float, patience: float) -> list[Sustained]:
    found = []
    for build in SIDES:

        async def hold(rate: float, build: Build = build) -> Measured:
            await wait_for_quiet(patience)
            measured = await bench.run(build, Task(rate, seconds, probes=3.0), _nothing)
            click.echo(table.line(measured))
            return measured

        found.append(await highest_rate(build.__name__, hold, first))
    return found


async def _profile(bench: Bench, task: Task, folder: Path) -> None:
    stacks = folder / "stacks.txt"
    measured = await bench.run(
        ours, task, lambda side: profile.recording(side, task.seconds, stacks)
    )
    click.echo(table.line(measured))
    click.echo(profile.text(stacks.read_text()))


@asynccontextmanager
async def _nothing(_side: Side) -> AsyncIterator[None]:
    yield


if __name__ == "__main__":
    main()
