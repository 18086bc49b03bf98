"""`ivr asterisk`: the programs that are fetched rather than installed."""

from __future__ import annotations

import click

from ivr.asterisk.cache import ASTERISK, FETCHABLE, SIPP, cache_folder
from ivr.asterisk.obtain import find_asterisk, find_program, sipp_release
from ivr.cli.shared.choice import WordChoice
from ivr.releases import SIPP_KNOWN_GOOD, is_untried


@click.group("asterisk")
def asterisk() -> None:
    """The private Asterisk, and what tests need beside it."""


@asterisk.command("fetch")
@click.option(
    "--with",
    "others",
    multiple=True,
    type=WordChoice(sorted(set(FETCHABLE) - {ASTERISK.name})),
    help="Fetch this too; may be given several times.",
)
def fetch(others: tuple[str, ...]) -> None:
    """Make sure that there is an Asterisk to run: the machine's own, or a private copy.

    Needs no root and installs nothing. The cache folder is ~/.cache/sentralbord, or what IVR_CACHE
    says.
    """
    cache = cache_folder()
    found = find_asterisk(cache, _say)
    kind = "private" if found.private else "installed"
    tried = ", not tried by us" if is_untried(found.release) else ""
    click.echo(f"asterisk {found.version} ({kind}{tried}): {found.argv[-1]}")
    for other in others:
        argv = find_program(cache, FETCHABLE[other], _say)
        release = f" {_sipp(argv)}" if FETCHABLE[other] is SIPP else ""
        program = [word for word in argv if not word.startswith("--")][-1]
        click.echo(f"{other}{release}: {program}")


def _sipp(argv: tuple[str, ...]) -> str:
    release = sipp_release(argv)
    return release if release in SIPP_KNOWN_GOOD else f"{release} (not tried by us)"


def _say(line: str) -> None:
    click.echo(line, err=True)
