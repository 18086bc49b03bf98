"""`ivr records audit`: the journal compared with what Asterisk wrote down of the same calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from pathlib import Path

import click

from ivr.amount import counted
from ivr.archives.audit import Audit, audited, channels_in
from ivr.archives.cel_line import CelLine, CelReader
from ivr.archives.queue_line import BadLine
from ivr.asterisk.conf_core import CHANNEL_EVENTS
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.period import from_option, period_given, to_option
from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.server import home_option, json_option
from ivr.clock import SystemClock
from ivr.errors import StoreFailed
from ivr.server.channel_events import FOLDER
from ivr.store.open import open_store

_LATER = timedelta(minutes=1)
"""More than a call arrives after its channel began."""

_MOST_SHOWN = 50
_TOLD = {
    "missing": "in Asterisk's ledger, and not in the journal",
    "doubled": "several times in the journal",
    "unknown": "in the journal, and not in Asterisk's ledger",
    "duration": "of another length, by more than a second",
    "cause": "ended for another cause",
}


@click.command("audit")
@home_option
@from_option
@to_option
@click.option(
    "--cel",
    "files",
    multiple=True,
    type=DiskPath(exists=True, dir_okay=False),
    metavar="FILE",
    help="Asterisk's channel event log (CSV), where that Asterisk runs elsewhere; may be given several times.",
)
@json_option
def audit(
    home: Path, first: str | None, last: str | None, files: tuple[Path, ...], as_json: bool
) -> None:
    """Compare the journal with Asterisk's own ledger of the same calls; exit 1 where they do not agree.

    Calls that are missing in one, doubled, more than a second longer or shorter, or ended for another cause.
    """
    zone = rules_there(home).zone
    period = period_given(first, last, zone)
    begins, ends = period.bounds(zone)
    found = files or tuple(sorted((home / FOLDER).glob("cel*.csv")))
    if not found:
        message = (
            f"there is no ledger of Asterisk's below {home / FOLDER}: where it runs elsewhere, name its file with "
            "--cel"
        )
        raise StoreFailed(message)
    channels = channels_in(_lines(found, is_ours=not files))
    with open_store(home).reading() as stored:
        calls = list(stored.calls.between(begins, ends + _LATER))
    result = audited(calls, channels, begins, ends, SystemClock().now())
    if result.since is None and (files or calls):
        names = ", ".join(str(file) for file in found)
        message = f"no line of Asterisk's channel event log (CEL) stands in {names}: there is nothing to compare"
        raise StoreFailed(message)
    if as_json:
        click.echo(facts_text({"audit": result, "counts": result.counts}))
    else:
        for line in _told(result, str(period)):
            click.echo(line)
    if result.odd:
        raise SystemExit(1)


def _lines(files: Iterable[Path], *, is_ours: bool) -> Iterator[CelLine]:
    for file in files:
        reader = CelReader(UTC)
        if is_ours:
            reader.read(",".join(CHANNEL_EVENTS))
        with file.open(encoding="utf-8", errors="replace") as opened:
            for text in opened:
                try:
                    line = reader.read(text)
                except BadLine:  # one that was cut off with its Asterisk
                    continue
                if line is not None:
                    yield line


def _told(result: Audit, period: str) -> Iterator[str]:
    if result.since is None:
        yield "Asterisk's ledger is empty: nothing was compared"
        return
    begins = f"{result.since:%Y-%m-%d %H:%M} UTC"
    yield f"{period}: {counted(result.compared, 'call')} compared with Asterisk's ledger, which begins {begins}"
    for kind, count in result.counts.items():
        yield f"{count:>6}  {_TOLD[kind]}"
    for one in result.odd[:_MOST_SHOWN]:
        said = " ".join(
            f"{name} {value}"
            for name, value in (("journal:", one.journal), ("Asterisk:", one.asterisk))
            if value
        )
        yield f"{one.kind:<8} {one.call_id or one.channel} {said}".rstrip()
    if len(result.odd) > _MOST_SHOWN:
        yield f"and {len(result.odd) - _MOST_SHOWN} more; --json has all"
