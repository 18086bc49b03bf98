"""`ivr demo`: see it work."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from ivr.cli.shared.files import DiskPath
from ivr.demo.play import play
from ivr.ending import run_and_clear_up
from ivr.observe import start_logging


@click.command()
@click.option(
    "--home",
    type=DiskPath(),
    default=Path(".demo"),
    show_default=True,
    help="All that is written lies below this folder.",
)
@click.option(
    "--rules",
    type=DiskPath(),
    default=Path("routing_rules.yaml"),
    show_default=True,
)
@click.option("--once", is_flag=True, help="End after the calls. So it does without a terminal.")
def demo(home: Path, rules: Path, once: bool) -> None:
    """Start a server, have a played carrier bring it real SIP calls, and tell what became of each and why.

    In a terminal it then stays up, so that you can call it with a softphone.
    """
    start_logging(level=logging.WARNING)
    try:
        run_and_clear_up(
            play(home, rules, click.echo, once=once or not sys.stdin.isatty()),
            stopping=lambda: click.echo("stopping what was started; some seconds more"),
        )
    except KeyboardInterrupt:
        click.echo("stopped")
