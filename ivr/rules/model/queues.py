"""Where callers wait or leave a message, and what is done for them then and afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ivr.numbers import PhoneNumber
from ivr.rules.model.destinations import Target, ToQueue
from ivr.rules.model.hours import Hours
from ivr.rules.model.location import Location

RingWay = Literal["longest idle", "fewest calls", "round robin", "in order", "all at once"]
"""Whose phone rings first."""


@dataclass(frozen=True, slots=True)
class AnswerTarget:
    """`80% within 20s`: the target of a queue. `share` is 0 to 1."""

    share: float
    within_seconds: float


@dataclass(frozen=True, slots=True)
class WaitStep:
    """What happens to a caller who has waited `after_seconds`.

    With a `target` the caller goes there. Else the caller stays, and is offered something (`callback`) or the agents
    of another queue are rung too.
    """

    after_seconds: float
    target: Target | None
    at: Location
    offer: str | None = None
    also_ring: Target | None = None

    def __str__(self) -> str:
        if self.target is not None:
            return str(self.target.to)
        return f"offer {self.offer}" if self.offer else f"also ring {self._rung}"

    @property
    def _rung(self) -> str:
        return str(self.also_ring.to) if self.also_ring else "nobody"


@dataclass(frozen=True, slots=True)
class ExitKey:
    """A key (a digit, `*` or `#`) that leads out of a queue; `at` is the key's own place."""

    key: str
    target: Target
    at: Location


@dataclass(frozen=True, slots=True)
class SayWait:
    """Each `every_seconds` callers are told how long they are likely to wait.

    Not while the estimates of late were wrong by more than `right_within_seconds` in the mean.
    """

    every_seconds: float
    right_within_seconds: float


@dataclass(frozen=True, slots=True)
class Queue:
    """`while_waiting` is in the order of its times. `ring_seconds`: how long one agent's phone rings.

    `split` are shares (0 to 1, together 1) by the place that the agents sit at; a site that could take no calls gets
    at most `catch_up` of them afterwards. `at_closing` is where those who still
    wait go when the department closes; None: they are served. `skills` has the level that is wanted of each;
    `widen_seconds` is how long a caller waits for the best match, and then for each lesser one; None: for ever. So
    long ago an agent may have talked with the caller who is rung first; None: nobody is for that. `whisper`: what
    an agent who has answered hears of the call first (`queue`, `site`, `waited`). `keep_place_seconds`: so
    long a caller who was cut off, or hung up, may have the place again. `exits` are the keys that lead out of the wait.
    Each `say_every_seconds` who waits hears the next of the messages `say`.
    """

    name: str
    answer: AnswerTarget
    music: str
    while_waiting: tuple[WaitStep, ...]
    nobody_logged_in: Target | None
    ring_seconds: float
    wrap_up_seconds: float
    at: Location
    say_place_seconds: float | None = None
    say_wait: SayWait | None = None
    say: tuple[str, ...] = ()
    say_every_seconds: float = 60.0
    at_most: int | None = None
    when_full: Target | None = None
    split: Mapping[str, float] = field(default_factory=dict)
    catch_up: int = 20
    at_closing: Target | None = None
    survey: str | None = None
    record: str | None = None
    ring: RingWay = "longest idle"
    skills: Mapping[str, int] = field(default_factory=dict)
    widen_seconds: float | None = 30.0
    last_agent_seconds: float | None = None
    whisper: tuple[str, ...] = ()
    keep_place_seconds: float | None = None
    exits: Mapping[str, ExitKey] = field(default_factory=dict)
    names_music: bool = False
    """The admin wrote `music:`; otherwise it is the usual one, which a centre need not have."""

    @property
    def leads_away_after_seconds(self) -> float:
        """The longest wait: until a step takes the caller from the queue."""
        steps = (step for step in self.while_waiting if step.target is not None)
        return min((step.after_seconds for step in steps), default=float("inf"))

    def also_rung(self, steps: int) -> tuple[str, ...]:
        """The queues whose agents are rung too, after so many steps of `while_waiting`."""
        taken = (step.also_ring.to for step in self.while_waiting[:steps] if step.also_ring)
        others = (to.name for to in taken if isinstance(to, ToQueue) and to.name != self.name)
        return tuple(dict.fromkeys(others))


@dataclass(frozen=True, slots=True)
class Voicemail:
    """A box where callers leave a message."""

    name: str
    say: str
    longest_seconds: float
    at: Location


@dataclass(frozen=True, slots=True)
class Callback:
    """How callers are called back. `hours` None: at any time. `caller_id` is what their phones show."""

    keep_place: bool
    confirm_number: bool
    tries: int
    retry_seconds: float
    hours: Hours | None
    caller_id: PhoneNumber | None
    at: Location


@dataclass(frozen=True, slots=True)
class Survey:
    """Asked after a talk, by `sms` or `voice`, of a `share` (0 to 1) of the callers.

    Who was asked anything is left in peace for `not_again_seconds`. `wait_seconds` is the first-digit timeout,
    `between_seconds` the inter-digit timeout.
    """

    name: str
    by: str
    say: tuple[str, ...]
    lowest: int
    highest: int
    share: float
    not_again_seconds: float
    wait_seconds: float
    between_seconds: float
    tries: int
    no_input: str
    no_match: str
    thanks: str
    at: Location

    @property
    def answers(self) -> tuple[str, ...]:
        """What may be keyed: every number of the scale."""
        return tuple(str(number) for number in range(self.lowest, self.highest + 1))
