"""The words of waiting and of leaving a message: queues, voicemails, call-backs, surveys."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.model import AnswerTarget, Destination
from ivr.rules.parsed.words import Words
from ivr.rules.values import amounts, destinations, fields, plain
from ivr.rules.values.fields import CallerNumber, Flag, Name, Percent, Prompt, To


class WaitWords(Words):
    """What becomes of a caller who has waited so long."""

    needed = {"after": "after: 60s"}

    after: Annotated[float, fields.seconds(1, 4 * 3600, "1s to 4h")] | None = None
    to: To | None = None
    offer: Annotated[str, fields.text(plain.one_of("what can be offered", "callback"))] | None = (
        None
    )
    also_ring: To | None = None


class QueueWords(Words):
    """A queue and its target."""

    needed = {"answer": "answer: 80% within 20s"}
    answer: Annotated[AnswerTarget, fields.text(amounts.answer_target)] | None = None
    ring: Annotated[str, fields.text(plain.ring_way)] = "longest idle"
    ring_time: Annotated[float, fields.seconds(1, 180, "1s to 3m")] = 20.0
    music: Annotated[str, fields.text(plain.music_name)] = "calm"
    while_waiting: list[WaitWords] = []
    nobody_logged_in: To | None = None
    wrap_up: Annotated[float, fields.seconds(0, 3600, "0s to 1h")] = 0.0
    say_place: Annotated[float, fields.text(amounts.every)] | None = None
    at_most: Annotated[int, fields.text(amounts.waiting)] | None = None
    when_full: To | None = None
    split: dict[Name, Percent] | None = None
    at_closing_time: Annotated[Destination | None, fields.text(destinations.at_closing_time)] = None
    survey: Name | None = None
    record: (
        Annotated[
            str, fields.text(plain.one_of("when talks are recorded", "after consent", "never"))
        ]
        | None
    ) = None


class VoicemailWords(Words):
    """A box where callers leave a message."""

    say: Prompt = "voicemail"
    at_most: Annotated[float, fields.seconds(1, 1800, "1s to 30m")] = 120.0


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

    by: Annotated[str, fields.text(plain.one_of("a way to ask", "sms", "voice"))] | None = None
    say: Prompt | None = None
    scale: Annotated[tuple[int, int], fields.text(amounts.scale)] = (1, 10)
    share: Percent = 1.0
    not_again_within: Annotated[float, fields.seconds(0, 366 * 86400, "0s to 366d")] = 30 * 86400.0
