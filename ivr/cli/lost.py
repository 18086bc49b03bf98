"""`ivr lost`: callers who gave up and were not reached since, as a work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import click

from ivr.cli.shared.change_lines import local
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.period import period_given
from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.server import (
    ask,
    author_option,
    author_or_user,
    given_home,
    home_to_read,
    json_option,
)
from ivr.clock import SystemClock
from ivr.control import SeenTo, SeeTo
from ivr.kpi.lost import Lost, LostCaller, lost_callers
from ivr.numbers import number_from_sip
from ivr.records.removals import is_taken_out
from ivr.store.open import open_store

_USUAL_DAYS = 7
_TITLES = ("CALLER", "TRIES", "LAST TRY", "WAITED", "DEPARTMENT", "SITE")
_WIDTHS = (18, 5, 24, 9, 14, 12)


_home_option = click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    help="The home folder of the server (or IVR_HOME).  [required]",
)


@click.group(invoke_without_command=True)
@_home_option
@click.option(
    "--from",
    "first",
    metavar="DAY",
    help=f"Calls from this day on: 2026-11-23, today or yesterday.  [default: the last {_USUAL_DAYS} days]",
)
@json_option
@click.pass_context
def lost(ctx: click.Context, home: Path | None, first: str | None, as_json: bool) -> None:
    """Show who gave up, or was lost by us, and has not reached anybody since: each caller once.

    The first has waited longest for us. Numbers stand in full, since they are to be called.
    """
    ctx.obj = home
    if ctx.invoked_subcommand is not None:
        return
    home = home_to_read(home)
    there = rules_there(home)
    now = SystemClock().now()
    days_ago = (now.astimezone(there.zone).date() - timedelta(days=_USUAL_DAYS)).isoformat()
    since, _ = period_given(first or days_ago, None, there.zone).bounds(there.zone)
    with open_store(home).reading() as stored:
        seen_to = {one.caller: one.at for one in stored.history.follow_ups(since)}
        found = lost_callers(stored.calls.between(since, now), seen_to)
    if as_json:
        click.echo(
            facts_text(
                {"callers": found.callers, "withheld": found.withheld, "purged": found.purged}
            )
        )
        return
    for line in _lines(found, there.zone, since):
        click.echo(line)


@lost.command()
@click.argument("number")
@_home_option
@click.option("-m", "--why", metavar="WHY", default="", help="What came of it.")
@author_option
@json_option
@click.pass_obj
def done(
    above: Path | None, number: str, home: Path | None, why: str, author: str | None, as_json: bool
) -> None:
    """Take NUMBER off the list: the caller has been called back, or need not be."""
    asked = SeeTo(caller=number, why=why)
    home = given_home(home, above)
    answer = ask(home, "see-to", asked, SeenTo, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(answer))
    else:
        click.echo(f"seen to  {_number(answer.follow_up.caller)}")


def _lines(found: Lost, zone: tzinfo, since: datetime) -> Iterator[str]:
    if found.callers:
        yield _columns(_TITLES)
    else:
        yield f"nobody is to be called back, of those who called since {local(since, zone)}"
    for one in found.callers:
        yield _columns(_cells(one, zone))
    if found.withheld:
        yield f"and {found.withheld} of callers who withheld their number"
    if found.purged:
        yield f"and {found.purged} of callers whose numbers are not kept any more"


def _cells(one: LostCaller, zone: tzinfo) -> tuple[str, ...]:
    waited = "" if one.longest_wait_seconds is None else f"{one.longest_wait_seconds:.0f} s"
    message = ", left a message" if one.left_message else ""
    return (
        _number(one.caller),
        f"{one.tries}",
        local(one.last_at, zone),
        waited,
        (one.department or "") + message,
        one.site or "",
    )


def _number(caller: str) -> str:
    if is_taken_out(caller):
        return "(forgotten)"
    known = number_from_sip(caller)
    return known.spaced if known else caller


def _columns(cells: tuple[str, ...]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))
    return "  ".join(padded).rstrip()
