"""`ivr agents`: who answers, and what to type into their phones."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Literal

import click
import segno

from ivr.asterisk.passwords import keep_passwords, renew_password
from ivr.asterisk.pins import renew_pin
from ivr.asterisk.run import find_running
from ivr.cli.agents_log import log
from ivr.cli.shared.agent_lines import agent_lines
from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.in_force import text_taken
from ivr.cli.shared.server import (
    ask,
    author_option,
    author_or_user,
    given_home,
    home_option,
    json_option,
    state_now,
)
from ivr.cli.shared.settings import settings_file
from ivr.control import PasswordRenewed, PresentAgents, PresentState, Renew
from ivr.errors import ConfigRefused, ServerNotRunning
from ivr.phones import KINDS, PhonePage, wave_text
from ivr.phones.page import SpeechKeys
from ivr.rulebook.text import RulesText
from ivr.rules.load import load_rules
from ivr.rules.model import Account
from ivr.server.whereabouts import find_server
from ivr.settings import Sip, load_settings, split_address

_WAVE_OVER_TLS = "the QR code's form has no word for TLS: in the phone, set the account's transport to TLS by hand"


@click.group(invoke_without_command=True)
@click.option("--home", type=DiskPath(), envvar="IVR_HOME", help="The home folder of the server.")
@json_option
@click.pass_context
def agents(context: click.Context, home: Path | None, as_json: bool) -> None:
    """The people who answer: what each does now, for how long, and why. Below it, their phones."""
    if context.invoked_subcommand is not None:
        return
    present = state_now(given_home(home), PresentState)
    if as_json:
        click.echo(facts_text(PresentAgents(agents=present.agents)))
        return
    for line in agent_lines(present):
        click.echo(line)


agents.add_command(log)


@agents.command()
@click.argument("name")
@home_option
@click.option(
    "--rules",
    type=DiskPath(exists=True),
    help="The rules that name the agents.  [default: those in force at --home, else routing_rules.yaml]",
)
@click.option(
    "--server", metavar="HOST[:PORT]", help="By what name the phone finds the server, if another."
)
@click.option(
    "--transport",
    type=WordChoice(["udp", "tls"]),
    help="[default: tls where phones can sign in over TLS, else udp]",
)
@click.option("--qr", is_flag=True, help="Show it as a QR code for Grandstream Wave, too.")
@click.option(
    "--qr-file", type=DiskPath(), metavar="FILE", help="Put that QR code into FILE (.svg or .png)."
)
@click.option(
    "--provision", type=WordChoice([*KINDS]), help="Write a file that this kind of phone reads."
)
@click.option(
    "--into", type=DiskPath(), metavar="FILE", help="That file.  [default: NAME-snom.xml and so on]"
)
@click.option("--renew", is_flag=True, help="Make a new password first; the old one ends at once.")
@author_option
def credentials(
    name: str,
    home: Path,
    rules: Path | None,
    server: str | None,
    transport: Literal["udp", "tls"] | None,
    qr: bool,
    qr_file: Path | None,
    provision: str | None,
    into: Path | None,
    renew: bool,
    author: str | None,
) -> None:
    """Show what to type into the phone of the agent NAME. The password is made here, once."""
    title, account = _phone(rules, home, name)
    if renew:
        _renew(home.resolve(), name, account, author_or_user(author))
    page = _page(
        settings_file(home, rules or DEFAULT_RULES), home, title, account, server, transport
    )
    if provision is not None:
        file = into or Path(f"{name}-{provision}{KINDS[provision].suffix}")
        _write_new("--into", file, KINDS[provision].text(page).encode())
        click.echo(f"{file} is for a {provision} phone; the password is in it", err=True)
    if qr_file is not None:
        _write_new("--qr-file", qr_file, _drawn(page, qr_file.suffix.lower()))
        click.echo(f"{qr_file} is for Grandstream Wave; the password is in it", err=True)
    if page.transport == "TLS" and (qr or qr_file):
        click.echo(_WAVE_OVER_TLS, err=True)
    if provision is None and qr_file is None:
        click.echo("\n".join((page.title, *page.lines())))
    if qr:
        drawing = io.StringIO()
        segno.make(wave_text(page), error="m").terminal(drawing, compact=True)
        click.echo(f"\nfor Grandstream Wave:\n{drawing.getvalue()}")


@agents.command()
@click.argument("name")
@home_option
@click.option("--rules", type=DiskPath(exists=True), help="The rules that name the agents.")
def pin(name: str, home: Path, rules: Path | None) -> None:
    """Make a new PIN for the agent NAME, who can then sit down at any phone, and print it, this once.

    A server that runs knows it at once; the PIN from before ends.
    """
    written = _rules_asked(rules, home)
    in_force = load_rules(written.text, written.file, files=written.files)[0]
    agent = in_force.agents.get(name)
    if agent is None:
        raise ConfigRefused("NAME", name, f"the name of an agent in {written.file}")
    if agent.number is None:
        wanted = "number: 21 (say); it is keyed before the PIN"
        raise ConfigRefused(f"agents.{name}.number", "(none)", wanted)
    click.echo(renew_pin(home.resolve(), name))
    click.echo(
        f"{agent.title} keys {agent.number} and this PIN, each with a hash behind it. It is shown this once",
        err=True,
    )


def _phone(rules: Path | None, home: Path, name: str) -> tuple[str, str]:
    """Title and account of the agent's phone, or of a phone outside the queues. Raises ConfigRefused."""
    written = _rules_asked(rules, home)
    in_force = load_rules(written.text, written.file, files=written.files)[0]
    agent = in_force.agents.get(name)
    found = agent or in_force.phones.get(name)
    if found is None:
        raise ConfigRefused("NAME", name, f"the name of an agent in {written.file}")
    if not isinstance(found.phone, Account):
        section = "agents" if agent else "phones"
        wanted = "an account name, for a phone that registers"
        raise ConfigRefused(f"{section}.{name}.phone", str(found.phone), wanted)
    return agent.title if agent else name, found.phone.name


