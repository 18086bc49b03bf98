"""The parsed form: the words of `routing_rules.yaml` as strict models, every value converted, no name resolved yet.

A word that is absent is None (or empty); `needed` says which words must be there and what to write,
so that one missing word does not hide what is wrong with the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from ivr.numbers import PhoneNumber
from ivr.rules import destinations, fields, times, values
from ivr.rules.fields import (
    CallerNumber,
    Day,
    DaysText,
    DialledText,
    Flag,
    Language,
    MenuKeyText,
    Moment,
    Name,
    Prompt,
    Share,
    Spans,
    SpokenWord,
    Title,
    TitleLanguage,
    To,
    YearDayText,
)
from ivr.rules.model import (
    Account,
    AnswerTarget,
    ByDialledNumber,
    Destination,
    Postcodes,
    Ramp,
    SipAddress,
    SiteWay,
)

RECORDED = ("after consent", "never")


class Words(BaseModel):
    """A table of words of the language."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    needed: ClassVar[Mapping[str, str]] = {}


class Number(Words):
    """What becomes of calls to one number."""

    needed = {"to": "to: menu main"}

    name: Title | None = None
    site: Name | None = None
    to: To | None = None


class CallerWords(Words):
    """Numbers that rules may name together; a list alone is short for `{numbers: …}`."""

    needed = {"numbers": "numbers: [+47 55 97 00 00]"}

    numbers: Annotated[list[CallerNumber], fields.one_or_more()] | None = None
    site: Name | None = None


class NoticeWords(Words):
    """Said once, before the menu, within its window only."""

    needed = {
        "from": "from: 2026-12-01 00:00",
        "to": "to: 2026-12-20 00:00",
        "say": "say: notice.christmas",
    }

    first: Moment | None = Field(None, alias="from")
    last: Moment | None = Field(None, alias="to")
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    sites: Annotated[list[Name], fields.one_or_more()] | None = None


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
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    keys: dict[MenuKeyText, Annotated[Choice, fields.short_for("to")]] | None = None
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    tries: Annotated[int, fields.count(1, 10)] = 3
    no_input: Prompt = "no_input"
    no_match: Prompt = "no_match"
    barge_in: Flag = True
    speech: Flag = False
    nothing_chosen: To | None = None


class QuestionWords(Words):
    """Digits that a caller is asked for, and what they find."""

    needed = {"say": "say: ask.postcode", "digits": "digits: 4"}

    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    digits: Annotated[int, fields.count(1, 12)] | None = None
    confirm: Flag = False
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    tries: Annotated[int, fields.count(1, 10)] = 2
    no_input: Prompt = "no_input"
    no_match: Prompt = "no_match"
    finds: Annotated[str, fields.text(values.one_of("what an answer finds", "site"))] | None = None
    to: To | None = None


class LocalWords(Words):
    """A department at a site."""

    needed = {"local": "local: queue bergen"}

    local: To | None = None
    migrated: Day | None = None
    ramp: Annotated[Ramp, fields.text(values.ramp)] | None = None


class SiteWords(Words):
    """A place with departments of its own."""

    name: Title | None = None
    postcodes: Annotated[
        list[Annotated[Postcodes, fields.text(values.postcodes)]], fields.one_or_more()
    ] = []
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
    name: Annotated[dict[TitleLanguage, Title], fields.short_for(values.EVERY_LANGUAGE)] | None = (
        None
    )
    hours: Name | None = None
    national: To | None = None
    closed: WhenClosedWords | None = None
    words: dict[Language, Annotated[list[SpokenWord], fields.one_or_more()]] = {}
    first_in_line: Annotated[list[Name], fields.one_or_more()] = []


class WaitWords(Words):
    """What becomes of a caller who has waited so long."""

    needed = {"after": "after: 60s"}

    after: Annotated[float, fields.seconds(1, 4 * 3600, "1s to 4h")] | None = None
    to: To | None = None
    offer: Annotated[str, fields.text(values.one_of("what can be offered", "callback"))] | None = (
        None
    )
    also_ring: To | None = None


