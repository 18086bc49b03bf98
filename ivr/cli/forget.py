"""`ivr forget`: take one caller out of all that is kept."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.server import author_option, author_or_user, home_option, json_option
from ivr.cli.shared.taking_out import take_out, tell_removal
from ivr.control import Forget
from ivr.numbers import PhoneNumber, caller_told
from ivr.rules.model import RuleSet


@click.command()
@click.argument("number")
@home_option
@click.option("-m", "--why", metavar="WHY", default="", help="Why; it is written down.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@author_option
@json_option
def forget(number: str, home: Path, why: str, yes: bool, author: str | None, as_json: bool) -> None:
    """Take the caller NUMBER out of records, journal, recordings and follow-ups. It cannot be undone.

    Every figure stays what it is: a mark that says nothing takes the number's place. `ivr export` hands out first what
    is kept.
    """
    caller, who = caller_told(number), author_or_user(author)
    if not yes:
        click.confirm(f"forget {PhoneNumber(caller).spaced} for good?", abort=True, err=True)
    asked = Forget(caller=number, why=why)
    removal = take_out(
        home, "forget", asked, who, lambda removals: removals.forget(caller, who, why)
    )
    tell_removal(home, removal, as_json=as_json)
    for name in _lists_with(rules_there(home).rules, PhoneNumber(caller)):
        left = f"the list of callers {name!r} in the rules still has the number: take it out there"
        click.echo(left, err=True)


def _lists_with(rules: RuleSet | None, caller: PhoneNumber) -> list[str]:
    """The lists of callers in the rules in force that have this number."""
    lists = rules.callers if rules else {}
    return [name for name, one in lists.items() if one.has(caller, withheld=False)]
