"""Changes of rules, told to people."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

import click

from ivr.cli.shared.zone import zone_of
from ivr.control import Changed
from ivr.records.changes import RulesChange


def tell_change(changed: Changed, home: Path) -> None:
    """What became of it, and what else there is to know."""
    change = changed.change
    revision, before = change.revision[:12], changed.before[:12]
    match change.state:
        case "planned":
            click.echo(f"planned   revision {revision} at {local(change.due_at, zone_of(home))}")
            click.echo(f"change    {change.change_id}")
        case "called_off":
            due = local(change.due_at, zone_of(home))
            click.echo(f"called off   revision {revision}, planned for {due}")
        case _ if revision == before:
            click.echo(f"in force  revision {revision}, as before; the recordings were read again")
        case _:
            click.echo(f"in force  revision {revision}; before it {before}")
    for warning in changed.warnings:
        click.echo(f"{click.style('note', fg='yellow')}: {warning}", err=True)


def local(at: datetime, zone: tzinfo | None) -> str:
    """A time in a zone; None is this machine's."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def state_of(change: RulesChange) -> str:
    """In one word; `called off` in two."""
    return change.state.replace("_", " ")
