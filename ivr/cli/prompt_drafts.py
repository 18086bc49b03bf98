"""`ivr prompts publish`: what was recorded by phone becomes what callers hear."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.audio.drafts import drafts_in, publish
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.in_force import text_taken
from ivr.cli.shared.prompt_choice import mistakes_told
from ivr.cli.shared.server import home_option


@click.command("publish")
@click.argument("names", metavar="[NAME]", nargs=-1)
@home_option
@click.option(
    "--prompts",
    "folder",
    type=DiskPath(),
    help="The folder of recordings.  [default: prompts beside the rules that are live]",
)
@click.option("--language", help="Only the draft in this language.")
def publish_(names: tuple[str, ...], home: Path, folder: Path | None, language: str | None) -> None:
    """Put drafts live that were recorded by phone: the next call hears them.

    Without a NAME, the drafts are listed and nothing is changed.
    """
    drafts = [one for one in drafts_in(home) if language in {None, one.language}]
    if not names:
        for one in drafts:
            made = one.made_at.astimezone()
            click.echo(f"{one.language}/{one.prompt}  recorded {made:%Y-%m-%d %H:%M}")
        if not drafts:
            click.echo("there are no drafts")
        return
    there = {one.prompt for one in drafts}
    for name in names:
        if name not in there:
            known = ", ".join(sorted(there)) or "none"
            message = f"there is no draft of {name}; drafts: {known}"
            raise click.ClickException(message)
    into = folder or _beside_the_live_rules(home)
    with mistakes_told():
        for one in drafts:
            if one.prompt in names:
                click.echo(f"wrote {publish(one, into)}")


def _beside_the_live_rules(home: Path) -> Path:
    kept = text_taken(home)
    return Path(kept.file).parent / "prompts" if kept is not None else Path("prompts")
