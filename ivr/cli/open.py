"""`ivr open`: open again what was closed by hand."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.override_lines import tell_overrides
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import Open, Overridden


@click.command("open")
@click.argument("name", nargs=-1, required=True)
@home_option
@author_option
@json_option
def open_again(name: tuple[str, ...], home: Path, author: str | None, as_json: bool) -> None:
    """Open NAME again before its end has come: what `ivr close` closed, and nothing else."""
    asked = Open(name=" ".join(name))
    opened = ask(home, "open", asked, Overridden, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(opened))
    else:
        tell_overrides("opened", opened)