def _renew(home: Path, name: str, account: str, author: str) -> None:
    """By the running server, which takes it at once; else in the file, for the next start."""
    try:
        find_server(home)
    except ServerNotRunning:
        renew_password(home, account)
        click.echo("no server runs here: the new password holds when one starts", err=True)
        return
    done = ask(home, "renew", Renew(name=name), PasswordRenewed, author=author)
    what = (
        "its phone is signed out" if done.signed_out else "no phone was signed in with the old one"
    )
    click.echo(f"{done.account} has a new password; {what}", err=True)


def _page(
    settings: Path | None,
    home: Path,
    title: str,
    account: str,
    server: str | None,
    transport: Literal["udp", "tls"] | None,
) -> PhonePage:
    sip = load_settings(settings).sip
    over_tls = sip.tls_address is not None if transport is None else transport == "tls"
    if over_tls and sip.tls_address is None:
        raise ConfigRefused("--transport", "tls", "udp: `sip.tls_address` is not set")
    host, port = _found_at(home, sip, over_tls=over_tls)
    if server is not None:
        host, port = _named(server, port)
    keys: SpeechKeys = sip.encrypt_speech if sip.tls_address else "none"
    return PhonePage(
        title=title,
        login=account,
        password=keep_passwords(home.resolve(), [account]).phones[account],
        host=host,
        port=port,
        transport="TLS" if over_tls else "UDP",
        speech_keys=keys if over_tls or keys == "demanded" else "none",
        others=tuple(_others(sip, host, over_tls=over_tls)),
    )


def _found_at(home: Path, sip: Sip, *, over_tls: bool) -> tuple[str, int]:
    """Where the running Asterisk really is, else where the settings have it."""
    host, port = split_address((over_tls and sip.tls_address) or sip.address)
    running = find_running(home.resolve())
    if running is not None and not over_tls:
        host, port = running.sip_host, running.sip_port
    is_everywhere = host in {"0.0.0.0", "::"}  # noqa: S104 - read, not bound
    return (sip.external_address or host if is_everywhere else host), port


def _others(sip: Sip, host: str, *, over_tls: bool) -> list[str]:
    found = []
    if over_tls:
        found.append(f"{sip.address} with UDP")
    if sip.external_address and sip.external_address != host:
        found.append(f"{sip.external_address} as the server, outside the office")
    return found


def _named(text: str, port: int) -> tuple[str, int]:
    host, colon, number = text.rpartition(":")
    if not colon or text.endswith("]"):
        return text.strip("[]"), port
    if not number.isdecimal() or not 0 < int(number) < 65536:
        raise ConfigRefused("--server", text, "HOST or HOST:PORT, such as sentral.example.no:5061")
    return host.strip("[]"), int(number)


def _drawn(page: PhonePage, suffix: str) -> bytes:
    kind = suffix.removeprefix(".")
    if kind not in {"svg", "png"}:
        raise ConfigRefused("--qr-file", suffix, "a name that ends with .svg or .png")
    drawing = io.BytesIO()
    segno.make(wave_text(page), error="m").save(drawing, kind=kind, scale=5)
    return drawing.getvalue()


def _write_new(option: str, file: Path, content: bytes) -> None:
    """For this user's eyes only, and in nobody's place."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        wanted = "the name of a file that is not there yet; move that one, or name another"
        raise ConfigRefused(option, str(file), wanted) from error
    except OSError as error:
        wanted = f"a file that this user may write ({error.strerror})"
        raise ConfigRefused(option, str(file), wanted) from error
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def _rules_asked(file: Path | None, home: Path) -> RulesText:
    """Those of the file, else those in force, else those of this folder. Raises ConfigRefused where there are none."""
    kept = text_taken(home) if file is None else None
    return RulesText.kept(kept) if kept else RulesText.of(file or DEFAULT_RULES)
