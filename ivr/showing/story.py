"""A call told in lines: what happened, why it went where it went. Pure; numbers are masked."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.records.durations import seconds_between
from ivr.records.events import CallEvent, Routed
from ivr.records.journal import Entry, is_told
from ivr.showing.sentences import Language, events_english, events_norwegian
from ivr.showing.sentences.notation_norwegian import figure
from ivr.showing.steps import reasons_told

_PURGED: dict[Language, str] = {
    "en": "its events were purged (`ivr removals` says when); this is its record:",
    "nb": "hendelsene er tatt ut (`ivr removals` sier når); dette er raden for samtalen:",
}


def story_told(entries: Sequence[Entry], language: Language = "en") -> list[str]:
    """What happened, second by second from the arrival; each decision with its steps and their places in the rules.

    Of a call whose events were purged, that they were.
    """
    if not is_told(entries):
        return [_PURGED[language]]
    lines: list[str] = []
    for entry in entries:
        seconds = seconds_between(entries[0], entry)
        since = f"{figure(seconds, 1) if language == 'nb' else f'{seconds:.1f}':>7} s  "
        lines.append(since + event_told(entry.event, language))
        if isinstance(entry.event, Routed):
            indent = " " * (len(since) + 2)
            lines += [indent + line for line in reasons_told(entry.event.steps, language)]
    return lines


def event_told(event: CallEvent, language: Language = "en") -> str:
    """One event in a few words."""
    if language == "nb":
        return events_norwegian.event_told(event)
    return events_english.event_told(event)
