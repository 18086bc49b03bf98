"""`ivr trunks try`: ask a carrier, and call somebody over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ivr.amount import counted
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import CallTried, HostTried, TrunkTried, TryTrunk
from ivr.trunks import NO_ANSWER, NO_KEY, NO_SOUND, SIGNED_OUT


@click.command("try")
@click.argument("trunk")
@click.option(
    "--call", "number", metavar="NUMBER", help="Call this number over it, and say a prompt there."
)
@home_option
@author_option
@json_option
def try_trunk(
    trunk: str, number: str | None, home: Path, author: str | None, as_json: bool
) -> None:
    """Ask each address of TRUNK whether it is there, and say whether the server is signed in.

    With --call the running server calls NUMBER, asks whoever answers to press 1, and says what came back. It counts as
    any call out: `[outgoing]` holds for it.

    Exit 0 when all is well, 1 when something is not.
    """
    tried = ask(
        home,
        "try-trunk",
        TryTrunk(trunk=trunk, number=number),
        TrunkTried,
        author=author_or_user(author),
    )
    mends = list(_mends(tried))
    if as_json:
        click.echo(facts_text(tried))
    else:
        for line in (*_lines(tried), *(f"-> {mend}" for mend in mends)):
            click.echo(line)
    if mends:
        raise SystemExit(1)


def _lines(tried: TrunkTried) -> Iterator[str]:
    for host in tried.hosts:
        yield f"asked {host.address} (OPTIONS): {_answer(host)}"
    if not tried.hosts:
        yield "no address: the names of this trunk mean nothing at the moment"
    if tried.is_registered is not None:
        yield _registered(tried)
    if (ends := tried.own_certificate_until) is not None:
        yield f"our certificate is good until {ends.astimezone():%Y-%m-%d}"
    for call in tried.calls:
        yield f"called over {call.address}: {_call(call)}"


def _answer(host: HostTried) -> str:
    if host.status is None:
        return f"no answer{f' ({host.trouble})' if host.trouble else ''}"
    ends = host.certificate_until
    certificate = f", its certificate is good until {ends.astimezone():%Y-%m-%d}" if ends else ""
    return f"{host.status} after {host.milliseconds:g} ms{certificate}"


def _registered(tried: TrunkTried) -> str:
    if tried.registered_until is not None:
        until: datetime = tried.registered_until.astimezone()
        return f"signed in until {until:%Y-%m-%d %H:%M:%S}"
    return f"not signed in{f' ({tried.sign_in_failed})' if tried.sign_in_failed else ''}"


def _call(call: CallTried) -> str:
    rang = f"rang after {call.rang_seconds:g} s, " if call.has_rung else ""
    if call.answered_seconds is None:
        if call.status is not None:
            return f"{rang}not taken: {call.status}"
        return f"{rang}{'nobody answered' if call.has_rung else 'no answer'}"
    told = [f"answered after {call.answered_seconds:g} s"]
    if call.codec:
        told.append(f"codec {call.codec}")
    if call.packets_heard is not None:
        told.append(f"{counted(call.packets_heard, 'packet')} of sound received")
    told.append(f"key {call.key} heard" if call.key else "no key heard")
    if call.hung_up:
        told.append("the other side hung up")
    return rang + ", ".join(told)


def _mends(tried: TrunkTried) -> Iterator[str]:
    """What to do about what is not well; one that answered a call is well, whatever it says to OPTIONS."""
    has_answered = any(call.answered_seconds is not None for call in tried.calls)
    if not has_answered and all(host.status is None for host in tried.hosts):
        yield NO_ANSWER
    if tried.is_registered is False:
        yield SIGNED_OUT
    for call in tried.calls:
        if call.mend:
            yield call.mend
        if call.answered_seconds is not None and call.packets_heard == 0:
            yield NO_SOUND
        if call.answered_seconds is not None and not call.key and not call.hung_up:
            yield NO_KEY
