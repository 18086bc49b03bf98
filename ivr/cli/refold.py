"""`ivr refold`: calls and history folded from the journal anew, and whether they were right."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.server import home_option, json_option
from ivr.clock import SystemClock
from ivr.store.open import open_store


@click.command()
@home_option
@click.option("--dry-run", is_flag=True, help="Only say whether they are right; change nothing.")
@json_option
def refold(home: Path, dry_run: bool, as_json: bool) -> None:
    """Fold the journal into calls and history anew, and say of each table whether it was what it is now.

    No server may be running with this home folder.
    """
    same = open_store(home).refold(SystemClock().now(), dry_run=dry_run)
    if as_json:
        click.echo(facts_text({"same": same, "dry_run": dry_run}))
    else:
        for table, is_same in same.items():
            click.echo(f"{table:<15} {_told(is_same=is_same, dry_run=dry_run)}")
    if dry_run and not all(same.values()):
        raise SystemExit(1)


def _told(*, is_same: bool, dry_run: bool) -> str:
    if is_same:
        return "the same, to the byte"
    return "differs from what the journal says" if dry_run else "made right: it differed"
