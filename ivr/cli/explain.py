"""`ivr explain`: why a call would go where it would, step by step, and why not elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ivr.cli.explain_call import explain_call, refuse_what_is_of_a_call_to_come
from ivr.cli.explain_dialling import explain_dialling
from ivr.cli.shared.arguments import (
    at_option,
    caller_given,
    caller_option,
    dialled_given,
    given_option,
    keys_given,
    left_given,
    moment_given,
    presence_given,
    rules_in,
)
from ivr.cli.shared.facts import facts_text, step_facts
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.server import home_to_read
from ivr.desk.splits import account_of
from ivr.errors import StoreFailed
from ivr.menus.digits import take_option
from ivr.proving.dues import dues_given
from ivr.proving.simulate import AN_HOUR, kept_place
from ivr.proving.telling import unheard_told
from ivr.queues.split import SplitAccount
from ivr.rulebook.overrides import as_facts_of
from ivr.rules.decision import Facts, FreeGiven, LastTalk, Override
from ivr.rules.fault import did_you_mean
from ivr.rules.model import RuleSet
from ivr.rules.walk import Walk, walk
from ivr.showing.outcome import call_told, outcome_told
from ivr.showing.sentences import Language
from ivr.showing.steps import steps_told
from ivr.store.open import open_store


@click.command()
@click.argument("call_id", metavar="[CALL-ID]", required=False)
@click.option("--to", "dialled", metavar="NUMBER", help="The number that is dialled.")
@caller_option
@at_option
@click.option(
    "--press",
    metavar="KEYS",
    default="",
    help="What the caller keys, as 9 or 'star 2'; a ',' is a pause until the menu asks again.",
)
@click.option(
    "--say",
    "says",
    metavar="WORDS",
    multiple=True,
    help="What the caller says, after the keys, in a menu that listens; may be repeated.",
)
@click.option(
    "--rate",
    "rates",
    metavar="KEYS",
    help="An agent takes the call in the queue where it ends, and hangs up; what the caller keys in a survey then.",
)
@click.option(
    "--last-agent",
    "last_agent",
    metavar="AGENT",
    help="This agent talked with the caller an hour before.",
)
@click.option(
    "--left",
    metavar="'queue x ago=20s waited=2m'",
    help="The caller hung up in this queue so long ago, having waited so long.",
)
@given_option
@click.option(
    "--by", "by_agent", metavar="AGENT", help="The agent whose phone dials it, if one's does."
)
@click.option("--rules", type=DiskPath(), default=DEFAULT_RULES, show_default=True)
@click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    help="Where the call CALL-ID is stored, and what is closed by hand (or IVR_HOME).",
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")
def explain(
    call_id: str | None,
    dialled: str | None,
    caller: str | None,
    when: str | None,
    press: str,
    says: tuple[str, ...],
    rates: str | None,
    last_agent: str | None,
    left: str | None,
    given: tuple[str, ...],
    by_agent: str | None,
    rules: Path,
    home: Path | None,
    language: Language | None,
    as_json: bool,
) -> None:
    """Say where a call to a number would go, or where the call CALL-ID went, and why.

    Each step names its line in the rules; for what was passed over, it says why not.
    """
    told_in = language_told(language, as_json=as_json)
    if call_id is not None:
        refuse_what_is_of_a_call_to_come(call_id)
        explain_call(call_id, home_to_read(home), told_in, as_json=as_json)
        return
    if dialled is None:
        message = "give --to NUMBER for a call that might come, or CALL-ID for one that came"
        raise click.UsageError(message)
    rule_set = rules_in(rules)
    if by_agent is not None and explain_dialling(
        rule_set, by_agent, dialled, told_in, as_json=as_json
    ):
        return
    at = moment_given(when, rule_set.timezone)
    calling = caller_given(caller)
    there, kept = presence_given(given, rule_set), left_given(left, rule_set)
    facts = Facts(
        at=at,
        dialled=dialled_given(dialled, "--to"),
        caller=calling.number,
        withheld=calling.is_withheld,
        language=rule_set.languages[0],
        signed_in=there.agents,
        waiting=there.waiting,
        free=FreeGiven(there.free),
        overrides=_closed_by_hand(home, at),
        dues=dues_given(
            rule_set,
            there,
            _accounts(home, rule_set),
        ),
        last_talk=_last_talk(last_agent, at, rule_set) if calling.number else None,
        kept_place=None if calling.is_withheld else kept_place(kept, at),
    )
    pressed = keys_given(press, "--press")
    rated = None if rates is None else keys_given(rates, "--rate")
    walked = walk(rule_set, facts, pressed, take_option, says, rates=rated)
    if as_json:
        click.echo(as_facts(walked, rule_set.revision, told_in))
        return
    click.echo(call_told(facts, pressed, rule_set.timezone, told_in))
    click.echo()
    click.echo(as_story(walked, rule_set.revision, told_in))
    if unheard := unheard_told(walked, told_in):
        click.echo(unheard, err=True)


def _last_talk(agent: str | None, at: datetime, rules: RuleSet) -> LastTalk | None:
    if agent is None:
        return None
    if agent not in rules.agents:
        hint = did_you_mean(agent, rules.agents)
        message = f"--last-agent {agent!r}: there is no such agent" + (f"; {hint}" if hint else "")
        raise click.ClickException(message)
    return LastTalk(agent, at - AN_HOUR)


def _closed_by_hand(home: Path | None, at: datetime) -> tuple[Override, ...]:
    """What holds then, as a server with this home folder knows it now."""
    if home is None:
        return ()
    try:
        store = open_store(home)
        if not store.has_begun():
            return ()
        with store.reading() as stored:
            found = [one for one in stored.history.overrides(at) if one.set_at <= at]
    except StoreFailed as error:
        click.echo(f"note: what is closed by hand is not known: {error}", err=True)
        return ()
    return as_facts_of(found)


def _accounts(home: Path | None, rules: RuleSet) -> dict[str, SplitAccount]:
    """How the shares of split queues stand, as the server with this home folder has kept it."""
    if home is None or not any(queue.split for queue in rules.queues.values()):
        return {}
    try:
        store = open_store(home)
        if not store.has_begun():
            return {}
        with store.reading() as stored:
            kept = sorted(stored.calls.given_to_sites(), key=lambda one: one.number)
    except StoreFailed as error:
        click.echo(f"note: how the shares stand is not known: {error}", err=True)
        return {}
    return {one.queue: account_of(one) for one in kept}


def as_facts(walked: Walk, revision: str, language: Language = "en") -> str:
    """JSON."""
    return facts_text(
        {
            "ends": walked.ends,
            "said": list(walked.said),
            "language": walked.language,
            "site": walked.site,
            "revision": revision,
            "steps": [step_facts(step, language) for step in walked.steps],
        },
    )


def as_story(walked: Walk, revision: str, language: Language = "en") -> str:
    """The steps for people, and what came out."""
    (name, ends), *more = outcome_told(walked, revision, language)
    told = [(name, click.style(ends, bold=True)), *more]
    lines = [f"{name:<9} {value}" for name, value in told]
    return "\n".join([*steps_told(walked.steps, language, dimmed), "", *lines])


def dimmed(line: str) -> str:
    """For a terminal: what was passed over stands back."""
    return click.style(line, dim=True)
