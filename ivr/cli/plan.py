"""`ivr plan`: what a change of the rules would do to calls, before it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.cli.shared.arguments import rules_in, rules_kept
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.in_force import text_taken
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.period import day_meant
from ivr.cli.shared.server import is_read_elsewhere
from ivr.clock import SystemClock
from ivr.proving.outcomes import Simulator, TrialCall
from ivr.proving.plan import Plan, compare, plan_ahead
from ivr.proving.plan.dialling import DialledChange, dialled_otherwise
from ivr.proving.plan.dialling_words import dialling_told, outcome_told
from ivr.proving.plan.facts import plan_facts
from ivr.proving.plan.phrases import PHRASES, PlanPhrases
from ivr.proving.plan.telling import calls_told, group_told
from ivr.proving.replay import BrokenLine, HeaderRefused, as_it_came, read_replay
from ivr.regular_file import open_regular
from ivr.rules.model import RuleSet
from ivr.rules.values.times import date_meant
from ivr.showing.sentences import Language
from ivr.store.open import open_store
from ivr.trunks.allowance import kind_of

SAME, CHANGES, ERROR = 0, 2, 1
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})\Z", re.ASCII)
_LOOSE_SPAN = re.compile(r"\s*(?:\.{2,}|…|\bto\b|\btil\b|[–—]|\s-+\s|(?<=\d{4}-\d{2}-\d{2})-)\s*")
_MOST_TOLD = 20
_SCREEN = 30
"""So many lines of changes are told, unless all are asked for."""
_DAY = timedelta(days=1)


class _Mistake(click.UsageError):
    """A mistake in the command line."""

    exit_code = ERROR


class _PlanCommand(click.Command):
    """2 says that calls would change, so a mistake in the command line must not."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _Mistake(error.format_message(), ctx) from error


@dataclass(slots=True)
class _Broken:
    """Lines that were passed over."""

    file: Path
    lines: list[BrokenLine] = field(default_factory=list)

    def sift(self, found: Iterator[TrialCall | BrokenLine]) -> Iterator[TrialCall]:
        for one in found:
            if isinstance(one, BrokenLine):
                self.lines.append(one)
                if len(self.lines) <= _MOST_TOLD:
                    click.echo(f"{self.file}:{one.line}: {one.why}; passed over", err=True)
            else:
                yield one


@click.command(cls=_PlanCommand)
@click.argument("new", type=DiskPath())
@click.option(
    "--against",
    "old",
    type=DiskPath(),
    help="The rules as they are.  [default: those in force at --home, else routing_rules.yaml]",
)
@click.option(
    "--replay",
    metavar="yesterday|FROM..TO|FILE.csv",
    help="Try these calls: of the home folder, or of a file.  [default: calls made up from both]",
)
@click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    help="The home folder of the server whose rules and calls are meant (or IVR_HOME).",
)
@click.option(
    "--with-tests", is_flag=True, help="Replay stored calls whose time a test had set, too."
)
@click.option("--all", "all_lines", is_flag=True, help=f"Print more than {_SCREEN} lines, too.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")
def plan(
    new: Path,
    old: Path | None,
    replay: str | None,
    home: Path | None,
    with_tests: bool,
    all_lines: bool,
    language: Language | None,
    as_json: bool,
) -> None:
    """Say which calls would go elsewhere, or hear something else, with the rules in NEW, and when.

    Exit 0 when none would, 2 when some would, 1 when something is wrong.
    """
    in_force = text_taken(home) if old is None and home is not None else None
    old_file = Path(in_force.file) if in_force else old or DEFAULT_RULES
    if old_file.exists() and new.exists() and old_file.samefile(new):
        message = f"{new} is what it would be compared with; name other rules with --against"
        raise click.ClickException(message)
    rules = (rules_kept(in_force) if in_force else rules_in(old_file), rules_in(new))
    broken = _Broken(Path(replay or ""))
    speaks = language_told(language, as_json=as_json)
    words = PHRASES[speaks]
    today = SystemClock().now().astimezone(rules[1].timezone).date()
    if replay is None:
        found, note = plan_ahead(*rules, today), words.made_up.format(today)
    else:
        zone = rules[1].timezone
        trials, note = _trials(replay, home, zone, broken, words, with_tests=with_tests)
        found = compare(Simulator(rules[0]), Simulator(rules[1]), trials)
    if found.calls == 0 and replay is not None:
        message = "there is no call to try, so nothing can be said; name others with --replay"
        raise click.ClickException(message)
    dialled = dialled_otherwise(*rules, kind_of) if replay is None else ()
    if as_json:
        click.echo(_as_facts(found, dialled, broken, note, rules, speaks))
    else:
        lines = [group_told(group, rules, found.today, speaks) for group in found.groups]
        lines += [dialling_told(one, speaks) for one in dialled]
        against = words.in_force if in_force else old_file
        changed = words.would_change.format(found.changed) if found.changed else words.none_would
        calls = words.no_call if not found.calls else calls_told(found.calls, words)
        click.echo(words.tried.format(calls, note, against, click.style(changed, bold=True)))
        _tell(lines if all_lines else _on_a_screen(lines, words), found, broken, words)
        click.echo(words.revision.format(new, rules[1].revision[:12]))
    raise SystemExit(CHANGES if found.changed or dialled else SAME)


