"""`ivr explain CALL-ID`: why a call that happened went where it went."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text, reason_facts
from ivr.records.events import Arrived, Routed, Said
from ivr.records.fold import fold
from ivr.records.journal import Entry
from ivr.showing.record_lines import record_told
from ivr.showing.sentences import Language
from ivr.showing.story import story_told
from ivr.store.open import open_store


def explain_call(call_id: str, home: Path, language: Language, *, as_json: bool) -> None:
    """Tell a stored call; `call_id` may be cut short as long as it names one call."""
    with open_store(home).reading() as stored:
        entries = stored.calls.events(call_id)
    if not entries:
        message = (
            f"{home} holds no call {call_id}, or several that begin so; `ivr calls` lists them"
        )
        raise click.ClickException(message)
    if as_json:
        click.echo(facts_text(_as_facts(entries, language)))
        return
    record = record_told(fold(entries), language)
    click.echo("\n".join([*story_told(entries, language), "", *record]))


def _as_facts(entries: Sequence[Entry], language: Language) -> dict[str, object]:
    """The same fields as for a call that might come."""
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
    }
