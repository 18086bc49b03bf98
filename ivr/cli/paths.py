"""`ivr paths`: every path that a caller can take."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice
from pathlib import Path

import click

from ivr.cli.shared.arguments import (
    at_option,
    caller_given,
    caller_option,
    given_option,
    moment_given,
    presence_given,
    rules_in,
)
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.rules.decision import Facts, FreeGiven
from ivr.showing.paths import CallerPath, all_paths
from ivr.showing.ways_on import entry_name

MOST_PATHS = 100_000


@click.command()
@click.argument("file", type=DiskPath(), default=DEFAULT_RULES)
@at_option
@caller_option
@given_option
@click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")
def paths(
    file: Path, when: str | None, caller: str | None, given: tuple[str, ...], as_json: bool
) -> None:
    """List what callers can key for every number, where they end, and what they hear."""
    rules = rules_in(file)
    calling, there = caller_given(caller), presence_given(given, rules)
    facts = Facts(
        at=moment_given(when, rules.timezone),
        dialled=None,
        caller=calling.number,
        withheld=calling.is_withheld,
        language=rules.languages[0],
        signed_in=there.agents,
        waiting=there.waiting,
        free=FreeGiven(there.free),
    )
    found = list(islice(all_paths(rules, facts), MOST_PATHS + 1))
    if len(found) > MOST_PATHS:
        message = f"there are more than {MOST_PATHS} paths; `ivr graph` shows the same in less"
        raise click.ClickException(message)
    if as_json:
        click.echo(_as_facts(found, rules.revision))
        return
    then = facts.at.astimezone(rules.timezone)
    click.echo(f"Calls on {then:%A} {then.day} {then:%B %Y %H:%M} ({rules.timezone.key})")
    for number, those in groupby(found, key=lambda path: path.number):
        title = f" ({number.title})" if number.title else ""
        click.echo(f"\n{entry_name(number)}{title}")
        _tell(list(those))
    click.echo(f"\n{_counted(found)}")


def _tell(those: list[CallerPath]) -> None:
    keys = [" ".join(path.keys) or "-" for path in those]
    ends = [_end(path) for path in those]
    wide, wider = max(map(len, keys)), max(map(len, ends))
    for path, keyed, end in zip(those, keys, ends, strict=True):
        heard = f"  hears {', '.join(path.said)}" if path.said else ""
        click.echo(f"  {keyed:<{wide}}  {end:<{wider}}{heard}".rstrip())


def _end(path: CallerPath) -> str:
    return f"{path.ends}, once more" if path.goes_round else path.ends


def _counted(found: list[CallerPath]) -> str:
    numbers = len({path.number for path in found})
    ends = Counter(_end(path) for path in found)
    told = [f"{count} {end}" for end, count in sorted(ends.items(), key=lambda e: (-e[1], e[0]))]
    many = "1 path" if len(found) == 1 else f"{len(found)} paths"
    dialled = "1 number" if numbers == 1 else f"{numbers} numbers"
    return "\n".join([f"{many} from {dialled}", *(f"  {line}" for line in told)])


def _as_facts(found: list[CallerPath], revision: str) -> str:
    listed = [
        {
            "number": entry_name(path.number),
            "keys": list(path.keys),
            "press": path.press,
            "ends": path.ends,
            "once_more": path.goes_round,
            "said": list(path.said),
            "language": path.language,
            "site": path.site,
        }
        for path in found
    ]
    counts = Counter(_end(path) for path in found)
    facts = {"revision": revision, "paths": listed, "counts": dict(sorted(counts.items()))}
    return facts_text(facts)
