"""The command `ivr`. Each command lies in a module of its own and is imported when it is asked for."""

from __future__ import annotations

import errno
import logging
import sys
import traceback
from importlib import import_module

import click

from ivr import __version__
from ivr.cli.shared.letters import read_what_it_can, show_what_it_can
from ivr.collector import collecting_later
from ivr.errors import IvrError
from ivr.on_disk import composed

_COMMANDS = {
    "agent": "ivr.cli.agent:agent",
    "agents": "ivr.cli.agents:agents",
    "apply": "ivr.cli.apply:apply",
    "asterisk": "ivr.cli.asterisk:asterisk",
    "backup": "ivr.cli.backup:backup",
    "call": "ivr.cli.call:call",
    "calls": "ivr.cli.calls:calls",
    "check": "ivr.cli.check:check",
    "close": "ivr.cli.close:close",
    "demo": "ivr.cli.demo:demo",
    "doctor": "ivr.cli.doctor:doctor",
    "explain": "ivr.cli.explain:explain",
    "export": "ivr.cli.export:export",
    "forget": "ivr.cli.forget:forget",
    "fmt": "ivr.cli.fmt:fmt",
    "forecast": "ivr.cli.forecast:forecast_command",
    "graph": "ivr.cli.graph:graph",
    "history": "ivr.cli.history:history",
    "init": "ivr.cli.init:init",
    "kpi": "ivr.cli.kpi:kpi",
    "lost": "ivr.cli.lost:lost",
    "migration": "ivr.cli.migration:migration",
    "open": "ivr.cli.open:open_again",
    "overrides": "ivr.cli.overrides:overrides",
    "paths": "ivr.cli.paths:paths",
    "phones": "ivr.cli.phones:phones",
    "plan": "ivr.cli.plan:plan",
    "prompts": "ivr.cli.prompts:prompts",
    "purge": "ivr.cli.purge:purge",
    "queue": "ivr.cli.queue:queue",
    "records": "ivr.cli.records:records",
    "refold": "ivr.cli.refold:refold",
    "removals": "ivr.cli.removals:removals",
    "reload": "ivr.cli.reload:reload_settings",
    "rename": "ivr.cli.rename:rename",
    "report": "ivr.cli.report:report",
    "restore": "ivr.cli.restore:restore",
    "rollback": "ivr.cli.rollback:rollback",
    "schema": "ivr.cli.schema:schema",
    "serve": "ivr.cli.serve:serve",
    "speech": "ivr.cli.speech:speech",
    "speech-worker": "ivr.cli.speech_worker:speech_worker",
    "status": "ivr.cli.status:status",
    "store": "ivr.cli.store:store",
    "test": "ivr.cli.test:test",
    "token": "ivr.cli.token:token",
    "trunks": "ivr.cli.trunks:trunks",
}


class _Commands(click.Group):
    """The commands by name; `ivr check` need not wait for what only `ivr serve` imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = _COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        with collecting_later():
            command: click.Command = getattr(import_module(module), name)
            _keep_log_apart()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            from ivr.rules.fault import slip_of  # noqa: PLC0415 - a known command need not wait for it

            near = slip_of(args[0], _COMMANDS)
            ctx.fail(f"No such command {args[0]!r}" + (f"; {near}" if near else ""))
        return super().resolve_command(ctx, args)


def _keep_log_apart() -> None:
    """Left alone, what is logged goes to standard output, among the facts that a program reads there.

    Warnings only: what a command has done it says itself.
    """
    if "structlog" in sys.modules:
        from ivr.observe import start_logging  # noqa: PLC0415 - what logs nothing need not load it

        start_logging(level=logging.WARNING)


_HELP = """Sentralbord: an IVR and call-routing server on Asterisk 22.

\b
ivr init             write a first centre into a folder
ivr check            is routing_rules.yaml right?
ivr explain          why would a call go where it would?
ivr test             do the tests beside the rules pass?
ivr serve            take calls
ivr apply            put changed rules into force on a running server
ivr demo             see it work, with real calls
"""


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, help=_HELP)
@click.version_option(__version__, prog_name="sentralbord")
def ivr() -> None:
    """The command itself; what it does is in the commands below it."""


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a disk says that takes no more of the output that was sent there."""


def main() -> None:
    """Run the command; a mistake of the user's ends in one clear line and exit code 1, never in a traceback."""
    show_what_it_can(sys.stdout, sys.stderr)
    read_what_it_can(sys.stdin)
    try:
        _run()
    except Exception:  # noqa: BLE001 - the last guard of a command: say what to do with what it caught
        traceback.print_exc()
        click.echo(
            "ivr: this is a fault of Sentralbord's own; please report it with the lines above",
            err=True,
        )
        sys.exit(70)


def _run() -> None:
    try:
        ivr([composed(word) for word in sys.argv[1:]], prog_name="ivr")
    except IvrError as error:
        click.echo(f"ivr: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        click.echo(f"ivr: nothing more can be written: {error.strerror}", err=True)
        sys.exit(1)
