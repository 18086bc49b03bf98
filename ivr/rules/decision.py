"""What goes into a decision and what comes out: facts, the turn that a call took, and the decision with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from ivr.numbers import PhoneNumber
from ivr.rules.model import (
    Location,
    Menu,
    Phone,
    Question,
    Queue,
    Survey,
    ToHangUp,
    ToRefuse,
    Voicemail,
)
from ivr.why import BarredBy, Because


@dataclass(frozen=True, slots=True)
class Override:
    """A site, a department or a queue that somebody closed by hand, whatever the rules say, until `until` (aware).

    `say` is the prompt that callers hear then; None: what they hear otherwise. `since` (aware), `by` and `why` are for
    the step that tells of it. It holds while the call's time is before `until`: whoever hands it to a decision says
    that it has begun. A call's own time does not say so: it is kept in whole seconds, and a test may set it.
    """

    kind: Literal["site", "department", "queue"]
    name: str
    until: datetime
    say: str | None = None
    by: str = ""
    why: str = ""
    since: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at an aware moment."""
        return at < self.until

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Due:
    """Whose call the next one of a split queue is, and why. None: no site can take calls now.

    `here` are the sites that can. `instead` has it where the call was given to a site that cannot take it after all.
    `had` and `owed` are calls by site, for the step that tells of it; who had others' calls owes them: less than 0.
    """

    site: str | None
    because: Literal["turn", "owed", "others_away"]
    here: frozenset[str]
    instead: str | None = None
    had: Mapping[str, int] = field(default_factory=dict)
    owed: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenSite:
    """A call of this split queue is the site's from now on, and no longer that of `before`."""

    queue: str
    site: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class LastTalk:
    """With which agent a caller talked last, and when (aware)."""

    agent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """The place that a caller of the call `call_id` left, who waited `since` then (aware) and left it at `left_at`."""

    call_id: str
    queue: str
    since: datetime
    left_at: datetime


@dataclass(frozen=True, slots=True)
class WaitedBefore:
    """An earlier wait of this call in a queue: since when (aware), and the queues whose agents are rung too by now."""

    since: datetime
    also_rung: tuple[str, ...] = ()


class FreeAgents(Protocol):
    """Who is free at the moment of the decision."""

    def would_take(self, queue: Queue, facts: Facts) -> bool:
        """Whether somebody would be rung at once for this caller, who comes to the queue now."""


@dataclass(frozen=True, slots=True)
class FreeGiven:
    """For calls that are made up: so many are free, by queue, each of whom would take the caller."""

    agents: Mapping[str, int] = field(default_factory=dict)

    def would_take(self, queue: Queue, facts: Facts) -> bool:
        return self.agents.get(queue.name, 0) > 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision may look at. `at` is aware; the time is a fact, never read.

    `dialled` is None where what was dialled is no number. `signed_in` has the agents signed in per
    queue; a queue that is not named there counts as staffed. `menus` are the menus visited, the
    present one last, `greeted` those whose greeting has been said, `noticed` what notices have said.
    `overrides` are what is closed by hand, the newest last.
    `waiting` has the callers who wait per queue; a queue that is not named there has none. `asked` are the
    questions that the caller has been asked, `on_the_way_to` the department that waits for the answer to the last of
    them. `first_in_line`: this caller waits before others; among the rest the highest `priority` does.
    `withheld`: the caller hides the number; where
    there is neither that nor a `caller`, nothing is known of who calls.
    `lot`, from 0 to below 1, is the call's in all that is drawn by lot: whoever has 0 is always drawn.
    `surveyed_at` (aware) is when this caller was last asked in a survey.
    `dues` has, by queue that is split, whose call the next one is; where a queue is not named, that is not known.
    `given_sites` are the sites whose call this is already, by queue. `last_talk`: None where there was none, or nobody
    knows who calls; `kept_place` likewise. `free` is asked where a queue is full; `waited_before` has the queues in
    which this call has waited. `early_seconds`: so long the caller had waited already before any server took the call.
    """

    at: datetime
    dialled: PhoneNumber | None
    caller: PhoneNumber | None = None
    language: str = "nb"
    site: str | None = None
    signed_in: Mapping[str, int] = field(default_factory=dict)
    menus: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    on_the_way_to: str | None = None
    first_in_line: bool = False
    priority: int = 0
    withheld: bool = False
    greeted: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    lot: float = 0.0
    surveyed_at: datetime | None = None
    dues: Mapping[str, Due] = field(default_factory=dict)
    given_sites: Mapping[str, str] = field(default_factory=dict)
    last_talk: LastTalk | None = None
    kept_place: KeptPlace | None = None
    free: FreeAgents = field(default_factory=FreeGiven)
    waited_before: Mapping[str, WaitedBefore] = field(default_factory=dict)
    early_seconds: float = 0.0

    def override(self, kind: Literal["site", "department", "queue"], name: str) -> Override | None:
        """The newest override that closes this now."""
        for one in reversed(self.overrides):
            if one.kind == kind and one.name == name and one.holds(self.at):
                return one
        return None


@dataclass(frozen=True, slots=True)
class CameIn:
    """The call came in."""


@dataclass(frozen=True, slots=True)
class OptionChosen:
    """The caller keyed an option of a menu."""

    menu: str
    key: str


@dataclass(frozen=True, slots=True)
class NothingChosen:
    """All tries of a menu were used up."""

    menu: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The caller said `words` in a menu."""

    menu: str
    words: str


