"""`ivr status`: queues, agents and calls as they are now, on a screen that keeps up."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import home_option, json_option, look, state_now
from ivr.cli.shared.state_lines import state_lines
from ivr.control import PresentState
from ivr.errors import IvrError

REFRESH_SECONDS = 1.0

_TOP, _TO_LINE_END, _TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"


class _ProblemsOfHealth(msgspec.Struct, frozen=True):
    """What is read of `/health` here."""

    problems: tuple[str, ...]


@click.command()
@home_option
@json_option
@click.option(
    "--once", is_flag=True, help="Print it once. So it is where the output is no terminal."
)
def status(home: Path, as_json: bool, once: bool) -> None:
    """Show who waits, who answers and where each call stands, each second anew; Ctrl-C ends it.

    Callers' numbers are masked.
    """
    if as_json:
        click.echo(facts_text(state_now(home, PresentState)))
    elif once or not sys.stdout.isatty():
        for line in _lines(home):
            click.echo(line)
    else:
        _keep_showing(home)


def _keep_showing(home: Path) -> None:
    try:
        for lines in screens(lambda: _lines(home)):
            # Over what is there, and not after a blank screen: it would flicker.
            shown = "".join(f"{line}{_TO_LINE_END}\n" for line in _fitting(lines))
            click.echo(f"{_TOP}{shown}{_TO_SCREEN_END}", nl=False)
            time.sleep(REFRESH_SECONDS)
    except KeyboardInterrupt:
        click.echo()


def screens(look: Callable[[], list[str]]) -> Iterator[list[str]]:
    """What is shown, time after time. A server that is away at the first look ends it; later it is waited for."""
    lines = look()
    click.clear()
    while True:
        yield lines
        try:
            lines = look()
        except IvrError as error:
            lines = ["!! no answer; this goes on as soon as there is one", "", f"{error}"]


def _fitting(lines: list[str]) -> list[str]:
    """As many lines as the screen has, and no longer ones."""
    columns, rows = shutil.get_terminal_size()
    if len(lines) >= rows:
        left_out = len(lines) - rows + 2
        lines = [*lines[: rows - 2], f"… {left_out} lines more: `ivr status --once` has all"]
    return [line[:columns] for line in lines]


def _lines(home: Path) -> list[str]:
    return state_lines(state_now(home, PresentState), look(home, _ProblemsOfHealth).problems)
