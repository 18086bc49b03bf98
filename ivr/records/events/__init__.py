"""What the journal says of a call: one frozen event per thing that happened, in order.

The journal is the truth; the call record, the figures and the pages are folds of it. Field names
are stored: they may be added to, never renamed. Numbers are stored in full here (the store is
access-controlled) and masked wherever shown.
"""

from ivr.records.events.arriving import Answered, Arrived, Ended, Routed, TakenUp
from ivr.records.events.asking import (
    DigitsHeard,
    MenuTry,
    PromptMissed,
    QuestionTry,
    Said,
    SpeechGone,
    SurveyAsked,
    SurveyTry,
    WordsHeard,
)
from ivr.records.events.event import Event, Reason
from ivr.records.events.phoning import (
    CalledOut,
    CallOutFailed,
    NotTakenBecause,
    PhoneNotTaken,
    PhoneRang,
    PhoneTaken,
)
from ivr.records.events.queueing import (
    SITE_AGENT,
    Connected,
    GivenToSite,
    LeftQueue,
    Offered,
    OfferFailed,
    PlaceKept,
    PlacePassedOn,
    Queued,
    TakenToFront,
    TalkEnded,
    WaitEstimated,
    Whispered,
    is_agent,
)
from ivr.records.events.recording import MessageLeft, RecordingStarted

CallEvent = (
    Arrived
    | Answered
    | TakenUp
    | Routed
    | Said
    | PromptMissed
    | MenuTry
    | WordsHeard
    | SpeechGone
    | DigitsHeard
    | QuestionTry
    | Queued
    | WaitEstimated
    | Offered
    | OfferFailed
    | PlaceKept
    | PlacePassedOn
    | Whispered
    | Connected
    | GivenToSite
    | PhoneRang
    | CalledOut
    | CallOutFailed
    | PhoneNotTaken
    | PhoneTaken
    | LeftQueue
    | TakenToFront
    | TalkEnded
    | SurveyAsked
    | SurveyTry
    | RecordingStarted
    | MessageLeft
    | Ended
)

__all__ = [
    "SITE_AGENT",
    "Answered",
    "Arrived",
    "CallEvent",
    "CallOutFailed",
    "CalledOut",
    "Connected",
    "DigitsHeard",
    "Ended",
    "Event",
    "GivenToSite",
    "LeftQueue",
    "MenuTry",
    "MessageLeft",
    "NotTakenBecause",
    "OfferFailed",
    "Offered",
    "PhoneNotTaken",
    "PhoneRang",
    "PhoneTaken",
    "PlaceKept",
    "PlacePassedOn",
    "PromptMissed",
    "QuestionTry",
    "Queued",
    "Reason",
    "RecordingStarted",
    "Routed",
    "Said",
    "SpeechGone",
    "SurveyAsked",
    "SurveyTry",
    "TakenToFront",
    "TakenUp",
    "TalkEnded",
    "WaitEstimated",
    "Whispered",
    "WordsHeard",
    "is_agent",
]
