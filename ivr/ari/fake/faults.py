"""What can go wrong, each in one line of a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from ivr.ari.meaning import Answer


@dataclass(slots=True)
class Faults:
    """Set a field, and it is so from then on.

    `requests_take_seconds`: a request is acted upon that much later. `answers_take_seconds`: its answer comes that much
    after it was acted upon, so that events come first. `missing_media`: names that cannot be played.
    `unstoppable_media`: names that cannot be stopped while they are played, as if they had only just begun.
    `untold`: kinds of events that are never sent. `before_request` and `after_request`: what happens just before, or
    just after, the n-th request (from 1, as counted in `FakeAsterisk.requests`) is acted upon.
    """

    requests_take_seconds: float = 0.0
    answers_take_seconds: float = 0.0
    missing_media: set[str] = field(default_factory=set)
    unstoppable_media: set[str] = field(default_factory=set)
    untold: set[type[msgspec.Struct]] = field(default_factory=set)
    before_request: dict[int, Callable[[], None]] = field(default_factory=dict)
    after_request: dict[int, Callable[[], None]] = field(default_factory=dict)
    _refusals: list[tuple[str, int]] = field(default_factory=list)

    def refuse_next(self, request: str, status: int = 404) -> None:
        """Refuse the next request that contains this text (`/play/`, `DELETE channels/`)."""
        self._refusals.append((request, status))

    def refusal_of(self, request: str) -> Answer | None:
        """The refusal that was ordered for this request, if any; each counts once."""
        for order in self._refusals:
            if order[0] in request:
                self._refusals.remove(order)
                return Answer(order[1], "Refused by the test")
        return None
