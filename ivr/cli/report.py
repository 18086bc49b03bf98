"""`ivr report`: a page that a manager reads, of a day, a week or a month."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import click

from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.moves import calls_of_moves, department_moves
from ivr.cli.shared.period import Period
from ivr.cli.shared.rules_there import RulesThere, rules_there
from ivr.cli.shared.server import reading_option
from ivr.clock import SystemClock
from ivr.kpi.cells import Grain
from ivr.kpi.history import figures_of_history, repeats_of_history
from ivr.kpi.lost import LOST_DISPOSITIONS, Lost, lost_callers
from ivr.kpi.menus import menus, ways_taken
from ivr.kpi.migration import compared
from ivr.kpi.occupancy import TimeAtWork, by_queue
from ivr.kpi.rows import EVERYTHING, By, Figures, Sought, Terms
from ivr.kpi.service_level import DEFINITIONS, USUAL
from ivr.report.gathering import Gathered, Moved, heat_of
from ivr.report.pages import page_of
from ivr.report.plain import page_lines
from ivr.report.span import ReportSpan, SpanKind, span_around, span_named
from ivr.report.words import Wording
from ivr.showing.sentences import Language
from ivr.store.door import Reading
from ivr.store.open import open_store

_HEAT_DAYS = 28
_LOST_DAYS = 7
_WEEKS = 8
_ALL = 100_000_000
_REACHED_LATER = timedelta(days=30)
_NAMED: dict[SpanKind, str] = {
    "day": "2026-11-23, today or yesterday",
    "week": "2026-W48, or a day that lies in it",
    "month": "2026-11, or a day that lies in it",
}


@click.command()
@click.argument("kind", type=WordChoice(get_args(SpanKind)))
@reading_option
@click.option(
    "--for",
    "named",
    metavar="WHEN",
    help="Which one: 2026-11-23, 2026-W48, 2026-11, today, yesterday.  [default: the last one that is over]",
)
@click.option(
    "--sl",
    "definition",
    type=WordChoice(list(DEFINITIONS)),
    default=USUAL.name,
    show_default=True,
    help="The definition of the service level.",
)
@click.option("--html", type=DiskPath(), metavar="FILE", help="Write it as one HTML file.")
@click.option("--pdf", type=DiskPath(), metavar="FILE", help="Write it as PDF.")
@language_option
def report(
    kind: SpanKind,
    home: Path,
    named: str | None,
    definition: str,
    html: Path | None,
    pdf: Path | None,
    language: Language | None,
) -> None:
    """Report a day, a week or a month: the figures beside their targets, and what a manager asks next.

    Without --html and --pdf the figures are shown here. Callers' numbers are masked.
    """
    there = rules_there(home)
    now = SystemClock().now()
    span = _span(kind, named, now.astimezone(there.zone))
    terms = Terms(zone=there.zone, targets=there.targets, service_level=DEFINITIONS[definition])
    told_in = language_told(language)
    with open_store(home).reading() as stored:
        found = _gathered(stored, span, there, terms, now, told_in)
    page = page_of(found, told_in)
    if html is not None:
        from ivr.report.html import html_page  # noqa: PLC0415 - what draws is read only where it is wanted

        _write(html, html_page(page).encode(), told_in)
    if pdf is not None:
        from ivr.report.pdf import pdf_page  # noqa: PLC0415 - as above

        _write(pdf, pdf_page(page), told_in)
    if html is None and pdf is None:
        for line in page_lines(page):
            click.echo(line)


def _span(kind: SpanKind, named: str | None, now: datetime) -> ReportSpan:
    today = now.date()
    if named is None:
        return span_around(kind, today).before
    span = span_named(kind, named, today)
    if span is None:
        message = f"--for {named!r} is no {kind}; write {_NAMED[kind]}"
        raise click.ClickException(message)
    if span.first > today:
        message = f"--for {named!r} has not begun; name one up to {today}"
        raise click.ClickException(message)
    return span


def _write(path: Path, content: bytes, language: Language) -> None:
    """In place of what is there, in one step."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        message = f"cannot write {path}: {error.strerror or error}; name another file"
        raise click.ClickException(message) from error
    click.echo(Wording(language).say("wrote", path=path))


