"""What a command is asked: which rules, to and from which number, at what time, with how many agents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.cli.shared.files import read_file
from ivr.clock import SystemClock
from ivr.errors import NumberRefused
from ivr.numbers import EMERGENCY_NUMBERS, SAYS_WITHHELD, PhoneNumber, parse_number
from ivr.proving.reading import keys
from ivr.proving.refusals import WordRefused
from ivr.proving.rule_tests import Given, LeftBefore
from ivr.rulebook.folder import files_beside
from ivr.rulebook.text import RulesText
from ivr.rules.fault import Fault, did_you_mean
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.values import amounts
from ivr.rules.values.plain import ValueRefused
from ivr.rules.values.times import time_meant
from ivr.store.door import KeptText

at_option = click.option(
    "--at",
    "when",
    metavar="WHEN",
    help="ISO 8601; in the file's time zone where it says none.  [default: now]",
)
caller_option = click.option(
    "--from",
    "caller",
    metavar="NUMBER",
    help="The number that calls; `withheld` for somebody who hides it.",
)
given_option = click.option(
    "--given",
    metavar="'queue x agents=0'",
    multiple=True,
    help="How many agents are signed in (or waiting=25, free=1), or how a split queue stands (had=oslo:5,bergen:2, "
    "away=bergen); repeatable.",
)

_SHARES_GIVEN = re.compile(
    r"queue (\S+) (?:had=([^\s:,]+:[0-9]{1,7}(?:,[^\s:,]+:[0-9]{1,7})*)|away=(\S+))\Z", re.ASCII
)
_LEFT_GIVEN = re.compile(r"queue (\S+) ago=(\S+) waited=(\S+)\Z")
_LONGEST_LEFT = amounts.Bounds(1, 86_400, "1s to 24h")
_COUNT_GIVEN = re.compile(r"queue (\S+) (agents|waiting|free)=([0-9]{1,6})\Z", re.ASCII)


def rules_in(path: Path) -> RuleSet:
    """The rules in a file; their errors end the command."""
    return _right(path, *read_rules(read_file(path), str(path), files=files_beside(path)))


def rules_kept(kept: KeptText) -> RuleSet:
    """The rules in a text that a server keeps; their errors end the command."""
    written = RulesText.kept(kept)
    return _right(written.file, *read_rules(written.text, written.file, files=written.files))


def _right(path: Path | str, rules: RuleSet | None, faults: Iterable[Fault]) -> RuleSet:
    if rules is None:
        for one in faults:
            click.echo(str(one), err=True)
        message = f"{path} has errors, so it says nothing of any call; mend what stands above"
        raise click.ClickException(message)
    return rules


def number_given(text: str, option: str) -> PhoneNumber:
    """The number after an option."""
    try:
        return parse_number(text)
    except NumberRefused as refused:
        message = f"{option}: {refused}"
        raise click.ClickException(message) from refused


def dialled_given(text: str, option: str) -> PhoneNumber:
    """The number that is dialled, after an option: one that the rules are asked about."""
    number = number_given(text, option)
    if number.digits in EMERGENCY_NUMBERS:
        message = (
            f"{option} {number.digits}: an emergency call goes past all rules, over the trunks of [emergency] in "
            "ivr.toml; `ivr calls --emergency` shows those that were made"
        )
        raise click.ClickException(message)
    return number


def keys_given(text: str, option: str) -> str:
    """The row of keys after an option, as the rules and their tests write them: `9 1`, `star 2`, `*2`; may be empty."""
    if not text.strip():
        return ""
    try:
        return keys(text)
    except WordRefused as refused:
        message = f"{option} {text!r}: {refused.message}; {refused.hint}"
        raise click.ClickException(message) from refused


@dataclass(frozen=True, slots=True)
class CallerGiven:
    """Who calls, as --from says: a number, somebody who hides it, or nobody in particular."""

    number: PhoneNumber | None = None
    is_withheld: bool = False


def caller_given(text: str | None) -> CallerGiven:
    """Who calls, after --from."""
    if text is None:
        return CallerGiven()
    if text.strip().lower() in SAYS_WITHHELD:
        return CallerGiven(is_withheld=True)
    return CallerGiven(number_given(text, "--from"))


def moment_given(text: str | None, zone: ZoneInfo) -> datetime:
    """The time after --at; now, where there is none."""
    if text is None:
        return SystemClock().now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"--at {text!r} is not a time; write it as '{time_meant(text)}'"
        raise click.ClickException(message) from error
    if not 1970 <= moment.year <= 2200:
        message = f"--at {text!r} is too far away; write a year from 1970 to 2200"
        raise click.ClickException(message)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def presence_given(given: Iterable[str], rules: RuleSet) -> Given:
    """Who is there: `queue x agents=0` (signed in), `waiting=25`, `free=1`; and how a split queue stands.

    That is `queue x had=oslo:5,bergen:2` and `queue x away=bergen`.
    """
    counts: dict[str, dict[str, int]] = {"agents": {}, "waiting": {}, "free": {}}
    had: dict[str, Mapping[str, int]] = {}
    away: dict[str, tuple[str, ...]] = {}
    for text in given:
        if counted := _COUNT_GIVEN.match(text):
            _known(text, counted[1], rules.queues, "queue")
            counts[counted[2]][counted[1]] = int(counted[3])
            continue
        found = _SHARES_GIVEN.match(text)
        if not found:
            message = f"--given {text!r} is not understood; write it as 'queue faktura agents=0'"
            raise click.ClickException(message)
        name = found[1]
        _known(text, name, rules.queues, "queue")
        if found[2] is not None:
            calls = dict(one.split(":") for one in found[2].split(","))
            had[name] = {site: int(count) for site, count in calls.items()}
        else:
            away[name] = tuple(found[3].split(","))
        for site in (*had.get(name, ()), *away.get(name, ())):
            _known(text, site, rules.queues[name].split, "share")
    return Given(had=had, away=away, **counts)


def left_given(text: str | None, rules: RuleSet) -> LeftBefore | None:
    """The wait of an earlier call, from `queue x ago=20s waited=2m`."""
    if text is None:
        return None
    found = _LEFT_GIVEN.match(text)
    if not found:
        message = (
            f"--left {text!r} is not understood; write it as 'queue faktura ago=20s waited=2m'"
        )
        raise click.ClickException(message)
    _known(text, found[1], rules.queues, "queue", option="--left")
    try:
        ago, waited = (amounts.seconds(found[place], _LONGEST_LEFT) for place in (2, 3))
    except ValueRefused as refused:
        message = f"--left {text!r}: {refused.message}; {refused.hint}"
        raise click.ClickException(message) from refused
    return LeftBefore(found[1], ago, waited)


def _known(text: str, name: str, known: Iterable[str], noun: str, option: str = "--given") -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        more = f"; {hint}" if hint else ""
        message = f"{option} {text!r}: there is no {noun} called {name!r}{more}"
        raise click.ClickException(message)
