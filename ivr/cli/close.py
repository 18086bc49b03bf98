"""`ivr close`: close a site, a department or a queue by hand, until a time."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.override_lines import tell_overrides
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import Close, Overridden


def _end_given(_: click.Context, __: click.Parameter, until: str | None) -> str:
    if until is None:
        message = "until when? Add --until 14:00, or --until '2026-11-24 08:00': it opens again by itself then"
        raise click.UsageError(message)
    return until


@click.command()
@click.argument("name", nargs=-1, required=True)
@home_option
@click.option(
    "--until",
    metavar="WHEN",
    callback=_end_given,
    help="When it ends by itself: 14:00 is today's, in the rules' time zone; or ISO 8601.  [required]",
)
@click.option("--say", metavar="PROMPT", help="What callers hear then.")
@click.option(
    "-m", "--why", metavar="WHY", default="", help="Why; every trace that meets it says so."
)
@author_option
@json_option
def close(
    name: tuple[str, ...],
    home: Path,
    until: str,
    say: str | None,
    why: str,
    author: str | None,
    as_json: bool,
) -> None:
    """Close NAME, whatever the rules say: a site, a department or a queue.

    Where two things have one name, say which: `ivr close queue bergen`. The rules stay as they are.

    It is for callers who come: those who wait already are served by their agents. Only in a queue that is split does a
    closed site give those who wait for it to another.
    """
    asked = Close(name=" ".join(name), until=until, say=say, why=why)
    closed = ask(home, "close", asked, Overridden, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(closed))
    else:
        tell_overrides("closed", closed)
