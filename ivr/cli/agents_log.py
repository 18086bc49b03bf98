"""`ivr agents log`: what agents did, change by change: the spans behind occupancy and handling times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path

import click

from ivr.cli.shared.change_lines import local
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.period import from_option, period_given, to_option
from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.server import json_option, reading_option
from ivr.cli.shared.state_lines import NOBODY, lasting
from ivr.records.agents import SERVER, AgentChange
from ivr.rules.fault import did_you_mean
from ivr.showing.columns import aligned
from ivr.store.open import open_store

_TITLES = ("when", "agent", "happened", "does", "for", "queue", "call", "by", "why")


@click.command("log")
@click.argument("name", required=False)
@reading_option
@from_option
@to_option
@json_option
def log(name: str | None, home: Path, first: str | None, last: str | None, as_json: bool) -> None:
    """What agents did in some days: each change, how long it lasted, and who wanted it and why."""
    there = rules_there(home)
    period = period_given(first, last, there.zone)
    with open_store(home).reading() as stored:
        found = stored.history.agent_changes(*period.bounds(there.zone))
    told = [one for one in found if name in {None, one.agent}]
    known = {*there.names("agent"), *(one.agent for one in found)}
    if name is not None and name not in known:
        message = f"there is no agent {name!r}, in the rules or in these days"
        hint = did_you_mean(name, known)
        raise click.ClickException(f"{message}; {hint}" if hint else message)
    if as_json:
        click.echo(facts_text({"changes": told}))
        return
    for line in (
        aligned([_TITLES, *_rows(told, there.zone)], texts=9)
        if told
        else ("no data: nobody did anything",)
    ):
        click.echo(line)


def _rows(changes: Sequence[AgentChange], zone: tzinfo) -> Iterator[tuple[str, ...]]:
    """Until the agent's next change; the last one lasts, as far as these days go."""
    following: dict[str, AgentChange] = {}
    lasts: list[str] = []
    for one in reversed(changes):
        after = following.get(one.agent)
        lasts.append(lasting(one.at, after.at) if after else NOBODY)
        following[one.agent] = one
    for one, so_long in zip(changes, reversed(lasts), strict=True):
        yield (
            local(one.at, zone),
            one.agent,
            happened(one),
            one.state.replace("_", " "),
            so_long,
            one.queue or one.for_queue or NOBODY,
            one.call_id or NOBODY,
            "" if one.author == SERVER else one.author,
            one.why or one.reason or "",
        )


def happened(change: AgentChange) -> str:
    """`sat down` is at which phone, for it is how they come back to their own, too."""
    if change.kind != "sat_down":
        return change.kind.replace("_", " ")
    return f"sat down at {change.phone}" if change.phone else "back at their own phone"
