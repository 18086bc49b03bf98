"""`ivr graph`: the map of the rules."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ivr.cli.shared.arguments import rules_in
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.showing.mermaid import as_mermaid
from ivr.showing.tree import as_tree
from ivr.showing.ways_on import draw_map


@click.command()
@click.argument("file", type=DiskPath(), default=DEFAULT_RULES)
@click.option("--mermaid", is_flag=True, help="Print a Mermaid flowchart.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")
def graph(file: Path, mermaid: bool, as_json: bool) -> None:
    """Draw where calls can go: numbers, menus, departments, queues.

    Dashed are the ways of the bad days: closed, nobody logged in, waited too long.
    """
    if mermaid and as_json:
        message = "choose --mermaid or --json"
        raise click.UsageError(message)
    drawn = draw_map(rules_in(file))
    if as_json:
        ways = [asdict(way) for way in drawn.ways]
        notes = [{"name": place, "note": drawn.notes.get(place)} for place in drawn.places()]
        click.echo(facts_text({"places": notes, "ways": ways}))
        return
    for line in as_mermaid(drawn) if mermaid else as_tree(drawn):
        click.echo(line)
