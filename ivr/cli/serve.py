"""`ivr serve`: take calls."""

from __future__ import annotations

import faulthandler
import logging
import sys
from pathlib import Path

import click

from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.settings import settings_file
from ivr.collector import collecting_later
from ivr.observe import start_logging
from ivr.server.spare import wait_for_turn
from ivr.server.watch import argv_of_server, watch
from ivr.server.watcher import Watcher
from ivr.settings import SettingsSource

LOCK_SECONDS = 0.0005
"""How long one thread keeps Python's lock from another. The journal asks for it some seven times in a commit: with the
usual 5 ms each, a loop that is busy makes callers wait up to twice as long for what is kept of them."""


@click.command()
@click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    required=True,
    help="All that is written lies below this folder.",
)
@click.option(
    "--rules",
    type=DiskPath(),
    default=Path("routing_rules.yaml"),
    show_default=True,
)
@click.option(
    "--prompts",
    type=DiskPath(),
    help="The folder of prompts.  [default: prompts beside the rules]",
)
@click.option("--sip", metavar="HOST:PORT", help="SIP over UDP.  [default: 127.0.0.1:5060]")
@click.option("--rtp", metavar="FROM-TO", help="UDP ports for speech.  [default: 10000-10999]")
@click.option("--web", metavar="HOST:PORT", help="Where /health is.  [default: 127.0.0.1:8080]")
@click.option(
    "--config",
    type=DiskPath(),
    envvar="IVR_CONFIG",
    help="Settings.  [default: ivr.toml in the home folder, or else beside the rules]",
)
@click.option(
    "--watched", is_flag=True, help="Start it again when it ends or hangs, as systemd would."
)
@click.option("--verbose", is_flag=True, help="Log every agent's move and every prompt.")
def serve(
    home: Path,
    rules: Path,
    prompts: Path | None,
    sip: str | None,
    rtp: str | None,
    web: str | None,
    config: Path | None,
    watched: bool,
    verbose: bool,
) -> None:
    """Take calls until SIGTERM, which lets those under way finish; a second one ends at once.

    SIGUSR1 ends it and leaves all callers where they are, for the server that is started next.
    Everything listens on loopback until told otherwise. When calls are taken, one line is printed that begins with
    `ready` and names the addresses.
    """
    start_logging(level=logging.DEBUG if verbose else logging.INFO, as_json=not sys.stderr.isatty())
    watcher = Watcher.from_environment()
    if watched:
        if watcher.is_there:
            message = "--watched: somebody watches over this server already (systemd); leave it out"
            raise click.UsageError(message)
        sys.exit(watch(argv_of_server(sys.argv[1:]), home))
    with collecting_later():  # a seventh of the time that loading takes
        import uvloop  # noqa: PLC0415 - only where calls are taken: who watches stays small

        from ivr.server.app import serve as run_server  # noqa: PLC0415
        from ivr.server.parts import Serving  # noqa: PLC0415

    wait_for_turn()
    sys.setswitchinterval(LOCK_SECONDS)
    # At SIGABRT, which a watcher sends to what hangs, every thread's stack goes to where the log goes.
    faulthandler.enable(2)
    source = SettingsSource(
        lambda: config or settings_file(home, rules),
        {"sip": {"address": sip, "rtp": rtp}, "web": {"address": web}},
    )
    settings = source.read()
    asked = Serving(home, rules, prompts or rules.parent / "prompts", settings, source, watcher)
    uvloop.run(run_server(asked, _announce))


def _announce(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
