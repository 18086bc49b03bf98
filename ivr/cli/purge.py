"""`ivr purge`: take out what the settings do not keep any longer."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.server import author_option, author_or_user, home_option, json_option
from ivr.cli.shared.settings import settings_file
from ivr.cli.shared.taking_out import take_out, taken_lines, tell_removal
from ivr.clock import SystemClock
from ivr.control import Purge
from ivr.records.removals import KeptSince
from ivr.server.retention import kept_since
from ivr.settings import load_settings
from ivr.store.open import open_store


@click.command()
@home_option
@click.option(
    "--config",
    type=DiskPath(exists=True, dir_okay=False),
    envvar="IVR_CONFIG",
    help="The settings (or IVR_CONFIG).  [default: ivr.toml in the home folder, else here]",
)
@click.option("--dry-run", is_flag=True, help="Only say what would go; change nothing.")
@click.option("-m", "--why", metavar="WHY", default="", help="Why now; it is written down.")
@author_option
@json_option
def purge(
    home: Path,
    config: Path | None,
    dry_run: bool,
    why: str,
    author: str | None,
    as_json: bool,
) -> None:
    """Take out what `[retention]` in the settings does not keep any longer, as the server does each night.

    Figures stay what they are. A server that runs does it by the settings that it was started with.
    """
    settings = load_settings(config or settings_file(home, DEFAULT_RULES))
    since = kept_since(settings.retention, SystemClock().now())
    if dry_run:
        _tell(home, since, as_json=as_json)
        return
    who = author_or_user(author)
    removal = take_out(
        home, "purge", Purge(why=why), who, lambda removals: removals.purge(since, who, why)
    )
    tell_removal(home, removal, as_json=as_json)


def _tell(home: Path, since: KeptSince, *, as_json: bool) -> None:
    with open_store(home).reading() as stored:
        taken = stored.removals.would_purge(since)
    if as_json:
        click.echo(facts_text({"since": since, "would_take": taken}))
    elif since.latest is None:
        click.echo("everything is kept for ever: `[retention]` in ivr.toml says nothing else")
    else:
        for line in taken_lines(taken):
            click.echo(line)
