"""What is closed by hand, told to people."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from ivr.control import Overridden
from ivr.records.changes import OverrideKept


def tell_overrides(what: str, told: Overridden) -> None:
    """What was closed or opened, with its end in the rules' time zone, and what else there is to know."""
    for one in told.overrides:
        until = f"until {one.until.astimezone(ZoneInfo(told.zone)):%Y-%m-%d %H:%M} ({told.zone})"
        click.echo(f"{what}  {line(one, until) if what == 'closed' else f'{one.kind} {one.name}'}")
    for warning in told.warnings:
        click.echo(f"{click.style('note', fg='yellow')}: {warning}", err=True)


def line(one: OverrideKept, when: str) -> str:
    """`site bergen until 14:00, says closed.storm; kari: storm`."""
    says = f", says {one.say}" if one.say else ""
    why = f": {one.why}" if one.why else ""
    return f"{one.kind} {one.name} {when}{says}; {one.author}{why}"
