"""The words of the whole file."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from ivr.rules.model import ByDialledNumber, SiteWay
from ivr.rules.parsed.agents import AgentWords, PhoneWords
from ivr.rules.parsed.calendar import HolidayWords
from ivr.rules.parsed.callers import CallerWords, NoticeWords, Number
from ivr.rules.parsed.departments import DepartmentWords
from ivr.rules.parsed.menus import Choice, MenuWords, QuestionWords
from ivr.rules.parsed.queues import CallbackWords, QueueWords, SurveyWords, VoicemailWords
from ivr.rules.parsed.sites import SiteWords
from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain
from ivr.rules.values.fields import (
    DaysText,
    DialledText,
    LanguageTag,
    MenuKeyText,
    Name,
    OpenTimesOfDays,
)


class RulesFile(Words):
    """The whole file. `include` has been followed by now: what it names stands here too."""

    needed = {"version": "version: 1", "numbers": "numbers: {anything else: {to: menu main}}"}

    version: Annotated[str, fields.text(plain.version)] | None = None
    country: Annotated[str, fields.text(plain.country)] = "NO"
    timezone: Annotated[ZoneInfo, fields.text(plain.zone)] = ZoneInfo("Europe/Oslo")
    languages: Annotated[list[LanguageTag], fields.one_or_more()] = ["nb"]
    include: Annotated[list[str], fields.one_or_more()] = []
    numbers: dict[DialledText, Annotated[Number, fields.short_for("to")]] | None = None
    callers: dict[Name, Annotated[CallerWords, fields.listed_as("numbers")]] = {}
    hours: dict[Name, dict[DaysText, OpenTimesOfDays]] = {}
    holidays: HolidayWords | None = None
    notices: list[NoticeWords] = []
    keys: dict[MenuKeyText, Annotated[Choice, fields.short_for("to")]] = {}
    menus: dict[Name, MenuWords] = {}
    questions: dict[Name, QuestionWords] = {}
    site_of_call: Annotated[
        list[Annotated[SiteWay, fields.text(plain.site_way)]], fields.one_or_more()
    ] = [ByDialledNumber()]
    sites: dict[Name, SiteWords] = {}
    departments: dict[Name, DepartmentWords] = {}
    queues: dict[Name, QueueWords] = {}
    voicemails: dict[Name, VoicemailWords] = {}
    phones: dict[Name, Annotated[PhoneWords, fields.short_for("phone")]] = {}
    agents: dict[Name, AgentWords] = {}
    callback: CallbackWords | None = None
    surveys: dict[Name, SurveyWords] = {}
