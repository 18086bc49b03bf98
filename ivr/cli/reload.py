"""`ivr reload`: let the running server take the settings that were changed."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import Reload, Reloaded


@click.command("reload")
@home_option
@author_option
@json_option
def reload_settings(home: Path, author: str | None, as_json: bool) -> None:
    """Let the running server take what ivr.toml says now: trunks, emergency calls, calls outside, the floor.

    Calls go on, and trunks that stay as they are stay signed in. Settings with a fault change nothing. SIGHUP does the
    same without an answer. Rules are no part of it: see `ivr apply`.

    Exit 0 when all is taken; 1 when it is refused, or Asterisk did not take something.
    """
    reloaded = ask(home, "reload", Reload(), Reloaded, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(reloaded))
    else:
        for line in lines_of(reloaded):
            click.echo(line)
    if reloaded.not_taken:
        raise SystemExit(1)


def lines_of(reloaded: Reloaded) -> list[str]:
    """Each change by name, and what is wrong."""
    changes = [
        *(f"trunk {name} added" for name in reloaded.added),
        *(f"trunk {name} changed" for name in reloaded.changed),
        *(f"trunk {name} removed" for name in reloaded.removed),
        *(f"{name} changed" for name in reloaded.others),
    ]
    return [
        f"taken: {', '.join(changes)}" if changes else "nothing has changed in the settings",
        *(f"Asterisk did not take {name}: see the server's log" for name in reloaded.not_taken),
        *reloaded.warnings,
    ]
