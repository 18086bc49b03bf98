"""`ivr trunks`: how it is with each trunk at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
import msgspec

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.server import given_home, json_option, look
from ivr.cli.trunks_try import try_trunk
from ivr.web import TrunkHealth


class _TrunksOfHealth(msgspec.Struct, frozen=True):
    """What is read of `/health` here."""

    trunks: Mapping[str, TrunkHealth]


@click.group(invoke_without_command=True)
@click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    help="The home folder of the server (or IVR_HOME).  [required]",
)
@json_option
@click.pass_context
def trunks(context: click.Context, home: Path | None, as_json: bool) -> None:
    """Show each trunk of the running server: does it answer, until when is it signed in, what comes in over it.

    Exit 0 when all is well with every trunk; 1 when one does not answer, or is not signed in and should be.
    """
    if context.invoked_subcommand is None:
        _show(given_home(home), as_json=as_json)


trunks.add_command(try_trunk)


def _show(home: Path, *, as_json: bool) -> None:
    found = look(home, _TrunksOfHealth).trunks
    if as_json:
        click.echo(facts_text(msgspec.to_builtins(found)))
    elif not found:
        click.echo("there are no trunks: `[[trunk]]` in ivr.toml makes one")
    else:
        width = max(map(len, found))
        for name, trunk in found.items():
            click.echo(f"{name:{width}}  {', '.join(_words(trunk))}")
            for said in trunk.troubles:
                click.echo(f"{'':{width}}  -> {said}")
    if any(
        trunk.troubles or False in {trunk.reachable, trunk.registered} for trunk in found.values()
    ):
        raise SystemExit(1)


def _words(trunk: TrunkHealth) -> list[str]:
    words = [
        {True: "answers", False: "does not answer", None: "is not asked"}[trunk.reachable],
        *([] if trunk.registered is None else [_registered(trunk.registered_until)]),
        f"calls in {trunk.calls_in} of {trunk.most_calls_in}",
    ]
    words.append(f"calls out {trunk.calls_out} of {trunk.most_calls_out}")
    if trunk.out_failed:
        words.append(f"not got through {trunk.out_failed}")
    if trunk.refused:
        words.append(f"refused {trunk.refused}")
    if failure := trunk.last_failure:
        what = f"{failure.status or 'no answer'} to {failure.doing}"
        words.append(f"last failure {what} at {_clock(failure.at)}")
    return words


def _registered(until: str | None) -> str:
    return f"signed in until {_clock(until)}" if until else "not signed in"


def _clock(at: str) -> str:
    """A moment on this machine's clock, to the second."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"
