"""Changes of rules, told to people."""

from __future__ import annotations

from datetime import datetime

import click

from ivr.records.changes import RulesChange
from ivr.web.control import Changed


def tell_change(changed: Changed) -> None:
    """What became of it, and what else there is to know."""
    change = changed.change
    revision, before = change.revision[:12], changed.before[:12]
    match change.state:
        case "planned":
            click.echo(f"planned   revision {revision} at {local(change.due_at)}")
            click.echo(f"change    {change.change_id}")
        case "called_off":
            click.echo(f"called off   revision {revision}, planned for {local(change.due_at)}")
        case _ if revision == before:
            click.echo(f"in force  revision {revision}, as before; the recordings were read again")
        case _:
            click.echo(f"in force  revision {revision}; before it {before}")
    for warning in changed.warnings:
        click.echo(f"{click.style('note', fg='yellow')}: {warning}", err=True)


def local(at: datetime) -> str:
    """A time in this machine's time zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def state_of(change: RulesChange) -> str:
    """In one word; `called off` in two."""
    return change.state.replace("_", " ")
