"""`ivr token`: who may ask the API, for what, and until when."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import home_option, json_option
from ivr.clock import SystemClock
from ivr.control import SCOPES, ApiToken, Scope
from ivr.server.tokens import TokenBook, expiry_told
from ivr.showing.columns import aligned

LONGEST_DAYS = 730


class _Days(click.ParamType[int]):
    """`90d`, or a number of days."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        if isinstance(value, int):
            return value
        text = f"{value}".removesuffix("d")
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_DAYS):
            self.fail(f'"{value}" is no number of days; write 1d to {LONGEST_DAYS}d', param, ctx)
        return int(text)


@click.group()
def token() -> None:
    """Let programs and wallboards ask the API of this server, each with a token of its own.

    A running server sees at once what is changed here.
    """


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=WordChoice(SCOPES),
    multiple=True,
    default=("read",),
    help="What it may: read (callers masked), numbers (in full), agents (tell them). Repeatable.  [default: read]",
)
@click.option(
    "--for", "days", type=_Days(), default=90, metavar="DAYS", help="How long.  [default: 90d]"
)
@home_option
@json_option
def add(name: str, scopes: tuple[Scope, ...], days: int, home: Path, as_json: bool) -> None:
    """Make a token called NAME (who has it), and print its secret, this once."""
    made, secret = _book(home).add(name.strip(), scopes, days)
    if as_json:
        click.echo(facts_text({**_facts(made), "token": secret}))
        return
    click.echo(secret)
    click.echo(
        f"{made.name} may {' and '.join(made.scopes)} {expiry_told(made, made.made_at)}. The line above is shown "
        f"this once, and is kept nowhere here; `ivr token revoke` takes it back",
        err=True,
    )


@token.command("list")
@home_option
@json_option
def list_tokens(home: Path, as_json: bool) -> None:
    """Show the tokens that were made and not revoked."""
    now = SystemClock().now()
    kept = _book(home).kept()
    if as_json:
        click.echo(facts_text([_facts(one) for one in kept]))
    elif not kept:
        click.echo("there are no tokens: `ivr token add NAME` makes one")
    else:
        rows = [(one.name, ", ".join(one.scopes), expiry_told(one, now)) for one in kept]
        for line in aligned(rows, texts=3):
            click.echo(line)


@token.command()
@click.argument("name")
@home_option
def revoke(name: str, home: Path) -> None:
    """Take the token called NAME back: from now on it opens nothing."""
    _book(home).revoke(name.strip())
    click.echo(f"{name} may ask nothing any more")


def _book(home: Path) -> TokenBook:
    return TokenBook(home, SystemClock())


def _facts(token: ApiToken) -> dict[str, object]:
    """All but the digest, which is of no use to anybody."""
    facts = dict(msgspec.to_builtins(token))
    del facts["digest"]
    return facts
