"""`ivr doctor`: what is wrong with a centre, and its mend."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, prompts_beside
from ivr.cli.shared.server import home_option, json_option, look
from ivr.cli.shared.settings import settings_file
from ivr.diagnosis import Patient, Symptom, examine
from ivr.diagnosis.server import HealthTold
from ivr.errors import IvrError

_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "wrong": ("✗", "red")}


@click.command()
@home_option
@click.option("--rules", type=DiskPath(), default=DEFAULT_RULES, show_default=True)
@click.option(
    "--prompts",
    type=DiskPath(),
    help="The folder of prompts.  [default: prompts beside the rules]",
)
@click.option(
    "--config",
    type=DiskPath(),
    envvar="IVR_CONFIG",
    help="Settings.  [default: ivr.toml in the home folder, or else beside the rules]",
)
@json_option
def doctor(
    home: Path, rules: Path, prompts: Path | None, config: Path | None, as_json: bool
) -> None:
    """Look at all that a server needs, and say what is wrong and how to mend it.

    Nothing is changed; a server may run or not. Exit 1 when something is wrong.
    """
    patient = Patient(
        home,
        rules,
        prompts or prompts_beside(rules),
        config or settings_file(home, rules),
        _health(home),
    )
    found = []
    for symptom in examine(patient):
        found.append(symptom)
        if not as_json:
            click.echo(_line(symptom))
    if as_json:
        click.echo(facts_text({"symptoms": found}))
    raise SystemExit(1 if any(one.verdict == "wrong" for one in found) else 0)


def _health(home: Path) -> HealthTold | None:
    try:
        return look(home, HealthTold)
    except IvrError:
        return None


def _line(symptom: Symptom) -> str:
    sign, colour = _SIGNS[symptom.verdict]
    mend = f"\n    mend: {symptom.mend}" if symptom.mend else ""
    return f"{click.style(sign, fg=colour)} {symptom.subject}: {symptom.says}{mend}"
