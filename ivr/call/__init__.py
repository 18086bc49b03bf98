"""What one can do with a call: answer, say, choose, record, ring, bridge, play music, hang up.

One object to learn. A verb returns when the thing is done in the caller's ear, not when Asterisk said OK. What a caller
can make of it is a value (`Chosen`, `NoInput`, `LegFailed`); that the caller hung up is the end of the scope around it.
"""

from ivr.ari.channel import Channel as Leg
from ivr.audio.catalogue import GOING_ON
from ivr.call.call import Call, call_on
from ivr.call.hangup import HangUpScope
from ivr.call.music import Music
from ivr.call.outcomes import (
    Barred,
    Chosen,
    Digits,
    LegAnswered,
    LegFailed,
    MenuOutcome,
    MessageKept,
    MessageLost,
    NoInput,
    NoMatch,
    NothingSaid,
    NotReached,
    QuestionOutcome,
    Rated,
    Recorded,
    Rung,
    SurveyOutcome,
)
from ivr.call.ports import Ports
from ivr.call.ringing import Shown
from ivr.call.silence import SILENT_SECONDS

__all__ = [
    "GOING_ON",
    "SILENT_SECONDS",
    "Barred",
    "Call",
    "Chosen",
    "Digits",
    "HangUpScope",
    "Leg",
    "LegAnswered",
    "LegFailed",
    "MenuOutcome",
    "MessageKept",
    "MessageLost",
    "Music",
    "NoInput",
    "NoMatch",
    "NotReached",
    "NothingSaid",
    "Ports",
    "QuestionOutcome",
    "Rated",
    "Recorded",
    "Rung",
    "Shown",
    "SurveyOutcome",
    "call_on",
]
