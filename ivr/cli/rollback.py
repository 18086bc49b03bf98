"""`ivr rollback`: go back to rules that were in force before."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.change_lines import tell_change
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import Changed, Rollback


@click.command()
@click.argument("revision", metavar="[REV]", required=False)
@home_option
@click.option("-m", "--why", metavar="WHY", default="", help="Why; it is kept in the history.")
@author_option
@json_option
def rollback(revision: str | None, home: Path, why: str, author: str | None, as_json: bool) -> None:
    """Let the running server go back to revision REV, or to the rules before the present ones.

    The beginning of a revision will do; `ivr history` lists them. The present rules stay if that is not possible.
    """
    asked = Rollback(revision=revision, why=why)
    changed = ask(home, "rollback", asked, Changed, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(changed))
    else:
        tell_change(changed, home)
