"""`ivr queue`: who waits there now; a caller taken to another queue, or to the front."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.amount import counted
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import (
    ask,
    author_option,
    author_or_user,
    home_option,
    json_option,
    state_now,
)
from ivr.cli.shared.state_lines import NOBODY, lasting
from ivr.control import PresentQueue, PresentState, QueueAsked, QueueTold
from ivr.showing.callers import masked
from ivr.showing.columns import aligned

_FORMS = "move CALL QUEUE, pull CALL, front CALL"


@click.command()
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[WHAT…]")
@home_option
@click.option("-m", "--why", metavar="WHY", default="", help="Why; it is kept with the call.")
@author_option
@json_option
def queue(
    name: str, words: tuple[str, ...], home: Path, why: str, author: str | None, as_json: bool
) -> None:
    r"""Show who waits in the queue NAME of the running server; or do WHAT with a caller who waits.

    \b
    move CALL QUEUE        from here to another queue
    pull CALL              from wherever it waits to here
    front CALL             before all others here

    CALL is a call's id, or its beginning. A caller for whom a phone rings is left alone.
    """
    if not words:
        _show(name, home, as_json=as_json)
        return
    told = ask(home, "queue", asked_for(name, words, why), QueueTold, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(told))
    elif told.queue == told.to:
        click.echo(f"{told.call_id}: before all others in queue {told.to}")
    else:
        click.echo(f"{told.call_id}: from queue {told.queue} to queue {told.to}")


def asked_for(name: str, words: tuple[str, ...], why: str) -> QueueAsked:
    """What the words after the name mean. Raises UsageError with those that can be written."""
    match words:
        case ("move", call, to):
            return QueueAsked(act="move", call=call, queue=name, to=to, why=why)
        case ("pull", call):
            return QueueAsked(act="move", call=call, to=name, why=why)
        case ("front", call):
            return QueueAsked(act="front", call=call, queue=name, why=why)
        case _:
            message = (
                f'"{" ".join(words)}" is nothing that can be done here; write one of: {_FORMS}'
            )
            raise click.UsageError(message)


def _show(name: str, home: Path, *, as_json: bool) -> None:
    present = state_now(home, PresentState)
    found = [one for one in present.queues if one.name == name]
    if not found:
        known = ", ".join(one.name for one in present.queues) or "none"
        message = f"there is no queue {name!r} now; there are: {known}"
        raise click.ClickException(message)
    calls = [one for one in present.calls if one.queue == name and one.waiting_since is not None]
    if as_json:
        click.echo(facts_text({"queue": found[0], "waiting": calls}))
        return
    one = found[0]
    for line in (present_told(one), estimate_told(one), *shares_told(one)):
        click.echo(line)
    rows = [
        (
            masked(call.caller),
            call.doing,
            lasting(call.waiting_since, present.at),
            NOBODY if call.expected_wait_seconds is None else f"{call.expected_wait_seconds:.0f} s",
            call.call_id,
        )
        for call in sorted(calls, key=lambda call: call.arrived_at)
    ]
    if rows:
        for line in aligned([("caller", "does", "for", "expected", "call"), *rows], texts=5):
            click.echo(line)


def present_told(one: PresentQueue) -> str:
    """Who waits and answers there now. A site may have the same name, so how to open it says `queue`."""
    return (
        f"{one.name}: {one.waiting} waiting, {one.talking} talking, "
        f"{one.available} of {counted(one.signed_in, 'agent')} free"
        + (f"; closed by hand, `ivr open queue {one.name}` opens it" if one.closed_until else "")
    )


def estimate_told(one: PresentQueue) -> str:
    """What the estimates of the waits here were worth of late, and whether callers hear them."""
    known = one.estimate
    allowed = known.allowed_error_seconds
    if known.mean_error_seconds is None:
        told = f"{known.measured} measured, too few to say what they are worth"
    else:
        told = f"wrong by {known.mean_error_seconds:.0f} s in the mean of the last {known.measured}"
    if allowed is None:
        return f"wait estimates: {told}; no say_wait, callers hear none"
    hear = "callers hear them" if known.told else "callers hear none for now"
    return f"wait estimates: {told}; right_within is {allowed:.0f} s, {hear}"


def shares_told(one: PresentQueue) -> list[str]:
    """How the shares of a split queue stand, a line for each site."""
    of = sum(share.had for share in one.shares)
    rows = [
        (
            share.site,
            f"{share.agreed:.0%}",
            f"{share.had}",
            f"{share.had / of:.1%}" if of else "no data",
            f"{share.owed:+g}",
            "yes" if share.here else "no",
        )
        for share in one.shares
    ]
    heading = ("site", "agreed", "had", "share", "owed", "takes calls")
    return list(aligned([heading, *rows], texts=1)) if rows else []
