"""The whole of the rules: every table by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from ivr.numbers import PhoneNumber
from ivr.rules.model.agents import Account, Agent, Phone
from ivr.rules.model.callers import CallerList, DialledNumber, Notice
from ivr.rules.model.departments import Department
from ivr.rules.model.duty import DutyRules
from ivr.rules.model.holidays import Holidays
from ivr.rules.model.hours import Hours
from ivr.rules.model.location import Location
from ivr.rules.model.menus import Menu, Pronounced, Question
from ivr.rules.model.queues import Callback, Queue, Survey, Voicemail
from ivr.rules.model.sites import ByDialledNumber, Postcodes, Site, SiteWay


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`revision` is the sha256 (hex) of the expanded rules: a call keeps the revision that it began with.

    `files` are those that the first file includes. `postcodes` are sorted, and none overlaps another. `local_until`
    has, for each department that some site has a place for, the last day on which that still makes a difference;
    `spoken_by_all`, for each queue that somebody answers, the languages that all of its agents speak.
    `languages_at` is where each language stands, `keys_at` where each key of all menus does (the menus have them).
    `pronunciations` are by language, and by phrase in small letters. `agents_at` are the agents by the account of their
    phone: of two who share one, the first.
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
    spoken_by_all: Mapping[str, frozenset[str]] = field(default_factory=dict)
    languages_at: tuple[Location, ...] = ()
    duty: DutyRules = field(default_factory=DutyRules)
    keys_at: Mapping[str, Location] = field(default_factory=dict)
    pronunciations: Mapping[str, Mapping[str, Pronounced]] = field(default_factory=dict)
    agents_at: Mapping[str, Agent] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Whose phone an account is, is asked for every call, however many agents there are."""
        owned = ((one.phone, one) for one in reversed([*self.agents.values()]))
        at = {phone.name: agent for phone, agent in owned if isinstance(phone, Account)}
        object.__setattr__(self, "agents_at", at)
