"""`ivr forecast`: calls to come in a week, and how many people they take."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.server import json_option, reading_option
from ivr.clock import SystemClock
from ivr.kpi.cells import FoldedOffers
from ivr.kpi.forecast import Days, half_hours
from ivr.kpi.rows import EVERYTHING
from ivr.kpi.staffing import HalfHour, QueueForecast, QueuePast, week_of
from ivr.rules.fault import did_you_mean
from ivr.rules.model import AnswerTarget, RuleSet
from ivr.rules.values.amounts import answer_target
from ivr.rules.values.days import public_holidays
from ivr.rules.values.plain import ValueRefused
from ivr.store.open import open_store

_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{2})\Z")
_HISTORY = timedelta(weeks=12)
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_DAY = timedelta(days=1)
_PLAIN, _WITH_THERE = 12, 19
"""Widths of a day's column."""


class _TargetGiven(click.ParamType[AnswerTarget]):
    name = "target"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> AnswerTarget:
        if isinstance(value, AnswerTarget):
            return value
        try:
            return answer_target(f"{value}")
        except ValueRefused as refused:
            self.fail(f"{refused.message}; {refused.hint}", param, ctx)


@click.command(name="forecast")
@reading_option
@click.option("--for", "week", metavar="WEEK", help="2026-W50.  [default: next week]")
@click.option(
    "--target",
    type=_TargetGiven(),
    metavar="'80% within 20s'",
    help="What is aimed at.  [default: each queue's own target]",
)
@click.option("--queue", metavar="NAME", help="Only this queue.")
@json_option
def forecast_command(
    home: Path, week: str | None, target: AnswerTarget | None, queue: str | None, as_json: bool
) -> None:
    """Say how many calls are to come in each half hour of a week, and how many people they take.

    Calls: the mean of the same half hour on the same weekday of the last eight weeks. People: Erlang C, with the mean
    talk of these weeks and the queue's wrap-up; how many callers give up with so many people: Erlang A. Beside them:
    how many were there on such days.
    """
    there = rules_there(home)
    if there.rules is None:
        message = f"{home} keeps no rules, so no queue is known; start `ivr serve` with it once"
        raise click.ClickException(message)
    if queue is not None and queue not in there.rules.queues:
        hint = did_you_mean(queue, there.rules.queues)
        message = f"there is no queue called {queue!r}"
        raise click.ClickException(f"{message}; {hint}" if hint else message)
    now = SystemClock().now()
    today = now.astimezone(there.zone).date()
    monday = _monday(week, today)
    with open_store(home).reading() as stored:
        offers: dict[str, list[FoldedOffers]] = {name: [] for name in there.rules.queues}
        first = today
        for one in stored.folds.offers("quarter", today - _HISTORY, today - _DAY, EVERYTHING):
            first = min(first, date.fromisoformat(one.day))
            if one.queue in offers:
                offers[one.queue].append(one)
        work = {
            name: list(stored.folds.work_of(name, now - _HISTORY, now))
            for name in there.rules.queues
            if queue in {None, name}
        }
    holidays = _holidays(there.rules, today - _HISTORY, monday + 7 * _DAY)
    days = Days(there.zone, today, holidays)
    pasts = {name: QueuePast(first, offers[name], done) for name, done in work.items()}
    told = [
        week_of(asked, pasts[asked.name], target or asked.answer, monday, days)
        for asked in there.rules.queues.values()
        if queue in {None, asked.name}
    ]
    if as_json:
        click.echo(facts_text(_facts(told, monday)))
        return
    for place, week_told in enumerate(told):
        click.echo("\n".join([*([""] if place else []), *_lines(week_told, monday)]))


def _holidays(rules: RuleSet, first: date, last: date) -> frozenset[date]:
    public = rules.holidays.public
    if public is None:
        return frozenset()
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in public_holidays(public.country, year))


def _monday(week: str | None, today: date) -> date:
    if week is None:
        return today - today.weekday() * _DAY + 7 * _DAY
    found = _WEEK.match(week.upper())
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else _no_week(week)
    except ValueError:
        return _no_week(week)


def _no_week(week: str) -> date:
    message = f"--for {week!r} is not a week; write it as 2026-W50"
    raise click.ClickException(message)


def _lines(one: QueueForecast, monday: date) -> list[str]:
    year, number, _ = monday.isocalendar()
    aim = f"{one.target.share:.0%} within {one.target.within_seconds:.0f} s"
    lines = [f"queue {one.queue}, week {number} of {year}: calls and people for {aim}"]
    known = {day: told for day, told in one.days.items() if told is not None}
    if not any(half.calls for told in known.values() for half in told.values()):
        return [*lines, "  no data: no call came on such days"]
    width = _PLAIN
    if any(half.there is not None for told in known.values() for half in told.values()):
        lines.append("  in brackets: how many people were there for it on such days")
        width = _WITH_THERE
    titles = [f"{name} {day:%d.%m}" for name, day in zip(_WEEKDAYS, one.days, strict=True)]
    lines.append(f"{'':7}" + "".join(f"{title:>{width}}" for title in titles))
    for begins in half_hours():
        cells = [_cell(told[begins] if told else None) for told in one.days.values()]
        if any(told[begins].calls for told in known.values()):
            lines.append(f"  {begins:%H:%M}" + "".join(f"{cell:>{width}}" for cell in cells))
    if one.handling_seconds is None:
        lines.append("  people: no data, since nobody has talked yet")
    else:
        lines.append(f"  each call takes {one.handling_seconds:.0f} s (talk and wrap-up)")
        lines.append(_told_of_patience(one))
    if one.accuracy is None:
        lines.append("  how good it is: no data yet")
    else:
        weeks = one.accuracy.weeks
        lines.append(f"  it was off by {one.accuracy.error:.0%} in the last {weeks} weeks")
    return lines


def _told_of_patience(one: QueueForecast) -> str:
    if one.patience_seconds is None or one.giving_up is None or one.wait_seconds is None:
        return "  who gives up: no data, since nobody has given up yet"
    return (
        f"  callers wait {one.patience_seconds:.0f} s on average before they give up: with these people "
        f"{one.giving_up:.1%} do, and callers wait {one.wait_seconds:.0f} s (Erlang A)"
    )


def _cell(half: HalfHour | None) -> str:
    if half is None:
        return "–"
    people = "–" if half.people is None else f"{half.people}"
    there = "" if half.there is None else f" ({half.there:.1f})"
    return f"{half.calls:.1f} / {people}{there}"


def _facts(told: list[QueueForecast], monday: date) -> dict[str, object]:
    year, number, _ = monday.isocalendar()
    return {
        "week": f"{year}-W{number:02}",
        "queues": [
            {
                "queue": one.queue,
                "target": {"share": one.target.share, "within_seconds": one.target.within_seconds},
                "handling_seconds": one.handling_seconds,
                "patience_seconds": one.patience_seconds,
                "giving_up": one.giving_up,
                "wait_seconds": one.wait_seconds,
                "error": one.accuracy
                and {"share": one.accuracy.error, "weeks": one.accuracy.weeks},
                "half_hours": [
                    {
                        "at": datetime.combine(day, begins).isoformat(timespec="minutes"),
                        "calls": half.calls,
                        "people": half.people,
                        "there": half.there,
                        "giving_up": half.impatient and half.impatient.giving_up,
                        "wait_seconds": half.impatient and half.impatient.wait_seconds,
                    }
                    for day, halves in one.days.items()
                    if halves is not None
                    for begins, half in halves.items()
                ],
            }
            for one in told
        ],
    }
