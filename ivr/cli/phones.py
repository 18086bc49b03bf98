"""`ivr phones`: who is signed in, from where, since when, and why not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import AddressLetIn, AskPhones, LetIn, PhonesTold, PhoneTold, StrangeName


@click.command()
@home_option
@json_option
@click.option(
    "--let-in", metavar="ADDRESS", help="Answer this address again, though it tried too often."
)
@author_option
def phones(home: Path, as_json: bool, let_in: str | None, author: str | None) -> None:
    """Show each phone of the running server: signed in or why not, from where, with what, since when.

    Exit 0 when all is well; 1 when a phone tried in vain, or is signed in and cannot be reached.
    """
    who = author_or_user(author)
    if let_in is not None:
        done = ask(home, "let-in", LetIn(address=let_in), AddressLetIn, author=who)
        click.echo(
            facts_text(done)
            if as_json
            else f"{done.address} is answered{' again' if done.was_barred else '; it was all the time'}"
        )
        return
    found = ask(home, "phones", AskPhones(), PhonesTold, author=who)
    if as_json:
        click.echo(facts_text(found))
    elif not found.phones:
        click.echo("there are no phones: `agents` in the rules have them")
    else:
        for line in _lines(found):
            click.echo(line)
    if any(map(_is_in_trouble, found.phones)):
        raise SystemExit(1)


def _lines(found: PhonesTold) -> list[str]:
    width = max(len(phone.name) for phone in found.phones)
    return [
        *(f"{phone.name:{width}}  {_words(phone)}" for phone in found.phones),
        *(f"{name.name:{width}}  {_stranger(name)}" for name in found.strange_names),
    ]


def _words(phone: PhoneTold) -> str:
    if phone.standing == "does not sign in":
        return f"is rung at {phone.phone}, and need not sign in"
    if phone.standing == "not signed in":
        return f"not signed in: {phone.why}"
    words = [
        phone.standing,
        *([f"from {phone.address} ({phone.transport})"] if phone.address else []),
        *([phone.user_agent] if phone.user_agent else []),
        f"since {_clock(phone.since)}" if phone.since else "since the server began, or longer",
        *([f"until {_clock(phone.expires)}"] if phone.expires else []),
        *([f"{phone.round_trip_milliseconds:.1f} ms"] if phone.round_trip_milliseconds else []),
        *(
            [f"wrong password at {_clock(phone.wrong_password_at)}"]
            if phone.wrong_password_at
            else []
        ),
        *([phone.why] if phone.why else []),
    ]
    return ", ".join(words)


def _stranger(name: StrangeName) -> str:
    meant = f"; did somebody mean {name.meant}?" if name.meant else ""
    return f"is no phone of the rules: tried at {_clock(name.last_at)} from {name.address}{meant}"


def _is_in_trouble(phone: PhoneTold) -> bool:
    is_locked_out = phone.standing == "not signed in" and phone.wrong_password_at is not None
    return phone.standing == "unreachable" or is_locked_out


def _clock(at: str) -> str:
    """A moment on this machine's clock, to the second."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"
