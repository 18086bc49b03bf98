"""`ivr backup`: a copy of a home folder while its server runs."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.amount import counted
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.server import home_option, json_option
from ivr.clock import SystemClock
from ivr.store.backup import back_up


@click.command()
@click.argument("folder", type=DiskPath(), metavar="FOLDER")
@home_option
@click.option("--without-recordings", is_flag=True, help="Leave out the messages' sound.")
@json_option
def backup(folder: Path, home: Path, without_recordings: bool, as_json: bool) -> None:
    """Copy what cannot be made again into a new FOLDER, as it was at one moment. The server may run.

    Numbers and passwords are in it: guard it as you do the home folder.
    """
    found = back_up(home, folder, SystemClock().now(), recordings=not without_recordings)
    if as_json:
        click.echo(facts_text({"folder": str(folder), "backup": found}))
        return
    recordings = "" if found.recordings else "; recordings were left out"
    click.echo(
        f"{folder}: {counted(found.calls, 'call')}, {counted(found.events, 'event')}, "
        f"{counted(len(found.files), 'file')}{recordings}"
    )
