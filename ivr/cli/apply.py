"""`ivr apply`: give the running server other rules, at once or at a time."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.shared.change_lines import tell_change
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.server import ask, author_option, author_or_user, home_option, json_option
from ivr.control import Apply, CallOff, Changed
from ivr.errors import RulesRefused
from ivr.rulebook.text import RulesText
from ivr.rules.load import read_rules


@click.command()
@click.argument("file", type=DiskPath(), required=False)
@home_option
@click.option("-m", "--why", metavar="WHY", help="Why; it is kept in the history.")
@click.option(
    "--at",
    "when",
    metavar="WHEN",
    help="Not now, but then: 14:00 is today's, in the rules' time zone; or ISO 8601.",
)
@click.option(
    "--planned",
    metavar="REVISION",
    help="Only if FILE still has this revision; `ivr plan` says it.",
)
@click.option("--call-off", metavar="CHANGE", help="Forget the planned CHANGE instead.")
@author_option
@json_option
def apply(
    file: Path | None,
    home: Path,
    why: str | None,
    when: str | None,
    planned: str | None,
    call_off: str | None,
    author: str | None,
    as_json: bool,
) -> None:
    """Let the running server take the rules in FILE, in one step; calls under way keep theirs.

    Rules with faults change nothing. Exit 0 when they are taken or planned, 1 when not.
    """
    who = author_or_user(author)
    if call_off is not None:
        changed = ask(home, "call-off", CallOff(change=call_off), Changed, author=who)
    elif file is None or not (why or "").strip():
        message = "give FILE and -m WHY: which rules, and why (it is kept in the history)"
        raise click.UsageError(message)
    else:
        written = RulesText.of(file.absolute())
        texts = _as_text(written)
        asked = Apply(
            file=written.file,
            text=texts.pop(""),
            included=texts,
            why=why or "",
            at=when,
            planned=planned,
        )
        changed = ask(home, "apply", asked, Changed, author=who)
    if as_json:
        click.echo(facts_text(changed))
    else:
        tell_change(changed, home)


def _as_text(written: RulesText) -> dict[str, str]:
    """The texts by name, the first under the empty name. Raises RulesRefused where one cannot be read as text."""
    try:
        texts = {"": written.text.decode("utf-8")}
        for name, found in written.included.items():
            if found.refusal is not None:
                raise _refused(written)
            texts[name] = found.text.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(written) from None
    return texts


def _refused(written: RulesText) -> RulesRefused:
    _, faults = read_rules(written.text, written.file, files=written.files)
    return RulesRefused(tuple(str(fault) for fault in faults))