class QueueWords(Words):
    """A queue and its target."""

    needed = {"answer": "answer: 80% within 20s"}
    answer: Annotated[AnswerTarget, fields.text(values.answer_target)] | None = None
    ring: Annotated[str, fields.text(values.ring_way)] = "longest idle"
    ring_time: Annotated[float, fields.seconds(1, 180, "1s to 3m")] = 20.0
    music: Annotated[str, fields.text(values.music_name)] = "calm"
    while_waiting: list[WaitWords] = []
    nobody_logged_in: To | None = None
    wrap_up: Annotated[float, fields.seconds(0, 3600, "0s to 1h")] = 0.0
    say_place: Annotated[float, fields.text(values.every)] | None = None
    at_most: Annotated[int, fields.text(values.waiting)] | None = None
    when_full: To | None = None
    split: dict[Name, Share] | None = None
    at_closing_time: Annotated[Destination | None, fields.text(destinations.at_closing_time)] = None
    survey: Name | None = None
    record: (
        Annotated[str, fields.text(values.one_of("when talks are recorded", *RECORDED))] | None
    ) = None


class VoicemailWords(Words):
    """A box where callers leave a message."""

    say: Prompt = "voicemail"
    at_most: Annotated[float, fields.seconds(1, 1800, "1s to 30m")] = 120.0


class PhoneWords(Words):
    """A phone that calls are sent to; the number or account alone is short for `{phone: …}`."""

    needed = {"phone": "phone: +47 900 00 000"}

    phone: Annotated[Account | SipAddress | PhoneNumber, fields.text(values.phone)] | None = None
    ring_time: Annotated[float, fields.seconds(1, 180, "1s to 3m")] = 30.0
    no_answer: To | None = None


class AgentWords(Words):
    """A person who takes calls."""

    needed = {"phone": "phone: kari"}

    name: Title | None = None
    phone: Annotated[Account | SipAddress, fields.text(values.agent_phone)] | None = None
    site: Name | None = None
    queues: Annotated[list[Name], fields.one_or_more()] = []
    languages: Annotated[list[Language], fields.one_or_more()] = []


class CallbackWords(Words):
    """How those are called back who chose it."""

    keep_place: Flag = True
    confirm_number: Flag = True
    tries: Annotated[int, fields.count(1, 10)] = 3
    retry_after: Annotated[float, fields.seconds(60, 86400, "1m to 1d")] = 900.0
    hours: Name | None = None
    caller_id: CallerNumber | None = None


class SurveyWords(Words):
    """What callers are asked after a talk."""

    needed = {"by": "by: sms", "say": "say: survey.question"}

    by: Annotated[str, fields.text(values.one_of("a way to ask", "sms", "voice"))] | None = None
    say: Prompt | None = None
    scale: Annotated[tuple[int, int], fields.text(values.scale)] = (1, 10)
    share: Share = 1.0
    not_again_within: Annotated[float, fields.seconds(0, 366 * 86400, "0s to 366d")] = 30 * 86400.0


class RulesFile(Words):
    """The whole file. `include` has been followed by now: what it names stands here too."""

    needed = {"version": "version: 1", "numbers": "numbers: {anything else: {to: menu main}}"}

    version: Annotated[str, fields.text(values.version)] | None = None
    country: Annotated[str, fields.text(values.country)] = "NO"
    timezone: Annotated[ZoneInfo, fields.text(values.zone)] = ZoneInfo("Europe/Oslo")
    languages: Annotated[list[Language], fields.one_or_more()] = ["nb"]
    include: Annotated[list[str], fields.one_or_more()] = []
    numbers: dict[DialledText, Annotated[Number, fields.short_for("to")]] | None = None
    callers: dict[Name, Annotated[CallerWords, fields.listed_as("numbers")]] = {}
    hours: dict[Name, dict[DaysText, Spans]] = {}
    holidays: HolidayWords | None = None
    notices: list[NoticeWords] = []
    menus: dict[Name, MenuWords] = {}
    questions: dict[Name, QuestionWords] = {}
    site_of_call: Annotated[
        list[Annotated[SiteWay, fields.text(values.site_way)]], fields.one_or_more()
    ] = [ByDialledNumber()]
    sites: dict[Name, SiteWords] = {}
    departments: dict[Name, DepartmentWords] = {}
    queues: dict[Name, QueueWords] = {}
    voicemails: dict[Name, VoicemailWords] = {}
    phones: dict[Name, Annotated[PhoneWords, fields.short_for("phone")]] = {}
    agents: dict[Name, AgentWords] = {}
    callback: CallbackWords | None = None
    surveys: dict[Name, SurveyWords] = {}
