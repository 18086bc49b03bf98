"""`ivr migration`: departments that moved from their sites to the national centre, and whether it got better."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.moves import calls_of_moves, department_moves
from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.seconds import SecondsGiven
from ivr.cli.shared.server import json_option, reading_option
from ivr.clock import SystemClock
from ivr.kpi.intervals import Estimate
from ivr.kpi.migration import (
    Comparison,
    DepartmentMove,
    Measure,
    Stretch,
    compared,
)
from ivr.kpi.rows import Terms
from ivr.rules.fault import did_you_mean
from ivr.rules.model import RuleSet
from ivr.store.open import open_store

_TITLES: dict[Measure, str] = {
    "service_level": "service level",
    "wait_seconds": "wait (mean)",
    "abandon_rate": "abandon rate",
    "repeat_rate": "called again",
    "csat": "satisfaction",
}
_WIDTH = 24


@click.command()
@click.argument("department", required=False)
@click.argument("site", required=False)
@reading_option
@click.option(
    "--weeks",
    type=click.IntRange(1, 52),
    default=8,
    show_default=True,
    help="How long before and after.",
)
@click.option(
    "--within",
    type=SecondsGiven(24 * 3600),
    help="Answered within: 20s, 1m.  [default: each queue's own target]",
)
@json_option
def migration(
    department: str | None,
    site: str | None,
    home: Path,
    weeks: int,
    within: float | None,
    as_json: bool,
) -> None:
    """Say where each department of each site is answered, and compare the weeks before it moved with those after.

    As the rules in force there have it. Each figure has the bounds within which it lies with 95 % certainty; where
    there were too few calls, nothing is said.
    """
    there = rules_there(home)
    if there.rules is None:
        message = f"{home} keeps no rules that say what moves when; start `ivr serve` with it once"
        raise click.ClickException(message)
    moves = _asked_for(there.rules, department, site)
    terms = Terms(zone=there.zone, targets=there.targets, within_seconds=within)
    now = SystemClock().now()
    with open_store(home).reading() as stored:
        calls = calls_of_moves(stored.calls, moves, weeks, terms, now)
    told = [(move, compared(move, calls[move], weeks, terms, now)) for move in moves]
    today = now.astimezone(there.zone).date()
    if as_json:
        click.echo(facts_text([_facts(move, found, today) for move, found in told]))
        return
    if not told:
        click.echo("no department is answered at a site")
    for place, (move, found) in enumerate(told):
        for line in (*([""] if place else []), *_lines(move, found, today, weeks)):
            click.echo(line)


def _asked_for(rules: RuleSet, department: str | None, site: str | None) -> list[DepartmentMove]:
    """By department and site."""
    for kind, name, known in (
        ("department", department, rules.departments),
        ("site", site, rules.sites),
    ):
        if name is not None and name not in known:
            hint = did_you_mean(name, known)
            message = f"there is no {kind} called {name!r}"
            raise click.ClickException(f"{message}; {hint}" if hint else message)
    return [
        move
        for move in department_moves(rules)
        if department in {None, move.department} and site in {None, move.site}
    ]


def _lines(move: DepartmentMove, found: Comparison, today: date, weeks: int) -> Iterator[str]:
    yield f"{move.department}, {move.site}: {_state_told(move, today)}"
    if found.before is None:
        return
    yield _columns("", f"{weeks} weeks before", f"{weeks} weeks after", "")
    after = found.after.calls if found.after else "–"
    yield _columns("calls", f"{found.before.calls}", f"{after}", "")
    for measure, title in _TITLES.items():
        yield _columns(
            title,
            _figure(measure, found.before),
            _figure(measure, found.after),
            found.verdict(measure),
        )


def _state_told(move: DepartmentMove, today: date) -> str:
    match move.state(today):
        case "local":
            return "local"
        case "planned":
            return f"local until {move.begins}"
        case "ramp":
            return f"moving since {move.begins}, all callers from {move.ends}"
        case "national":
            return f"national since {move.ends}"


def _figure(measure: Measure, stretch: Stretch | None) -> str:
    estimate = stretch.measured[measure] if stretch else None
    if estimate is None:
        return "–"
    if measure == "wait_seconds":
        return f"{estimate.value:.1f} s ({estimate.low:.1f}–{estimate.high:.1f})"
    if measure == "csat":
        return f"{estimate.value:.2f} ({estimate.low:.2f}–{estimate.high:.2f})"
    return f"{estimate.value:.1%} ({estimate.low:.1%}–{estimate.high:.1%})"


def _columns(title: str, before: str, after: str, verdict: str) -> str:
    return f"  {title:<15}{before:>{_WIDTH}}{after:>{_WIDTH}}   {verdict}".rstrip()


def _facts(move: DepartmentMove, found: Comparison, today: date) -> dict[str, object]:
    return {
        "department": move.department,
        "site": move.site,
        "state": move.state(today),
        "begins": move.begins,
        "ends": move.ends,
        "before": _stretch_facts(found.before),
        "after": _stretch_facts(found.after),
        "verdicts": {measure: found.verdict(measure) for measure in get_args(Measure)},
    }


def _stretch_facts(stretch: Stretch | None) -> dict[str, object] | None:
    if stretch is None:
        return None
    return {
        "from": stretch.first,
        "to": stretch.last,
        "calls": stretch.calls,
        **{measure: _estimate_facts(one) for measure, one in stretch.measured.items()},
    }


def _estimate_facts(estimate: Estimate | None) -> dict[str, object] | None:
    if estimate is None:
        return None
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "count": estimate.count,
    }