def _gathered(
    stored: Reading,
    span: ReportSpan,
    there: RulesThere,
    terms: Terms,
    now: datetime,
    language: Language,
) -> Gathered:
    paths = list(stored.folds.paths(span.first, span.last))
    heat_span = span
    if span.kind == "day":
        heat_span = ReportSpan("day", span.last - timedelta(days=_HEAT_DAYS - 1), span.last)
    lost_from = max(span.first, span.last - timedelta(days=_LOST_DAYS - 1))
    since, until = Period(lost_from, span.last).bounds(terms.zone)
    today = now.astimezone(terms.zone).date()
    return Gathered(
        span=span,
        at=now,
        terms=terms,
        targets={name: queue.answer for name, queue in there.queues.items()},
        queues=_figures(stored, span, "queue", terms),
        departments=_figures(stored, span, "department", terms),
        before=_figures(stored, span.before, "queue", terms),
        quarters=_figures(stored, span, "quarter", terms),
        heat=heat_of(stored.folds.offers("quarter", heat_span.first, heat_span.last, EVERYTHING)),
        heat_span=heat_span,
        menus=menus(paths),
        ways=ways_taken(paths),
        again=repeats_of_history(stored.folds.first_calls(span.first, span.last), today),
        lost=_lost(stored, since, until, now),
        lost_from=lost_from,
        moved=_moved(stored, there, terms, now),
        duty=by_queue(
            stored.folds.work(*Period(span.first, span.last).bounds(terms.zone), None)
        ).get("", TimeAtWork()),
        surveys=tuple(stored.folds.surveys(span.first, span.last)),
        titles=_titles(there, language),
    )


def _lost(stored: Reading, since: datetime, until: datetime, now: datetime) -> Lost:
    """Callers of the time from `since` until before `until`; whom they have reached in the month after it counts.

    Only the calls of those who may be lost are looked at: of a month of calls the others are most.
    """
    gave_up = [
        call
        for how in LOST_DISPOSITIONS
        for call in stored.calls.behind(
            Sought(first=since, last=until, by="queue", only=EVERYTHING, disposition=how), _ALL
        )
    ]
    later = min(now, until + _REACHED_LATER)
    calls = [call for call in gave_up if call.caller is None]
    for caller in {call.caller for call in gave_up if call.caller is not None}:
        calls += [
            call for call in stored.calls.of_caller(caller) if since <= call.arrived_at < later
        ]
    seen_to = {one.caller: one.at for one in stored.history.follow_ups(since)}
    found = lost_callers(sorted(calls, key=lambda call: call.arrived_at), seen_to)
    return replace(found, callers=tuple(one for one in found.callers if one.first_at < until))


def _figures(stored: Reading, span: ReportSpan, by: By, terms: Terms) -> Figures:
    days = (span.first, span.last)
    grain: Grain = "quarter" if by == "quarter" else "day"
    offers = stored.folds.offers(grain, *days, EVERYTHING)
    return figures_of_history(offers, stored.folds.calls(*days), by, terms)


def _moved(stored: Reading, there: RulesThere, terms: Terms, now: datetime) -> list[Moved]:
    """Those that have begun to move."""
    if there.rules is None:
        return []
    today = now.astimezone(terms.zone).date()
    moves = [
        move for move in department_moves(there.rules) if move.state(today) in {"ramp", "national"}
    ]
    calls = calls_of_moves(stored.calls, moves, _WEEKS, terms, now)
    return [Moved(move, compared(move, calls[move], _WEEKS, terms, now)) for move in moves]


def _titles(there: RulesThere, language: Language) -> dict[str, str]:
    if there.rules is None:
        return {}
    departments = {
        f"department {one.name}": one.titles.get(language) or one.name
        for one in there.rules.departments.values()
    }
    return departments | {f"site {one.name}": one.title for one in there.rules.sites.values()}
