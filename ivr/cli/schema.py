"""`ivr schema`: what an editor needs to complete and check the rules while they are written."""

from __future__ import annotations

import click

from ivr.cli.shared.facts import facts_text
from ivr.showing.json_schema import json_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema (draft-07) of the rules.

    `ivr schema > docs/routing.schema.json` renews the file that the rules' first line names.
    """
    click.echo(facts_text(json_schema()))
