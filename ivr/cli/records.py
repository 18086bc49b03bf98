"""`ivr records`: what is kept of calls, as a whole. `import` takes in those of another switchboard."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC
from itertools import islice
from pathlib import Path

import click

from ivr.amount import counted
from ivr.archives.archive import Contents
from ivr.archives.cdr_log import CdrLine, CdrLog
from ivr.archives.cel_line import CelLine
from ivr.archives.cel_log import CelLog
from ivr.archives.intake import Intake
from ivr.archives.names import ArchiveNames, read_names
from ivr.archives.queue_line import QueueLine
from ivr.archives.queue_log import NODE, QueueLog
from ivr.cli.records_audit import audit
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, read_file
from ivr.cli.shared.rules_there import RulesThere, rules_there
from ivr.cli.shared.server import author_or_user, home_option, json_option
from ivr.cli.shared.settings import settings_file
from ivr.cli.shared.taking_out import take_out, taken_lines
from ivr.clock import SystemClock
from ivr.control import Purge
from ivr.observe import start_logging
from ivr.records.removals import KeptSince, TakenOut
from ivr.rules.fault import did_you_mean
from ivr.server.home import Home
from ivr.server.retention import kept_since
from ivr.settings import load_settings
from ivr.store.door import PastCalls
from ivr.store.open import open_store

_AT_ONCE = 500
"""Calls that are added in one transaction."""


_Intake = Intake[QueueLine] | Intake[CelLine] | Intake[CdrLine]


@click.group()
def records() -> None:
    """Look after the records of calls."""


records.add_command(audit)


@records.command("import")
@click.argument("more", nargs=-1, type=DiskPath(exists=True, dir_okay=False), metavar="[FILE]...")
@click.option(
    "--asterisk-queue-log",
    "queue_logs",
    multiple=True,
    type=DiskPath(exists=True, dir_okay=False),
    metavar="FILE",
    help="Asterisk's queue_log; rotated files, packed ones too, all at once.",
)
@click.option(
    "--cel",
    "cels",
    multiple=True,
    type=DiskPath(exists=True, dir_okay=False),
    metavar="FILE",
    help="Asterisk's channel event log (CSV), where there is no queue_log.",
)
@click.option(
    "--cdr",
    "cdrs",
    multiple=True,
    type=DiskPath(exists=True, dir_okay=False),
    metavar="FILE",
    help="Asterisk's call detail records (Master.csv), where there is neither, and nothing but people answers.",
)
@click.option(
    "--names",
    "names_file",
    type=DiskPath(exists=True, dir_okay=False),
    metavar="FILE",
    help="What the log's queues and agents are called here (TOML).",
)
@click.option(
    "--prefix",
    metavar="WORD",
    help="What the ids of these calls begin with: another one for each other Asterisk.  [default: queue_log, cel, cdr]",
)
@click.option("--dry-run", is_flag=True, help="Read and tell, and add nothing.")
@click.option(
    "--config",
    type=DiskPath(exists=True, dir_okay=False),
    envvar="IVR_CONFIG",
    help="The settings (or IVR_CONFIG).  [default: ivr.toml in the home folder, else here]",
)
@home_option
@json_option
def import_calls(
    more: tuple[Path, ...],
    queue_logs: tuple[Path, ...],
    cels: tuple[Path, ...],
    cdrs: tuple[Path, ...],
    names_file: Path | None,
    prefix: str | None,
    dry_run: bool,
    config: Path | None,
    home: Path,
    as_json: bool,
) -> None:
    """Take in the calls of another switchboard, so that "before" in before and after is real.

    Importing twice changes nothing. A line that cannot be read is named and passed over. What `[retention]` in the
    settings does not keep is taken out again at once. The server of this home must not run meanwhile.
    """
    if sum(map(bool, (queue_logs, cels, cdrs))) != 1:
        message = "name what to read: --asterisk-queue-log FILE [FILE]..., or --cel, or --cdr"
        raise click.UsageError(message)
    prefix = prefix or ("cel" if cels else "cdr" if cdrs else NODE)
    if not prefix.isascii() or not prefix.replace("-", "").replace("_", "").isalnum():
        message = "--prefix is a word of letters and digits, as `oslo`"
        raise click.UsageError(message)
    start_logging(level=logging.WARNING)
    settings = load_settings(config or settings_file(home, DEFAULT_RULES))
    there = _there(home)
    names = (
        read_names(read_file(names_file, "names"), there.zone)
        if names_file
        else ArchiveNames(there.zone)
    )
    files = (*queue_logs, *cels, *cdrs, *more)
    intake: _Intake = Intake(QueueLog(names, prefix))
    if cels:
        intake = Intake(CelLog(names, prefix))
    elif cdrs:
        intake = Intake(CdrLog(names, prefix))
    added = 0
    adding: AbstractContextManager[PastCalls | None] = (
        nullcontext() if dry_run else open_store(Home.open(home).folder).adding()
    )
    with adding as past, _progress(files) as progress:
        calls = intake.calls(files, progress)
        while some := list(islice(calls, _AT_ONCE)):
            added += past.add(some) if past is not None else 0
    since = kept_since(settings.retention, SystemClock().now())
    taken = _taken_out(home, since, intake.archive.contents) if added else None
    if as_json:
        click.echo(facts_text({**_facts(intake, added), "taken_out": taken}))
        return
    for line in _told(intake, names, there, None if dry_run else added):
        click.echo(line)
    if taken is not None:
        click.echo(
            "taken out again at once, since `[retention]` in the settings keeps it no longer:"
        )
        for line in taken_lines(taken):
            click.echo(line)


def _taken_out(home: Path, since: KeptSince, contents: Contents) -> TakenOut | None:
    """What the settings do not keep of calls so old; None where they keep all of these."""
    if since.latest is None or contents.first is None or contents.first >= since.latest:
        return None
    who, why = author_or_user(None), "imported"
    removal = take_out(
        home, "purge", Purge(why=why), who, lambda removals: removals.purge(since, who, why)
    )
    return removal.taken if removal is not None else None


def _there(home: Path) -> RulesThere:
    """The rules in force; a home that no server has used yet has none, and this machine's time zone."""
    if open_store(home).has_begun():
        return rules_there(home)
    return RulesThere(SystemClock().now().astimezone().tzinfo or UTC, None)


