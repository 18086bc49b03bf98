"""`ivr agent`: what an agent wants, or somebody for them: signed in or out, a pause, a queue, time after a talk."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.seconds import SecondsGiven
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import AgentAct, AgentAsked, AgentTold

LONGEST_MORE_SECONDS = 3600

_FORMS = (
    "sign-in, sign-out, pause REASON, resume, take QUEUE, leave QUEUE, wrap-up end, wrap-up longer [2m], "
    "sit PHONE, stand"
)

_PLAIN: dict[tuple[str, ...], AgentAct] = {
    ("sign-in",): "sign_in",
    ("sign-out",): "sign_out",
    ("pause",): "pause",
    ("resume",): "resume",
    ("stand",): "stand_up",
    ("wrap-up", "end"): "end_wrap_up",
    ("wrap-up", "longer"): "longer_wrap_up",
}


@click.command()
@click.argument("name")
@click.argument("words", nargs=-1, required=True, metavar="WHAT…")
@home_option
@click.option("-m", "--why", metavar="WHY", default="", help="Why; it is kept with the change.")
@author_option
@json_option
def agent(
    name: str, words: tuple[str, ...], home: Path, why: str, author: str | None, as_json: bool
) -> None:
    r"""Let the agent NAME do WHAT, on the running server.

    \b
    sign-in, sign-out
    pause REASON           one of the rules' pause_reasons; none is needed where there is one
    resume
    take QUEUE, leave QUEUE
    sit PHONE, stand       at another's phone (its account), and from it again
    wrap-up end
    wrap-up longer [2m]    by a minute where no time is given

    Who talks, or whose phone rings, is not cut off: it holds after that.
    """
    told = ask(home, "agent", asked_for(name, words, why), AgentTold, author=author_or_user(author))
    if as_json:
        click.echo(facts_text(told))
        return
    reason = f" ({told.reason})" if told.reason and told.state == "paused" else ""
    click.echo(f"{told.agent}: {told.state}{reason}; queues: {', '.join(told.queues) or 'none'}")
    for note in told.notes:
        click.echo(f"{told.agent}: {note}")


def asked_for(name: str, words: tuple[str, ...], why: str) -> AgentAsked:
    """What the words after the name mean. Raises UsageError with those that can be written."""
    if words in _PLAIN:
        return AgentAsked(agent=name, act=_PLAIN[words], why=why)
    match words:
        case ("pause", reason):
            return AgentAsked(agent=name, act="pause", reason=reason, why=why)
        case ("take" | "leave") as act, queue:
            which: AgentAct = "take" if act == "take" else "leave"
            return AgentAsked(agent=name, act=which, queue=queue, why=why)
        case ("sit", phone):
            return AgentAsked(agent=name, act="sit_down", phone=phone, why=why)
        case ("wrap-up", "longer", time):
            more = SecondsGiven(LONGEST_MORE_SECONDS).convert(time, None, None)
            return AgentAsked(agent=name, act="longer_wrap_up", seconds=more, why=why)
        case _:
            message = f'"{" ".join(words)}" is nothing that an agent can do; write one of: {_FORMS}'
            raise click.UsageError(message)
