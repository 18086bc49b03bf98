"""`ivr explain CALL-ID`: why a call that happened went where it went."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from ivr.cli.shared.facts import facts_text, reason_facts
from ivr.errors import NumberRefused
from ivr.numbers import parse_number
from ivr.records.events import Arrived, Routed, Said
from ivr.records.fold import fold
from ivr.records.journal import Entry, is_told
from ivr.records.record import CallRecord
from ivr.rules.values.times import clock_meant
from ivr.showing.record_lines import record_told
from ivr.showing.sentences import Language
from ivr.showing.story import story_told
from ivr.store.open import open_store

_OF_BOTH = frozenset({"home", "language", "as_json"})
"""Options that a call which happened has, too."""


def refuse_what_is_of_a_call_to_come(call_id: str) -> None:
    """A call that happened has its time and its keys; a number alone, or half of a time, is no CALL-ID."""
    context = click.get_current_context()
    given = [
        option.opts[0]
        for option in context.command.params
        if isinstance(option, click.Option)
        and option.name not in _OF_BOTH
        and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    ]
    if "--at" in given and (half := clock_meant(call_id)):
        message = (
            f"write quotes round a time that has a space: --at '{context.params['when']} {half}'"
        )
        raise click.UsageError(message)
    if given:
        of_one_to_come = f"{given[0]} is of one that might come; take one of the two out"
        message = f"{call_id!r} would be a call that happened, and {of_one_to_come}"
        raise click.UsageError(message)
    if not call_id.startswith("0") and _is_number(call_id):
        message = (
            f"{call_id!r} would be the id of a call; a number that is dialled is --to {call_id!r}"
        )
        raise click.UsageError(message)


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except NumberRefused:
        return False
    return True


def explain_call(call_id: str, home: Path, language: Language, *, as_json: bool) -> None:
    """Tell a stored call; `call_id` may be cut short as long as it names one call."""
    with open_store(home).reading() as stored:
        entries = stored.calls.events(call_id)
        record = stored.calls.call(entries[0].call_id if entries else call_id)
    if record is None and is_told(entries):
        record = fold(entries)  # under way
    if record is None:
        message = (
            f"{home} holds no call {call_id}, or several that begin so; `ivr calls` lists them"
        )
        raise click.ClickException(message)
    if as_json:
        facts = _as_facts(entries, language) if is_told(entries) else _purged_facts(record)
        click.echo(facts_text(facts))
        return
    click.echo("\n".join([*story_told(entries, language), "", *record_told(record, language)]))


def _as_facts(entries: Sequence[Entry], language: Language) -> dict[str, object]:
    """The same fields as for a call that might come, and whether they were purged."""
    events = [entry.event for entry in entries]
    routes = [event for event in events if isinstance(event, Routed)]
    last = routes[-1] if routes else None
    ends = [route.to for route in routes if route.to != "hangup"] or ["hangup"]
    return {
        "call_id": entries[0].call_id,
        "ends": ends[-1] if last else None,
        "said": [prompt for event in events if isinstance(event, Said) for prompt in event.prompts],
        "language": last.language if last else None,
        "site": last.site if last else None,
        "revision": next((event.revision for event in events if isinstance(event, Arrived)), ""),
        "steps": [reason_facts(step, language) for route in routes for step in route.steps],
        "purged": False,
    }


def _purged_facts(record: CallRecord) -> dict[str, object]:
    """What the record still says, where the events are gone."""
    return {
        "call_id": record.call_id,
        "ends": None,
        "said": [],
        "language": record.language,
        "site": record.site,
        "revision": record.revision,
        "steps": [],
        "purged": True,
    }