@dataclass(frozen=True, slots=True)
class AnswerKeyed:
    """The caller keyed the digits that a question asks for."""

    question: str
    digits: str


@dataclass(frozen=True, slots=True)
class NothingAnswered:
    """All tries of a question were used up."""

    question: str


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
class ExitKeyed:
    """The caller keyed one of the exits of the queue (a digit, `*` or `#`)."""

    queue: str
    key: str


@dataclass(frozen=True, slots=True)
class TakenElsewhere:
    """Somebody (`by`) took the caller out of this queue, to another."""

    queue: str
    to: str
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class SiteAway:
    """The site whose call it is in this split queue can take none any more; or there was none, and now one can."""

    queue: str


@dataclass(frozen=True, slots=True)
class PlaceTaken:
    """The caller has the place again that they left in this queue, where they had waited `since` (aware)."""

    queue: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ClosingTime:
    """The department that a caller waits for in this queue has closed."""

    queue: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Nobody took this phone: it was not answered, was busy, could not be reached, or (`barred`) was not called."""

    phone: str
    barred: BarredBy | None = None


@dataclass(frozen=True, slots=True)
class SurveyDone:
    """The caller has `answered` the survey, or did not in all tries. The answer is no fact of the rules."""

    survey: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """The story reached its end: they have talked (in `queue`, where it is known), or a message was left.

    `is_cut`: they would have talked on, and we ended it.
    """

    queue: str | None = None
    is_cut: bool = False


Turn = (
    CameIn
    | OptionChosen
    | NothingChosen
    | Spoken
    | AnswerKeyed
    | NothingAnswered
    | WaitedLong
    | NobodyLoggedIn
    | ExitKeyed
    | TakenElsewhere
    | SiteAway
    | PlaceTaken
    | ClosingTime
    | NotTaken
    | SurveyDone
    | Finished
)


@dataclass(frozen=True, slots=True)
class Step:
    """A reason, and where it stands. `taken` is False for a why-not: an alternative that was passed over."""

    because: Because
    at: Location | None
    taken: bool = True


Standpoint = Menu | Question | Queue | Voicemail | Phone | Survey | ToHangUp | ToRefuse
"""Where a decision ends: where the caller does something or waits, or the call's end."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a call goes next.

    `say` are prompts to play before `then` begins. `facts` are the facts as they stand now
    (language, site, menus). `department` is the department that the call landed in, if this
    decision passed one; `blocked` the queues on the way that were full or had nobody in them.
    `refused`: nobody is to talk to this caller, or nobody answers the number that was dialled.
    `given_site`: the call is this site's from now on.
    `decided_by` is the step that turned the call to `then`, for the log: it holds nothing that the
    caller keyed or said.
    """

    then: Standpoint
    say: tuple[str, ...]
    steps: tuple[Step, ...]
    decided_by: Step
    facts: Facts
    department: str | None = None
    closed: bool = False
    blocked: tuple[str, ...] = ()
    refused: bool = False
    given_site: GivenSite | None = None

    @property
    def to(self) -> str:  # noqa: PLR0911 - a line for each
        """The destination as the rules write it: `queue bergen`, `hangup`."""
        match self.then:
            case Menu(name=name):
                return f"menu {name}"
            case Question(name=name):
                return f"question {name}"
            case Queue(name=name):
                return f"queue {name}"
            case Voicemail(name=name):
                return f"voicemail {name}"
            case Phone(name=name):
                return f"phone {name}"
            case Survey(name=name):
                return f"survey {name}"
            case ToHangUp() | ToRefuse():
                return str(self.then)
