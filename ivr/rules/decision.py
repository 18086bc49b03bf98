"""What goes into a decision and what comes out: facts, the turn that a call took, and the decision with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.rules.model import Menu, Place, Queue, ToHangUp, Voicemail


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision may look at. `at` is aware; the time is a fact, never read.

    `dialled` is None where what was dialled is no number. `signed_in` has the agents signed in per
    queue; a queue that is not named there counts as staffed. `menus` are the menus visited, the
    present one last.
    """

    at: datetime
    dialled: PhoneNumber | None
    caller: PhoneNumber | None = None
    language: str = "nb"
    site: str | None = None
    signed_in: Mapping[str, int] = field(default_factory=dict)
    menus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """The call came in."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """The caller keyed an option of a menu."""

    menu: str
    key: str


@dataclass(frozen=True, slots=True)
class NothingChosen:
    """All tries of a menu were used up."""

    menu: str


@dataclass(frozen=True, slots=True)
class WaitedLong:
    """The caller waited until a `while_waiting` step of the queue; `step` counts from 0."""

    queue: str
    step: int


@dataclass(frozen=True, slots=True)
class NobodyLoggedIn:
    """The last agent of the queue signed out while the caller waited."""

    queue: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The story reached its end: they have talked, or a message was left."""


Turn = Arrived | Keyed | NothingChosen | WaitedLong | NobodyLoggedIn | Finished


@dataclass(frozen=True, slots=True)
class Step:
    """A reason. `taken` is False for a why-not: an alternative that was passed over."""

    text: str
    at: Place | None
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a call goes next.

    `say` are prompts to play before `then` begins. `facts` are the facts as they stand now
    (language, site, menus). `department` is the department that the call landed in, if this
    decision passed one.
    """

    then: Menu | Queue | Voicemail | ToHangUp
    say: tuple[str, ...]
    steps: tuple[Step, ...]
    facts: Facts
    department: str | None = None
    closed: bool = False

    @property
    def to(self) -> str:
        """The destination as the rules write it: `queue bergen`, `hangup`."""
        match self.then:
            case Menu(name=name):
                return f"menu {name}"
            case Queue(name=name):
                return f"queue {name}"
            case Voicemail(name=name):
                return f"voicemail {name}"
            case ToHangUp():
                return "hangup"
