"""Whose phone a queue rang last, by the events of its calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.records.events import CallEvent, Offered, is_agent


def whom_each_rang(events: Iterable[CallEvent | None]) -> Mapping[str, str]:
    """The agent whom each queue rang last, of events in the order in which they happened; no site's phone."""
    last: dict[str, str] = {}
    for event in events:
        if isinstance(event, Offered) and is_agent(event.agent):
            last[event.queue] = event.agent
    return last
