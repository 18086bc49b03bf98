"""The parsed form: the words of `routing_rules.yaml` as strict models, every value converted, no name resolved yet.

A word that is absent is None (or empty); `needed` says which words must be there and what to write,
so that one missing word does not hide what is wrong with the others.
"""

from ivr.rules.parsed.agents import AgentWords, PhoneWords
from ivr.rules.parsed.attendance import Breaks, BreakWords, ElsewhereWords, WhenClosedWords
from ivr.rules.parsed.callers import CallerWords, NoticeWords, Number
from ivr.rules.parsed.departments import DepartmentWords
from ivr.rules.parsed.duty import DutyWords
from ivr.rules.parsed.file import RulesFile
from ivr.rules.parsed.holidays import Closed, HolidayWords, OpenWords
from ivr.rules.parsed.menus import Choice, MenuWords, QuestionWords
from ivr.rules.parsed.queues import (
    CallbackWords,
    QueueWords,
    SayWaitWords,
    SurveyWords,
    VoicemailWords,
    WaitWords,
)
from ivr.rules.parsed.sites import LocalWords, SiteWords
from ivr.rules.parsed.words import Words

__all__ = [
    "AgentWords",
    "BreakWords",
    "Breaks",
    "CallbackWords",
    "CallerWords",
    "Choice",
    "Closed",
    "DepartmentWords",
    "DutyWords",
    "ElsewhereWords",
    "HolidayWords",
    "LocalWords",
    "MenuWords",
    "NoticeWords",
    "Number",
    "OpenWords",
    "PhoneWords",
    "QuestionWords",
    "QueueWords",
    "RulesFile",
    "SayWaitWords",
    "SiteWords",
    "SurveyWords",
    "VoicemailWords",
    "WaitWords",
    "WhenClosedWords",
    "Words",
]
