"""A test beside the rules: the call that is made, what is given, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.rules.model import Location


@dataclass(frozen=True, slots=True)
class LeftBefore:
    """A played call's caller hung up in this queue so long ago, having waited there."""

    queue: str
    ago_seconds: float
    waited_seconds: float


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """A call that somebody might make.

    `at` may be naive: it is then local to the rules' time zone. `press` is a row of keys, with `,` for a pause;
    `say` is what the caller says, once no keys are left, to each menu that listens. `waits_seconds`: how long the
    caller waits in queues before the test looks. `withheld`: the caller hides the number. `last_agent` talked with
    this caller an hour before. `by` an agent: what the phone `dials` is meant, and nothing else. With `rates` an
    agent answers then, talks and hangs up, and the caller keys this in a survey. `left`: the wait of an earlier call.
    """

    dialled: PhoneNumber | None
    at: datetime
    caller: PhoneNumber | None = None
    press: str = ""
    say: tuple[str, ...] = ()
    waits_seconds: float = 0.0
    withheld: bool = False
    rates: str | None = None
    last_agent: str | None = None
    by: str | None = None
    dials: str = ""
    left: LeftBefore | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Who is there while a call comes in, by queue: `agents` signed in, callers `waiting`, agents `free`.

    A queue that is not named is staffed, and nobody waits in it; who comes to a full one finds nobody free.
    Of a queue that is split, `had` are the calls that its
    sites have had in turn (none), and `away` those that can take none.
    """

    agents: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    had: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    away: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    free: Mapping[str, int] = field(default_factory=dict)


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a test demands; None is what it says nothing of. `site` is "" where none may be known.

    `given_to` is the site whose call it is, in a queue that is split, `first` who is rung first, and
    `does` what comes of what an agent dials. `keeps_place`: whether the caller has the place of an earlier call.
    """

    ends: str | None
    said: tuple[str, ...] | None
    language: str | None
    site: str | None
    passes: tuple[str, ...]
    given_to: str | None = None
    first: str | None = None
    does: str | None = None
    keeps_place: bool | None = None


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test. `locations` has where its words stand, by their path in the test."""

    name: str
    at: Location
    call: PlayedCall
    given: Given
    expect: Expected
    locations: Mapping[str, Location]


@dataclass(frozen=True, slots=True)
class RuleTests:
    """A file of tests. `rules` is the rules file as the tests name it, relative to their own folder.

    `refused` counts the tests that could not be read.
    """

    file: str
    rules: str
    rules_at: Location
    tests: tuple[RuleTest, ...]
    refused: int
