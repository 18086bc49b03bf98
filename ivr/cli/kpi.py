"""`ivr kpi`: what came of the calls of some days, by published formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

import click

from ivr.cli.shared.call_lines import CALL_COLUMNS, calls_rows, calls_table
from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.closed_months import closed_in
from ivr.cli.shared.duty import WAYS as DUTY_WAYS
from ivr.cli.shared.duty import DutyOfDays
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.figures_report import FiguresReport
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.menu_rows import ByMenu, show_menus
from ivr.cli.shared.period import Period, from_option, period_given, to_option
from ivr.cli.shared.rules_there import RulesThere, rules_there
from ivr.cli.shared.score import ScoreGiven
from ivr.cli.shared.seconds import SecondsGiven
from ivr.cli.shared.server import json_option, reading_option
from ivr.cli.shared.sheets import written
from ivr.cli.shared.whole_figures import whole_figures
from ivr.clock import SystemClock
from ivr.kpi.columns import COLUMNS, columns_of
from ivr.kpi.history import apart_for, figures_of_history, grain_for, repeats_of_history
from ivr.kpi.occupancy import COLUMNS as DUTY_COLUMNS
from ivr.kpi.occupancy import TimeAtWork, duty_facts, of_queue
from ivr.kpi.repeats import Repeats
from ivr.kpi.rows import (
    EVERYTHING,
    WAYS,
    By,
    Figures,
    Only,
    ScoreSought,
    Sought,
    Terms,
    by_name,
    figures,
)
from ivr.kpi.satisfaction import COLUMNS as RATED_COLUMNS
from ivr.kpi.satisfaction import by_row, satisfaction_columns
from ivr.kpi.service_level import DEFINITIONS, USUAL
from ivr.kpi.tally import SHORT_SECONDS, Tally
from ivr.records.path import LEFT, NOTHING
from ivr.records.record import Disposition, VisitOutcome
from ivr.rules.fault import did_you_mean
from ivr.showing.figures import rated_told
from ivr.store.door import Reading
from ivr.store.open import open_store

_A_DAY = 24 * 3600
_USUAL_CALLS = 200
_ALL = 100_000_000


@click.command()
@reading_option
@from_option
@to_option
@click.option(
    "--by",
    "row_for",
    type=WordChoice([*WAYS, *get_args(ByMenu)]),
    default="queue",
    show_default=True,
    help="A row for each.",
)
@click.option(
    "--sl",
    "definition",
    type=WordChoice(list(DEFINITIONS)),
    default=USUAL.name,
    show_default=True,
    help="The definition of the service level.",
)
@click.option(
    "--within",
    type=SecondsGiven(_A_DAY),
    help="Answered within: 20s, 1m.  [default: each queue's own target in the rules, or 20s]",
)
@click.option(
    "--short",
    type=SecondsGiven(_A_DAY),
    help="Who hung up within it, hardly meant to wait.  [default: 5s]",
)
@click.option("--queue", metavar="NAME", help="Only this queue.")
@click.option("--site", metavar="NAME", help="Only callers of this site.")
@click.option("--department", metavar="NAME", help="Only this department.")
@click.option("--agent", metavar="NAME", help="Only what this agent answered.")
@click.option("--outcome", type=WordChoice(get_args(VisitOutcome)), help="Only what ended so.")
@click.option(
    "--disposition",
    type=WordChoice(get_args(Disposition)),
    help="With --calls: only those that ended so.",
)
@click.option("--menu", metavar="NAME", help="With --calls: only those that came to this menu.")
@click.option(
    "--key",
    metavar="KEY",
    help=f"With --menu: only those who chose this there; {NOTHING}: all tries used up; {LEFT}: the call ended there.",
)
@click.option(
    "--score",
    type=ScoreGiven(),
    help="With --calls: only those whose callers answered a survey so: a number, any, or none though they were asked.",
)
@click.option("--calls", "list_calls", is_flag=True, help="The calls behind the figures.")
@click.option(
    "--last",
    "most",
    type=click.IntRange(1, 1_000_000),
    help=f"So many calls at the most, those that came last.  [default: {_USUAL_CALLS} at the terminal, else all]",
)
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets: ';', decimal comma.")
@click.option("--xlsx", type=DiskPath(), metavar="FILE", help="Write a workbook.")
def kpi(
    home: Path,
    first: str | None,
    last: str | None,
    row_for: By | ByMenu,
    definition: str,
    within: float | None,
    short: float | None,
    queue: str | None,
    site: str | None,
    department: str | None,
    agent: str | None,
    outcome: VisitOutcome | None,
    disposition: Disposition | None,
    menu: str | None,
    key: str | None,
    score: ScoreSought | None,
    list_calls: bool,
    most: int | None,
    as_json: bool,
    as_csv: bool,
    xlsx: Path | None,
) -> None:
    """Say what came of the calls of some days: offered, answered, service level, waits, talks.

    A call belongs to the day on which it arrived, in the centre's time zone. Calls of tests are in no figure.
    """
    if as_json + as_csv + (xlsx is not None) > 1:
        message = "give one of --json, --csv and --xlsx"
        raise click.UsageError(message)
    _refuse_without_calls(key, (menu, disposition, score, most), list_calls=list_calls)
    there = rules_there(home)
    period = period_given(first, last, there.zone)
    terms = Terms(
        zone=there.zone,
        targets=there.targets,
        within_seconds=within,
        short_seconds=short or SHORT_SECONDS,
        is_short_asked=short is not None,
        service_level=DEFINITIONS[definition],
    )
    only = Only(queue=queue, site=site, department=department, agent=agent, outcome=outcome)
    of_menus = row_for in get_args(ByMenu)
    if of_menus and only != EVERYTHING:
        message = (
            f"by {row_for} calls are not told apart by queue, site, department, agent or outcome"
        )
        raise click.UsageError(message)
    by = cast("By", "queue" if of_menus else row_for)
    if list_calls:
        first_at, last_at = period.bounds(there.zone)
        sought = Sought(
            first=first_at,
            last=last_at,
            by=by,
            only=only,
            short_seconds=terms.short_seconds,
            disposition=disposition,
            menu=menu,
            key=key,
            score=score,
        )
        most = most or (_ALL if as_json or as_csv or xlsx is not None else _USUAL_CALLS)
        _list(home, sought, there, most, as_json=as_json, as_csv=as_csv, xlsx=xlsx)
        return
    if of_menus:
        show_menus(home, period, cast("ByMenu", row_for), as_json=as_json, as_csv=as_csv, xlsx=xlsx)
        return
    with open_store(home).reading() as stored:
        duty = DutyOfDays(stored, home, period.bounds(there.zone))
        worked = duty.by(by, there.zone)
        surveys = list(stored.folds.surveys(period.first, period.last))
        terms = replace(terms, closed=closed_in(stored.folds.closed_months(), period))
        found = _figures(stored, period, by, terms, only)
        again = whole = None
        if only == EVERYTHING:
            again = _repeats(stored, period, terms)
            whole = whole_figures(stored, period, there, found.total, surveys, duty.of_all())
    if not found.rows:
        _refuse_unknown(only, there)
    rated = by_row(surveys, by, only)
    columns = [by, *COLUMNS, *RATED_COLUMNS, *(DUTY_COLUMNS if by in DUTY_WAYS else ())]
    rows = [
        {
            by: name,
            **columns_of(tally, terms),
            **satisfaction_columns(rated.get(name, {})),
            **(_duty(worked, by, name, tally) if by in DUTY_WAYS else {}),
        }
        for name, tally in by_name(found)
    ]
    told = FiguresReport(found, by, period, terms, again, whole)
    if as_json:
        click.echo(facts_text(told.facts(rows)))
    elif not written(columns, rows, as_csv=as_csv, xlsx=xlsx):
        for line in (*told.lines(), *(rated_told(rated) if len(rated) > 1 else ())):
            click.echo(line)


def _duty(
    worked: Mapping[str, TimeAtWork], by: By, name: str | None, tally: Tally
) -> dict[str, float | None]:
    """With the time after talks, `aht_seconds` is more than they."""
    facts = duty_facts(worked.get(name or "", TimeAtWork()), tally.talks, tally.talk_ms / 1000)
    if by == "queue":
        facts = of_queue(facts)
    handling = facts["handling_seconds"]
    return {**facts, **({} if handling is None else {"aht_seconds": handling})}


def _refuse_without_calls(
    key: str | None,
    of_calls: tuple[str | None, Disposition | None, ScoreSought | None, int | None],
    *,
    list_calls: bool,
) -> None:
    if key is not None and of_calls[0] is None:
        message = "--key says what was chosen in a menu; name it with --menu"
        raise click.UsageError(message)
    if not list_calls and any(one is not None for one in of_calls):
        message = "--menu, --key, --disposition, --score and --last say which calls are listed; give --calls too"
        raise click.UsageError(message)


def _refuse_unknown(only: Only, there: RulesThere, menu: str | None = None) -> None:
    """Nothing was found: was a name given that is nowhere?"""
    asked = {kind: getattr(only, kind) for kind in ("queue", "site", "department", "agent")}
    for kind, name in {**asked, "menu": menu}.items():
        known = there.names(kind)
        if name is not None and name not in known:
            hint = did_you_mean(name, known)
            message = f"--{kind}: there is no {kind} called {name!r}, in the rules or in these days"
            raise click.ClickException(f"{message}; {hint}" if hint else message)


def _list(
    home: Path,
    sought: Sought,
    there: RulesThere,
    most: int,
    *,
    as_json: bool,
    as_csv: bool,
    xlsx: Path | None,
) -> None:
    with open_store(home).reading() as stored:
        calls = stored.calls.behind(sought, most)
    if not calls:
        _refuse_unknown(sought.only, there, sought.menu)
    if as_json:
        click.echo(facts_text(calls))
        return
    if written(CALL_COLUMNS, calls_rows(calls, there.zone), as_csv=as_csv, xlsx=xlsx):
        return
    for line in calls_table(calls, there.zone) if calls else ["no data: no such call"]:
        click.echo(line)
    if len(calls) == most:
        click.echo(f"the last {most} of them; --last {10 * most} shows more, if there are more")


def _figures(stored: Reading, period: Period, by: By, terms: Terms, only: Only) -> Figures:
    """Of folded history where it tells so much apart, and of the calls otherwise."""
    grain = grain_for(by, only)
    if grain is None:
        return figures(stored.calls.between(*period.bounds(terms.zone)), by, terms, only)
    days = (period.first, period.last)
    offers = stored.folds.offers(grain, *days, only, apart_for(by))
    return figures_of_history(offers, stored.folds.calls(*days), by, terms, only)


def _repeats(stored: Reading, period: Period, terms: Terms) -> Repeats:
    today = SystemClock().now().astimezone(terms.zone).date()
    return repeats_of_history(stored.folds.first_calls(period.first, period.last), today)
