"""`ivr store`: what is kept on PostgreSQL, and how it comes there and back."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ivr.amount import counted
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.server import home_option, json_option
from ivr.cli.shared.settings import settings_file
from ivr.clock import SystemClock
from ivr.observe import start_logging
from ivr.settings import StoreSettings, load_settings
from ivr.store.postgres.address import PostgresAddress


@click.group()
def store() -> None:
    """Look after what is kept in the home folder and on PostgreSQL."""


def _database_options(command: Callable[..., None]) -> Callable[..., None]:
    url: dict[str, Any] = {"metavar": "URL", "help": "Instead of `[store] url` of the settings."}
    file = click.option(
        "--password-file", type=DiskPath(dir_okay=False), help="Its first line is the password."
    )
    config = click.option(
        "--config",
        type=DiskPath(),
        envvar="IVR_CONFIG",
        help="Settings.  [default: ivr.toml in the home folder, or else in this one]",
    )
    return click.option("--url", **url)(file(config(command)))


@store.command("show")
@home_option
@_database_options
@json_option
def show(
    home: Path, url: str | None, password_file: Path | None, config: Path | None, as_json: bool
) -> None:
    """Say what a database holds: whose calls, up to when, and by which schema."""
    from ivr.store.moving import what_is_there  # noqa: PLC0415 - only where there is a driver

    address = _address(home, url, password_file, config)
    there = what_is_there(address)
    if as_json:
        click.echo(facts_text({"database": address.told, "there": there}))
    elif not there.schema:
        click.echo(f"{address.told} is empty")
    elif there.home is None:
        click.echo(f"{address.told} has schema {there.schema} and no calls")
    else:
        whole = "" if there.is_whole else "; it is being filled, and does not have everything yet"
        click.echo(
            f"{address.told} has schema {there.schema} and the calls of home folder {there.home}, last written "
            f"{there.at}{whole}"
        )


@store.command("copy")
@home_option
@_database_options
@click.option("--take-over", is_flag=True, help="In place of what another home folder put there.")
def copy(
    home: Path, url: str | None, password_file: Path | None, config: Path | None, take_over: bool
) -> None:
    """Send all that a home folder holds to PostgreSQL, while no server runs with it.

    A server with `[store] url` does the same by itself when it starts; cut off, the next try goes on.
    """
    from ivr.store.moving import copy_home  # noqa: PLC0415 - only where there is a driver

    start_logging(level=logging.CRITICAL)
    address = _address(home, url, password_file, config)
    progress = _Countdown()
    asyncio.run(copy_home(home, address, progress.tell, take_over=take_over))
    progress.end()
    click.echo(f"{address.told} has all that {home} holds")


@store.command("fetch")
@home_option
@_database_options
def fetch(home: Path, url: str | None, password_file: Path | None, config: Path | None) -> None:
    """Make a home folder's journal of what PostgreSQL has: after its disk was lost, or an older backup was put back.

    Recordings and passwords are not there: they come from a backup. A journal that lies there is set aside; calls that
    only it has are kept, too.
    """
    from ivr.store.moving import fetch_home  # noqa: PLC0415 - only where there is a driver

    start_logging(level=logging.WARNING)
    address = _address(home, url, password_file, config)
    fetched = fetch_home(home.absolute(), address, SystemClock().now())
    click.echo(
        f"{counted(fetched.rows, 'row')} and {counted(fetched.texts, 'file')} of rules fetched from {address.told}"
    )
    if fetched.own_calls:
        kept = "is kept" if fetched.own_calls == 1 else "are kept"
        own = counted(fetched.own_calls, "call")
        click.echo(f"{own} that only this home folder had {kept} beside them")
    if fetched.aside is not None:
        click.echo(f"the journal that lay there is {fetched.aside.name} now")


@store.command("migrate")
@home_option
@_database_options
def migrate(home: Path, url: str | None, password_file: Path | None, config: Path | None) -> None:
    """Bring a database up to date, or, where none is set, the home folder's journal; `ivr serve` does both itself."""
    from ivr.store.moving import migrate_database, migrate_home  # noqa: PLC0415 - see above

    start_logging(level=logging.WARNING)
    if url is None and _settings(home, config).url is None:
        migrate_home(home)
        click.echo(f"{home} is up to date")
        return
    address = _address(home, url, password_file, config)
    steps = migrate_database(address, SystemClock().now())
    for step in steps:
        click.echo(step)
    click.echo(f"{address.told} is up to date")


class _Countdown:
    """How many changes wait, on one line of a terminal."""

    def __init__(self) -> None:
        self._is_seen = sys.stderr.isatty()

    def tell(self, behind: int) -> None:
        if self._is_seen:
            click.echo(
                f"\r{counted(behind, 'change waits', 'changes wait')}   ", nl=False, err=True
            )

    def end(self) -> None:
        if self._is_seen:
            click.echo("\r", nl=False, err=True)


def _settings(home: Path, config: Path | None) -> StoreSettings:
    return load_settings(config or settings_file(home, DEFAULT_RULES)).store


def _address(
    home: Path, url: str | None, password_file: Path | None, config: Path | None
) -> PostgresAddress:
    """Raises ConfigRefused for one that is none."""
    found = _settings(home, config)
    if url is not None:
        given = load_settings(None, {}, store={"url": url}).store
        return PostgresAddress(str(given.url), password_file or found.password_file)
    if found.url is None:
        message = "which database? Give --url postgresql://USER@HOST:PORT/DATABASE, or set `[store] url` in ivr.toml"
        raise click.UsageError(message)
    return PostgresAddress(found.url, password_file or found.password_file)
