"""What callers ask for: departments, and what becomes of a call while one is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.rules.model.destinations import Target
from ivr.rules.model.hours import Hours
from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class WhenClosed:
    """What a caller hears outside the hours, and where the call goes then."""

    say: str
    target: Target
    at: Location


@dataclass(frozen=True, slots=True)
class Department:
    """`titles` by language, `words` (what callers may say) too.

    Callers of the lists `first_in_line` wait before others.
    """

    name: str
    titles: Mapping[str, str]
    hours: Hours
    national: Target
    closed: WhenClosed
    at: Location
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_in_line: tuple[str, ...] = ()
