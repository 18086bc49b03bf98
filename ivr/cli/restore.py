"""`ivr restore`: a home folder of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.amount import counted
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.server import home_option
from ivr.clock import SystemClock
from ivr.store.restoring import restore as restored


@click.command()
@click.argument("folder", type=DiskPath(exists=True, file_okay=False), metavar="FOLDER")
@home_option
def restore(folder: Path, home: Path) -> None:
    """Make a home folder of the backup in FOLDER, once each of its files is proved. One that is there is set aside.

    No server may run with that home folder.
    """
    found, aside = restored(folder, home.absolute(), SystemClock().now())
    click.echo(
        f"{home}: {counted(found.calls, 'call')} and {counted(found.events, 'event')}, "
        f"as they were at {found.begun_at:%Y-%m-%d %H:%M} UTC"
    )
    if aside is not None:
        click.echo(f"what lay there is {aside} now")
    if not found.recordings:
        click.echo("the backup has no recordings: messages in it have no sound")