def _trials(
    replay: str,
    home: Path | None,
    zone: ZoneInfo,
    broken: _Broken,
    words: PlanPhrases,
    *,
    with_tests: bool,
) -> tuple[Iterator[TrialCall], str]:
    """The calls that came once, and what is to be said of them."""
    days = _days(replay, SystemClock().now().astimezone(zone).date())
    if days is None:
        return broken.sift(_from_file(replay)), words.from_file.format(replay)
    if home is None and not is_read_elsewhere():
        message = f"--replay {replay} needs --home DIR (or IVR_HOME): the home folder of the server that took the calls"
        raise click.ClickException(message)
    return _stored(home or Path(), days, zone, with_tests=with_tests), words.of_days.format(*days)


def _days(replay: str, today: date) -> tuple[date, date] | None:
    """The first and the last day that are meant, both included; None where a file is meant."""
    if replay == "yesterday":
        return today - _DAY, today - _DAY
    found = _SPAN.match(replay)
    if not found:
        return None
    try:
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError as error:
        message = f"--replay {replay}: {error}; write it as 2026-11-01..2026-11-07"
        raise click.ClickException(message) from error
    if last < first:
        message = f"--replay {replay} ends before it begins; write the earlier day first"
        raise click.ClickException(message)
    return first, last


def _span_meant(replay: str) -> str | None:
    """The days that were written in another way, as `--replay` takes them; None where no days are meant."""
    day = day_meant(replay)
    if day is not None:
        today = SystemClock().now().date().isoformat()
        day = today if day == "today" else day
        return day if day == "yesterday" else f"{day}..{day}"
    first, between, last = _LOOSE_SPAN.sub("..", replay.strip(), count=1).partition("..")
    days = date_meant(first), date_meant(last)
    return "..".join(filter(None, days)) if between and all(days) else None


def _from_file(replay: str) -> Iterator[TrialCall | BrokenLine]:
    file = Path(replay)
    try:
        with (
            open_regular(file) as opened,
            TextIOWrapper(opened, "utf-8", errors="replace", newline="") as lines,
        ):
            yield from read_replay(lines)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if meant := _span_meant(replay):
            message = (
                f"--replay {replay!r} is no file, and no days as they are written; write {meant}"
            )
            raise click.ClickException(message) from error
        message = f"cannot read the calls {file}: {reason}; name a CSV file, or yesterday, or 2026-11-01..2026-11-07"
        raise click.ClickException(message) from error
    except HeaderRefused as refused:
        message = f"{file}: {refused}"
        raise click.ClickException(message) from refused


def _stored(
    home: Path, days: tuple[date, date], zone: ZoneInfo, *, with_tests: bool
) -> Iterator[TrialCall]:
    first = datetime.combine(days[0], datetime.min.time(), zone)
    last = datetime.combine(days[1] + _DAY, datetime.min.time(), zone)
    with open_store(home).reading() as stored:
        for call in stored.calls.keyed(first, last):
            if with_tests or not call.test:
                yield as_it_came(call)


def _on_a_screen(lines: list[str], words: PlanPhrases) -> list[str]:
    if len(lines) <= _SCREEN:
        return lines
    return [*lines[:_SCREEN], words.lines_more.format(len(lines) - _SCREEN)]


def _tell(lines: list[str], found: Plan, broken: _Broken, words: PlanPhrases) -> None:
    for line in lines:
        click.echo(f"  {line}")
    if found.left_out:
        click.echo(words.left_out.format(found.left_out))
    if broken.lines:
        count = len(broken.lines)
        click.echo(words.one_broken if count == 1 else words.broken.format(count))


def _as_facts(
    found: Plan,
    dialled: Sequence[DialledChange],
    broken: _Broken,
    note: str,
    rules: tuple[RuleSet, RuleSet],
    language: Language,
) -> str:
    return facts_text(
        {
            "revision": rules[1].revision,
            "tried": note,
            **plan_facts(found, rules, language),
            "dialling": [
                {
                    "agents": one.agents,
                    "dialled": one.what,
                    "before": outcome_told(one.before, language),
                    "after": outcome_told(one.after, language),
                    "text": dialling_told(one, language),
                }
                for one in dialled
            ],
            "broken": [{"line": one.line, "why": one.why} for one in broken.lines],
        },
    )
