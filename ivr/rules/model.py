"""What the rules say, linked and frozen: every name in here resolves, every value is in range.

`load` makes a RuleSet or refuses with every fault it found; nothing in here can fail while a call
is under way. Durations are seconds (float), times of day and dates belong to the file's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
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


Destination = ToMenu | ToDepartment | ToQueue | ToVoicemail | ToHangUp | ToRepeat | ToBack


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


@dataclass(frozen=True, slots=True)
class AnswerTarget:
    """`80% within 20s`: the target of a queue. `share` is 0 to 1."""

    share: float
    within_seconds: float


@dataclass(frozen=True, slots=True)
class WaitStep:
    """What happens to a caller who has waited `after_seconds`."""

    after_seconds: float
    target: Target
    at: Place


@dataclass(frozen=True, slots=True)
class Queue:
    """`while_waiting` is in the order of its times. `ring_seconds`: how long one agent's phone rings."""

    name: str
    answer: AnswerTarget
    music: str
    while_waiting: tuple[WaitStep, ...]
    nobody_logged_in: Target | None
    ring_seconds: float
    wrap_up_seconds: float
    at: Place


@dataclass(frozen=True, slots=True)
class Voicemail:
    """A box where callers leave a message."""

    name: str
    say: str
    longest_seconds: float
    at: Place


@dataclass(frozen=True, slots=True)
class LocalDepartment:
    """A department at a site; national from `migrated` (00:00 in the file's time zone) where there is such a day."""

    local: Target
    migrated: date | None
    at: Place
    migrated_at: Place | None


@dataclass(frozen=True, slots=True)
class Site:
    """A place of business, and which of its departments are still answered there."""

    name: str
    title: str
    departments: Mapping[str, LocalDepartment]
    at: Place


@dataclass(frozen=True, slots=True)
class WhenClosed:
    """What a caller hears outside the hours, and where the call goes then."""

    say: str
    target: Target
    at: Place


@dataclass(frozen=True, slots=True)
class Department:
    """`titles` by language."""

    name: str
    titles: Mapping[str, str]
    hours: Hours
    national: Target
    closed: WhenClosed
    at: Place


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
class RuleSet:
    """`revision` is the sha256 (hex) of the expanded rules: a call keeps the revision that it began with."""

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
