"""`ivr explain --by AGENT`: what comes of what an agent dials, where that is not for callers' numbers."""

from __future__ import annotations

import click

from ivr.cli.shared.facts import facts_text, step_facts
from ivr.numbers import number_from_sip, text_from_sip
from ivr.rules.decide.dialling import dialled_by
from ivr.rules.fault import did_you_mean
from ivr.rules.model import RuleSet
from ivr.showing.sentences import Language
from ivr.showing.steps import steps_told
from ivr.trunks.allowance import kind_of


def explain_dialling(
    rules: RuleSet, name: str, dialled: str, language: Language, *, as_json: bool
) -> bool:
    """Tell it; False where the agent is a caller like others. Raises ClickException for a name of nobody."""
    agent = rules.agents.get(name)
    if agent is None:
        hint = did_you_mean(name, rules.agents) or "the rules have none"
        message = f"--by {name}: there is no such agent; {hint}"
        raise click.ClickException(message)
    number = number_from_sip(dialled)
    dialling = dialled_by(rules, agent, text_from_sip(dialled), number, kind_of)
    if dialling is None:
        return False
    if as_json:
        steps = [step_facts(dialling.step, language)]
        click.echo(
            facts_text(
                {"ends": dialling.to, "by": name, "revision": rules.revision, "steps": steps}
            )
        )
    else:
        for line in steps_told((dialling.step,), language):
            click.echo(line)
        click.echo(
            f"\n{'ender' if language == 'nb' else 'ends':<9} {click.style(dialling.to, bold=True)}"
        )
    return True
