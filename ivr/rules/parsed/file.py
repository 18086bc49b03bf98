"""The words of the whole file."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from ivr.rules.model import ByDialledNumber, SiteWay
from ivr.rules.parsed.agents import AgentWords, PhoneWords
from ivr.rules.parsed.callers import CallerWords, NoticeWords, Number
from ivr.rules.parsed.departments import DepartmentWords
from ivr.rules.parsed.duty import DutyWords
from ivr.rules.parsed.holidays import HolidayWords
from ivr.rules.parsed.menus import Choice, MenuWords, QuestionWords
from ivr.rules.parsed.queues import CallbackWords, QueueWords, SurveyWords, VoicemailWords
from ivr.rules.parsed.sites import SiteWords
from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain
from ivr.rules.values.fields import (
    DaysText,
    DialledText,
    Flag,
    LanguageTag,
    MenuKeyText,
    Name,
    OpenTimesOfDays,
    SoundsText,
    SpokenText,
)


class RulesFile(Words):
    """The whole file. `include` has been followed by now: what it names stands here too."""

    needed = {"version": "version: 1", "numbers": "numbers: {anything else: {to: menu main}}"}

    version: Annotated[str, fields.text(plain.version)] | None = None
    """Always the first word: version 1."""
    country: Annotated[str, fields.text(plain.country)] = "NO"
    """The country that numbers without country code belong to."""
    timezone: Annotated[ZoneInfo, fields.text(plain.zone)] = ZoneInfo("Europe/Oslo")
    """The zone of all times in this file."""
    languages: Annotated[list[LanguageTag], fields.one_or_more()] = ["nb"]
    """The languages of the voice; the first is spoken unless the caller picks another."""
    include: Annotated[list[str], fields.one_or_more()] = []
    """Files that belong to the rules, such as sites/*.yaml."""
    numbers: dict[DialledText, Annotated[Number, fields.short_for("to")]] | None = None
    """What callers dial, and where they come in."""
    callers: dict[Name, Annotated[CallerWords, fields.listed_as("numbers")]] = {}
    """Lists of numbers that rules may name."""
    hours: dict[Name, dict[DaysText, OpenTimesOfDays]] = {}
    """Opening hours, by the name that departments use."""
    holidays: HolidayWords | None = None
    """Days that are not like others."""
    notices: list[NoticeWords] = []
    """Said once, before the menu, in a window of time."""
    keys: dict[MenuKeyText, Annotated[Choice, fields.short_for("to")]] = {}
    """Keys that every menu has besides its own, such as 0 for a person."""
    menus: dict[Name, MenuWords] = {}
    """What callers can choose from."""
    keep_words: Flag = False
    """Whether the journal keeps which of its words a caller said; without it, only which key they stand for."""
    pronunciations: dict[
        LanguageTag, dict[SpokenText, Annotated[list[SoundsText], fields.one_or_more()]]
    ] = {}
    """How words of a language are said, where that is another way than spelled (IPA)."""
    questions: dict[Name, QuestionWords] = {}
    """What callers are asked, to be answered in digits."""
    site_of_call: Annotated[
        list[Annotated[SiteWay, fields.text(plain.site_way)]], fields.one_or_more()
    ] = [ByDialledNumber()]
    """How the site of a call is found; the first way that answers wins."""
    sites: dict[Name, SiteWords] = {}
    """Places, and the departments that they answer themselves."""
    departments: dict[Name, DepartmentWords] = {}
    """What callers ask for."""
    queues: dict[Name, QueueWords] = {}
    """Where callers wait, and the target for each."""
    voicemails: dict[Name, VoicemailWords] = {}
    """Boxes for messages; a box that is named elsewhere need not stand here."""
    phones: dict[Name, Annotated[PhoneWords, fields.short_for("phone")]] = {}
    """Phones that calls can be sent to."""
    agents: dict[Name, AgentWords] = {}
    """Who takes the calls."""
    duty: DutyWords | None = None
    """How agents sign in, pause and are left alone."""
    callback: CallbackWords | None = None
    """How callers are called back."""
    surveys: dict[Name, SurveyWords] = {}
    """What callers are asked after a talk."""
