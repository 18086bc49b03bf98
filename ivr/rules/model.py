"""What the rules say, linked and frozen: every name in here resolves, every value is in range.

`load` makes a RuleSet or refuses with every fault it found; nothing in here can fail while a call
is under way. Durations are seconds (float), times of day and dates belong to the file's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ivr.numbers import PhoneNumber


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands: file as the admin named it, line and column from 1, path such as `menus.main.keys.1`."""

    file: str
    line: int
    column: int
    path: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class ToMenu:
    """`menu NAME`."""

    name: str

    def __str__(self) -> str:
        return f"menu {self.name}"


@dataclass(frozen=True, slots=True)
class ToDepartment:
    """`department NAME`: decided further by its hours, the site and the date."""

    name: str

    def __str__(self) -> str:
        return f"department {self.name}"


@dataclass(frozen=True, slots=True)
class ToQueue:
    """`queue NAME`."""

    name: str

    def __str__(self) -> str:
        return f"queue {self.name}"


@dataclass(frozen=True, slots=True)
class ToVoicemail:
    """`voicemail NAME`."""

    name: str

    def __str__(self) -> str:
        return f"voicemail {self.name}"


@dataclass(frozen=True, slots=True)
class ToPhone:
    """`phone NAME`: one of `phones`."""

    name: str

    def __str__(self) -> str:
        return f"phone {self.name}"


@dataclass(frozen=True, slots=True)
class ToQuestion:
    """`question NAME`: asked, and then on to where the question leads."""

    name: str

    def __str__(self) -> str:
        return f"question {self.name}"


@dataclass(frozen=True, slots=True)
class ToHangUp:
    """`hangup`."""

    def __str__(self) -> str:
        return "hangup"


@dataclass(frozen=True, slots=True)
class ToRepeat:
    """The menu that the caller is in, once more."""

    def __str__(self) -> str:
        return "repeat"


@dataclass(frozen=True, slots=True)
class ToBack:
    """The menu before this one; in the first menu, this one."""

    def __str__(self) -> str:
        return "back"


Destination = (
    ToMenu
    | ToDepartment
    | ToQueue
    | ToVoicemail
    | ToPhone
    | ToQuestion
    | ToHangUp
    | ToRepeat
    | ToBack
)


@dataclass(frozen=True, slots=True)
class Target:
    """A destination where a rule names it, with what changes on the way there."""

    to: Destination
    at: Place
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """What a caller dialled; `number` is None for `anything else`."""

    number: PhoneNumber | None
    title: str | None
    site: str | None
    target: Target
    at: Place


@dataclass(frozen=True, slots=True)
class CallerList:
    """Numbers that rules may name together; callers among them belong to `site`, where there is one."""

    name: str
    numbers: frozenset[PhoneNumber]
    site: str | None
    at: Place


@dataclass(frozen=True, slots=True)
class Notice:
    """Said once, before anything else, from `start` until before `end` (wall clock of the rules, without a zone).

    Only to callers of `sites`, where some are named.
    """

    say: tuple[str, ...]
    start: datetime
    end: datetime
    sites: frozenset[str]
    at: Place


@dataclass(frozen=True, slots=True)
class OpenRange:
    """Open on `weekday` (Monday is 0) from `start` until before `end`; `end` ≤ `start` means past midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, by the name that departments use."""

    name: str
    ranges: tuple[OpenRange, ...]
    at: Place


@dataclass(frozen=True, slots=True)
class ShortDay:
    """Open, but only until `until`. Either a `month` and `day`, or `easter` days from Easter Sunday."""

    until: time
    at: Place
    month: int | None = None
    day: int | None = None
    easter: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Closed from `first` to `last`, both included; for every department, or those named."""

    first: date
    last: date
    departments: frozenset[str]
    say: str | None
    at: Place


@dataclass(frozen=True, slots=True)
class Holidays:
    """`public` is an ISO 3166 country whose public holidays are computed, or None."""

    public: str | None
    short_days: tuple[ShortDay, ...]
    closed: tuple[ClosedPeriod, ...]
    at: Place | None


@dataclass(frozen=True, slots=True)
class Option:
    """A key of a menu: digits, `*` or `#`."""

    key: str
    target: Target
    at: Place


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu. `wait_seconds` is the first-digit timeout, `between_seconds` the inter-digit timeout."""

    name: str
    say: tuple[str, ...]
    options: Mapping[str, Option]
    wait_seconds: float
    between_seconds: float
    tries: int
    no_input: str
    no_match: str
    barge_in: bool
    nothing_chosen: Target
    at: Place
    speech: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Digits that a caller is asked for. `finds_site` where they are a postcode.

    `target` is where a call goes that was sent here; None where no rule sends calls here.
    """

    name: str
    say: tuple[str, ...]
    digits: int
    confirm: bool
    wait_seconds: float
    between_seconds: float
    tries: int
    no_input: str
    no_match: str
    finds_site: bool
    target: Target | None
    at: Place


@dataclass(frozen=True, slots=True)
class ByDialledNumber:
    """The site of the number that was dialled."""


@dataclass(frozen=True, slots=True)
class ByCallerList:
    """The site of the list that the caller is in."""


@dataclass(frozen=True, slots=True)
class ByQuestion:
    """The site that the caller's answer belongs to; asked only where a department needs to know."""

    question: str


