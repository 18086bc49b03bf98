"""A call's way through the rules, said once: what it does next, and where it goes after what came of that.

Pure: the rules decide, a visit counts tries and steps of waits, and whoever drives it does what it says and reports
back. The engine does it with a telephone, `walk` with a row of keys, `ivr call` with a person at the keyboard.
"""

from ivr.rules.visit.acts import (
    Act,
    AskQuestion,
    AskSurvey,
    HangUp,
    OfferMenu,
    Refuse,
    RingPhone,
    Say,
    TakeMessage,
    WaitInQueue,
)
from ivr.rules.visit.moves import (
    Happened,
    InVain,
    Move,
    Present,
    PromptsSaid,
    after,
    again,
    begin,
    resume,
)
from ivr.rules.visit.state import Missed, Visit, Wait

__all__ = [
    "Act",
    "AskQuestion",
    "AskSurvey",
    "HangUp",
    "Happened",
    "InVain",
    "Missed",
    "Move",
    "OfferMenu",
    "Present",
    "PromptsSaid",
    "Refuse",
    "RingPhone",
    "Say",
    "TakeMessage",
    "Visit",
    "Wait",
    "WaitInQueue",
    "after",
    "again",
    "begin",
    "resume",
]