@contextmanager
def _progress(files: Sequence[Path]) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, over the bytes of the files."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    total = sum(file.stat().st_size for file in files)
    with click.progressbar(length=total, label="reading", file=sys.stderr) as bar:
        yield bar.update


def _facts(found: _Intake, added: int) -> dict[str, object]:
    contents = found.archive.contents
    return {
        "lines": found.lines,
        "calls": found.told,
        "added": added,
        "under_way": contents.under_way,
        "others": contents.others,
        "machine_first": contents.machine_first,
        "from": contents.first,
        "to": contents.last,
        "queues": contents.queues,
        "agents": contents.agents,
        "passed_over": found.passed_over,
        "passed_over_lines": found.passed_over_lines,
        "unknown_events": contents.unknown_events,
    }


def _told(
    found: _Intake, names: ArchiveNames, there: RulesThere, added: int | None
) -> Iterator[str]:
    log = found.archive.contents
    if log.first is None or log.last is None:
        yield f"no data: of {counted(found.lines, 'line')}, none is one of such a log"
    else:
        days = " to ".join(
            f"{at.astimezone(there.zone):%Y-%m-%d %H:%M}" for at in (log.first, log.last)
        )
        yield f"{counted(found.lines, 'line')}, {days} ({there.zone})"
        if added is None:
            yield f"{counted(found.told, 'call')}; none was added (--dry-run)"
        else:
            here = found.told - added
            were = "was" if here == 1 else "were"
            yield f"{counted(added, 'call')} added, {here} {were} here already"
    yield from _left_out(log)
    for queue, count in sorted(log.queues.items()):
        yield f"queue {queue} → {_queue_told(names, there, queue)} ({counted(count, 'time')})"
    for agent in sorted(log.agents):
        yield f"agent {agent} → {_agent_told(names, there, agent)}"
    if log.unknown_events:
        listed = ", ".join(f"{name} {count}" for name, count in sorted(log.unknown_events.items()))
        yield f"not read, since they tell nothing of a call: {listed}"
    if found.passed_over_lines:
        yield f"{counted(found.passed_over_lines, 'line')} passed over:"
        yield from (f"  {line}" for line in found.passed_over)
        if found.passed_over_lines > len(found.passed_over):
            yield f"  and {found.passed_over_lines - len(found.passed_over)} more"


def _left_out(log: Contents) -> Iterator[str]:
    if log.under_way:
        yield (
            f"{counted(log.under_way, 'call')} under way at the end: left out; give the file that follows "
            "together with these"
        )
    if log.others:
        yield f"{counted(log.others, 'other call')} came to no queue: left out"
    if log.machine_first:
        yield (
            f"{counted(log.machine_first, 'call')} answered by a machine before a person could: left out, "
            "for a CDR has no wait of theirs; a queue_log or a CEL has"
        )


def _queue_told(names: ArchiveNames, there: RulesThere, queue: str) -> str:
    placed = names.queue(queue)
    parts = (placed.queue, placed.department, placed.site)
    told = ", ".join(part for part in parts if part)
    return told + _in_no_rules(there, "queue", placed.queue)


def _agent_told(names: ArchiveNames, there: RulesThere, agent: str) -> str:
    name = names.agent(agent)
    return name + _in_no_rules(there, "agent", name)


def _in_no_rules(there: RulesThere, kind: str, name: str) -> str:
    known = there.names(kind)
    if there.rules is None or name in known:
        return ""
    hint = did_you_mean(name, known)
    return f"; the rules in force have no such {kind}{': ' + hint if hint else ''}"