SiteWay = ByDialledNumber | ByCallerList | ByQuestion


@dataclass(frozen=True, slots=True)
class Postcodes:
    """From `first` to `last`, both included; four digits each."""

    first: str
    last: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}-{self.last}"


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
    at: Place
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
class Queue:
    """`while_waiting` is in the order of its times. `ring_seconds`: how long one agent's phone rings.

    `split` are shares (0 to 1, together 1) by the place that the agents sit at. `at_closing` is where those who still
    wait go when the department closes; None: they are served.
    """

    name: str
    answer: AnswerTarget
    music: str
    while_waiting: tuple[WaitStep, ...]
    nobody_logged_in: Target | None
    ring_seconds: float
    wrap_up_seconds: float
    at: Place
    say_place_seconds: float | None = None
    at_most: int | None = None
    when_full: Target | None = None
    split: Mapping[str, float] = field(default_factory=dict)
    at_closing: Target | None = None
    survey: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Voicemail:
    """A box where callers leave a message."""

    name: str
    say: str
    longest_seconds: float
    at: Place


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that calls are sent to. `no_answer` is where they go when nobody takes it; None: an apology, hung up."""

    name: str
    phone: Account | SipAddress | PhoneNumber
    ring_seconds: float
    no_answer: Target | None
    at: Place


@dataclass(frozen=True, slots=True)
class Ramp:
    """So many per cent of the callers move on the day of the migration, and as many more after each `days`."""

    percent: int
    days: int

    def share(self, days_since: int) -> int:
        """Per cent of the callers who have moved, so many days after the day of the migration (0: on that day)."""
        return min(100, self.percent * (1 + days_since // self.days)) if days_since >= 0 else 0


@dataclass(frozen=True, slots=True)
class LocalDepartment:
    """A department at a site; national from `migrated` (00:00 in the file's time zone) where there is such a day.

    With a `ramp`, a share of the callers from that day, and all of them in the end.
    """

    local: Target
    migrated: date | None
    at: Place
    migrated_at: Place | None
    ramp: Ramp | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place of business, and which of its departments are still answered there."""

    name: str
    title: str
    departments: Mapping[str, LocalDepartment]
    at: Place
    postcodes: tuple[Postcodes, ...] = ()


@dataclass(frozen=True, slots=True)
class WhenClosed:
    """What a caller hears outside the hours, and where the call goes then."""

    say: str
    target: Target
    at: Place


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
    at: Place
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_in_line: tuple[str, ...] = ()


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
    """A person who takes calls; `languages` are those of the rules where the file names none."""

    name: str
    title: str
    phone: Account | SipAddress
    site: str | None
    queues: tuple[str, ...]
    languages: tuple[str, ...]
    at: Place


@dataclass(frozen=True, slots=True)
class Callback:
    """How callers are called back. `hours` None: at any time. `caller_id` is what their phones show."""

    keep_place: bool
    confirm_number: bool
    tries: int
    retry_seconds: float
    hours: Hours | None
    caller_id: PhoneNumber | None
    at: Place


@dataclass(frozen=True, slots=True)
class Survey:
    """Asked after a talk, by `sms` or `voice`, of a `share` (0 to 1) of the callers."""

    name: str
    by: str
    say: str
    lowest: int
    highest: int
    share: float
    not_again_seconds: float
    at: Place


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`revision` is the sha256 (hex) of the expanded rules: a call keeps the revision that it began with.

    `files` are those that the first file includes. `postcodes` are sorted, and none overlaps another. `local_until`
    has, for each department that some site has a place for, the last day on which that still makes a difference.
    """

    revision: str
    file: str
    timezone: ZoneInfo
    languages: tuple[str, ...]
    numbers: Mapping[PhoneNumber, DialledNumber]
    anything_else: DialledNumber | None
    holidays: Holidays
    menus: Mapping[str, Menu]
    sites: Mapping[str, Site]
    departments: Mapping[str, Department]
    queues: Mapping[str, Queue]
    voicemails: Mapping[str, Voicemail]
    agents: Mapping[str, Agent]
    hours: Mapping[str, Hours] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    callers: Mapping[str, CallerList] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)
    phones: Mapping[str, Phone] = field(default_factory=dict)
    site_of_call: tuple[SiteWay, ...] = (ByDialledNumber(),)
    callback: Callback | None = None
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    postcodes: tuple[tuple[Postcodes, str], ...] = ()
    local_until: Mapping[str, date] = field(default_factory=dict)
