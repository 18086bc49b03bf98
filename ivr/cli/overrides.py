"""`ivr overrides`: what is closed by hand at this moment."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.change_lines import local
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.override_lines import line
from ivr.cli.shared.server import json_option, reading_option
from ivr.cli.shared.zone import zone_of
from ivr.clock import SystemClock
from ivr.store.open import open_store


@click.command()
@reading_option
@json_option
def overrides(home: Path, as_json: bool) -> None:
    """Show what is closed by hand, since when and until when, by whom and why. The server may be running or not."""
    with open_store(home).reading() as stored:
        found = stored.history.overrides(SystemClock().now())
    if as_json:
        click.echo(facts_text(found))
    elif not found:
        click.echo("nothing is closed by hand")
    else:
        zone = zone_of(home)
        for one in found:
            click.echo(line(one, f"since {local(one.set_at, zone)} until {local(one.until, zone)}"))
