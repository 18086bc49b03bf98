"""Who takes calls, and the phones that ring: those of agents, and those outside the queues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.numbers import PhoneNumber
from ivr.rules.model.destinations import Target
from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class Account:
    """A phone that registers here, under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class SipAddress:
    """A phone that does not register: it is reached at this SIP URI (`sip:kari@127.0.0.1:5091`)."""

    uri: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who takes calls; `languages` are those of the rules where the file names none.

    `number` is what colleagues dial, beside the name; `may_call` are kinds of numbers outside, and countries' codes.
    `skills` have levels.
    """

    name: str
    title: str
    phone: Account | SipAddress
    site: str | None
    queues: tuple[str, ...]
    languages: tuple[str, ...]
    at: Location
    number: str | None = None
    may_call: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that calls are sent to. `no_answer` is where they go when nobody takes it; None: an apology, hung up.

    `confirm`: whoever answers presses a key before they are connected. `shows_caller`: a number outside is shown the
    caller's number, where the trunk takes it, and not one of ours. `music` is heard while it rings; None: the tone.
    """

    name: str
    phone: Account | SipAddress | PhoneNumber
    ring_seconds: float
    no_answer: Target | None
    at: Location
    confirm: bool = False
    shows_caller: bool = False
    music: str | None = None
