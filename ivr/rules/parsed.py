"""The parsed form: the words of `routing_rules.yaml` as strict models, every value converted, no name resolved yet.

A word that is absent is None (or empty); `needed` says which words must be there and what to write,
so that one missing word does not hide what is wrong with the others. `later` are words of the
language that this version does not understand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from ivr.rules import fields, times, values
from ivr.rules.fields import (
    Day,
    DaysText,
    DialledText,
    Language,
    MenuKeyText,
    Name,
    Prompt,
    Spans,
    Title,
    TitleLanguage,
    To,
    YearDayText,
)
from ivr.rules.model import Account, AnswerTarget, SipAddress


class Words(BaseModel):
    """A table of words of the language."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    needed: ClassVar[Mapping[str, str]] = {}
    later: ClassVar[frozenset[str]] = frozenset()


class Number(Words):
    """What becomes of calls to one number."""

    needed = {"to": "to: menu main"}

    name: Title | None = None
    site: Name | None = None
    to: To | None = None


class Closed(Words):
    """A period in which departments are closed."""

    needed = {"from": "from: 2026-07-13", "to": "to: 2026-07-31"}

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    departments: Annotated[list[Name], fields.one_or_more()] | None = None
    say: Prompt | None = None


class HolidayWords(Words):
    """Days that are not like others."""

    public: Annotated[str, fields.text(values.country)] | None = None
    short_days: dict[YearDayText, Annotated[time, fields.text(times.until)]] = {}
    closed: list[Closed] = []


class Choice(Words):
    """What a key of a menu does; `queue bergen` is short for `{to: queue bergen}`."""

    needed = {"to": "to: menu main"}

    language: Language | None = None
    to: To | None = None


class MenuWords(Words):
    """A menu: what it says, its keys, and what becomes of those who choose nothing."""

    needed = {
        "say": "say: [welcome]",
        "keys": "keys: {1: department kundeservice}",
        "nothing_chosen": "nothing_chosen: department kundeservice (a caller without keys must get on too)",
    }
    later = frozenset({"speech"})

    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    keys: dict[MenuKeyText, Annotated[Choice, fields.short_for("to")]] | None = None
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    tries: Annotated[int, fields.count(1, 10)] = 3
    no_input: Prompt = "no_input"
    no_match: Prompt = "no_match"
    barge_in: Annotated[bool, fields.text(values.true_false)] = True
    nothing_chosen: To | None = None


class LocalWords(Words):
    """A department at a site."""

    needed = {"local": "local: queue bergen"}
    later = frozenset({"ramp"})

    local: To | None = None
    migrated: Day | None = None


class SiteWords(Words):
    """A place with departments of its own."""

    later = frozenset({"postcodes"})

    name: Title | None = None
    departments: dict[Name, LocalWords] = {}


class WhenClosedWords(Words):
    """What callers hear, and where they go, while a department is closed."""

    needed = {"say": "say: closed", "to": "to: hangup"}

    say: Prompt | None = None
    to: To | None = None


class DepartmentWords(Words):
    """What callers ask for."""

    needed = {
        "hours": "hours: office",
        "national": "national: queue kundeservice (for callers whose site is not known)",
        "closed": "closed: {say: closed, to: hangup}",
    }
    later = frozenset({"words", "first_in_line"})

    name: Annotated[dict[TitleLanguage, Title], fields.short_for(values.EVERY_LANGUAGE)] | None = (
        None
    )
    hours: Name | None = None
    national: To | None = None
    closed: WhenClosedWords | None = None


class WaitWords(Words):
    """What becomes of a caller who has waited so long."""

    needed = {"after": "after: 60s", "to": "to: voicemail kundeservice"}
    later = frozenset({"offer", "also_ring"})

    after: Annotated[float, fields.seconds(1, 4 * 3600, "1s to 4h")] | None = None
    to: To | None = None


class QueueWords(Words):
    """A queue and its target."""

    needed = {"answer": "answer: 80% within 20s"}
    later = frozenset(
        {"say_place", "at_most", "when_full", "split", "at_closing_time", "survey", "record"}
    )

    answer: Annotated[AnswerTarget, fields.text(values.answer_target)] | None = None
    ring: Annotated[str, fields.text(values.ring_way)] = "longest idle"
    ring_time: Annotated[float, fields.seconds(1, 180, "1s to 3m")] = 20.0
    music: Annotated[str, fields.text(values.music_name)] = "calm"
    while_waiting: list[WaitWords] = []
    nobody_logged_in: To | None = None
    wrap_up: Annotated[float, fields.seconds(0, 3600, "0s to 1h")] = 0.0


class VoicemailWords(Words):
    """A box where callers leave a message."""

    say: Prompt = "voicemail"
    at_most: Annotated[float, fields.seconds(1, 1800, "1s to 30m")] = 120.0


class AgentWords(Words):
    """A person who takes calls."""

    needed = {"phone": "phone: kari"}

    name: Title | None = None
    phone: Annotated[Account | SipAddress, fields.text(values.agent_phone)] | None = None
    site: Name | None = None
    queues: Annotated[list[Name], fields.one_or_more()] = []
    languages: Annotated[list[Language], fields.one_or_more()] = []


class RulesFile(Words):
    """The whole file."""

    needed = {"version": "version: 1", "numbers": "numbers: {anything else: {to: menu main}}"}
    later = frozenset(
        {"callers", "notices", "questions", "site_of_call", "callback", "surveys", "include"}
    )

    version: Annotated[str, fields.text(values.version)] | None = None
    country: Annotated[str, fields.text(values.country)] = "NO"
    timezone: Annotated[ZoneInfo, fields.text(values.zone)] = ZoneInfo("Europe/Oslo")
    languages: Annotated[list[Language], fields.one_or_more()] = ["nb"]
    numbers: dict[DialledText, Annotated[Number, fields.short_for("to")]] | None = None
    hours: dict[Name, dict[DaysText, Spans]] = {}
    holidays: HolidayWords | None = None
    menus: dict[Name, MenuWords] = {}
    sites: dict[Name, SiteWords] = {}
    departments: dict[Name, DepartmentWords] = {}
    queues: dict[Name, QueueWords] = {}
    voicemails: dict[Name, VoicemailWords] = {}
    agents: dict[Name, AgentWords] = {}
