"""`ivr agents`: who answers, and what to type into their softphones."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.run import find_running
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.in_force import text_taken
from ivr.errors import ConfigRefused
from ivr.rulebook.text import RulesText
from ivr.rules.load import load_rules
from ivr.rules.model import Account
from ivr.settings import load_settings


@click.group()
def agents() -> None:
    """The people who answer, and their phones."""


@agents.command()
@click.argument("name")
@click.option("--home", type=DiskPath(), envvar="IVR_HOME", required=True)
@click.option(
    "--rules",
    type=DiskPath(exists=True),
    help="The rules that name the agents.  [default: those in force at --home, else routing_rules.yaml]",
)
def credentials(name: str, home: Path, rules: Path | None) -> None:
    """Show what to type into the softphone of the agent NAME. The password is made here, once."""
    written = _rules_asked(rules, home)
    found = load_rules(written.text, written.file, files=written.files)[0].agents.get(name)
    if found is None:
        raise ConfigRefused("NAME", name, f"the name of an agent in {written.file}")
    if not isinstance(found.phone, Account):
        raise ConfigRefused(
            f"agents.{name}.phone", found.phone.uri, "an account name, for a phone that registers"
        )
    account = found.phone.name
    running = find_running(home.resolve())
    beside = home / "ivr.toml"
    settings = load_settings(beside if beside.exists() else None)
    server = f"{running.sip_host}:{running.sip_port}" if running else settings.sip.address
    password = keep_passwords(home.resolve(), [account]).phones[account]
    click.echo(f"server    {server} (UDP)\nuser      {account}\npassword  {password}")


def _rules_asked(file: Path | None, home: Path) -> RulesText:
    """Those of the file, else those in force, else those of this folder. Raises ConfigRefused where there are none."""
    kept = text_taken(home) if file is None else None
    return RulesText.kept(kept) if kept else RulesText.of(file or DEFAULT_RULES)
