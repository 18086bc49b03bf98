"""What the rules say, linked and frozen: every name in here resolves, every value is in range.

`load` makes a RuleSet or refuses with every fault it found; nothing in here can fail while a call
is under way. Durations are seconds (float), times of day and dates belong to the file's time zone.
"""

from ivr.rules.model.agents import Account, Agent, Phone, SipAddress
from ivr.rules.model.attendance import Attendance, Break, WhenClosed
from ivr.rules.model.callers import FIRST_IN_LINE, PRIORITIES, CallerList, DialledNumber, Notice
from ivr.rules.model.departments import Department
from ivr.rules.model.destinations import (
    Destination,
    Target,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRefuse,
    ToRepeat,
    ToVoicemail,
)
from ivr.rules.model.duty import REASONS_READ, CodeAct, CodeMeaning, DutyRules, PhoneCode
from ivr.rules.model.holidays import ClosedPeriod, Holidays, HolidayScope, OpenPeriod, ShortDay
from ivr.rules.model.hours import (
    DayOfMonth,
    Hours,
    HoursOfDay,
    OpenRange,
    SeasonHours,
    Span,
    Week,
)
from ivr.rules.model.location import Location
from ivr.rules.model.menus import Menu, Option, Pronounced, Question
from ivr.rules.model.queues import (
    AnswerTarget,
    Callback,
    ExitKey,
    Queue,
    RingWay,
    SayWait,
    Survey,
    Voicemail,
    WaitStep,
)
from ivr.rules.model.rule_set import RuleSet
from ivr.rules.model.sites import (
    ByCallerList,
    ByDialledNumber,
    ByQuestion,
    LocalDepartment,
    Postcodes,
    Ramp,
    Site,
    SiteWay,
)

__all__ = [
    "FIRST_IN_LINE",
    "PRIORITIES",
    "REASONS_READ",
    "Account",
    "Agent",
    "AnswerTarget",
    "Attendance",
    "Break",
    "ByCallerList",
    "ByDialledNumber",
    "ByQuestion",
    "Callback",
    "CallerList",
    "ClosedPeriod",
    "CodeAct",
    "CodeMeaning",
    "DayOfMonth",
    "Department",
    "Destination",
    "DialledNumber",
    "DutyRules",
    "ExitKey",
    "HolidayScope",
    "Holidays",
    "Hours",
    "HoursOfDay",
    "LocalDepartment",
    "Location",
    "Menu",
    "Notice",
    "OpenPeriod",
    "OpenRange",
    "Option",
    "Phone",
    "PhoneCode",
    "Postcodes",
    "Pronounced",
    "Question",
    "Queue",
    "Ramp",
    "RingWay",
    "RuleSet",
    "SayWait",
    "SeasonHours",
    "ShortDay",
    "SipAddress",
    "Site",
    "SiteWay",
    "Span",
    "Survey",
    "Target",
    "ToBack",
    "ToDepartment",
    "ToHangUp",
    "ToMenu",
    "ToPhone",
    "ToQuestion",
    "ToQueue",
    "ToRefuse",
    "ToRepeat",
    "ToVoicemail",
    "Voicemail",
    "WaitStep",
    "Week",
    "WhenClosed",
]
