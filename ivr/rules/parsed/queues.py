"""The words of waiting and of leaving a message: queues, voicemails, call-backs, surveys."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.model import AnswerTarget, Destination, RingWay
from ivr.rules.parsed.words import Words
from ivr.rules.values import amounts, destinations, fields, plain
from ivr.rules.values.fields import (
    CallerNumber,
    ExitKeyText,
    Flag,
    Level,
    Name,
    Percent,
    Prompt,
    To,
)


class WaitWords(Words):
    """What becomes of a caller who has waited so long."""

    needed = {"after": "after: 60s"}

    after: Annotated[float, fields.seconds(1, 4 * 3600, "1s to 4h")] | None = None
    """After how long a wait."""
    to: To | None = None
    """The caller goes there."""
    offer: Annotated[str, fields.text(plain.one_of("what can be offered", "callback"))] | None = (
        None
    )
    """The caller stays, and may choose this."""
    also_ring: To | None = None
    """The caller stays, and the agents of this queue are rung too."""


class SayWaitWords(Words):
    """How callers are told how long they are likely to wait."""

    needed = {"right_within": "right_within: 2m"}

    right_within: Annotated[float, fields.seconds(15, 1800, "15s to 30m")] | None = None
    """How wrong the estimates of late may have been in the mean; while they are worse, callers hear none."""
    every: Annotated[float, fields.seconds(20, 1800, "20s to 30m")] = 90.0
    """How often they hear it."""


class QueueWords(Words):
    """A queue and its target."""

    needed = {"answer": "answer: 80% within 20s"}
    answer: Annotated[AnswerTarget, fields.text(amounts.answer_target)] | None = None
    """The line on the wallboard and in every report."""
    ring: Annotated[RingWay, fields.text(plain.ring_way)] = "longest idle"
    """Whose phone rings first."""
    last_agent: Annotated[float, fields.text(amounts.last_agent)] | None = None
    """For how long the agent who talked with a caller last is rung first, if free; never for a hidden number."""
    whisper: Annotated[
        list[
            Annotated[
                str,
                fields.text(plain.one_of("what an agent can be told", "queue", "site", "waited")),
            ]
        ],
        fields.one_or_more(),
    ] = []
    """What an agent who has answered hears, before the two are connected."""
    keep_place: Annotated[float, fields.seconds(10, 600, "10s to 10m")] | None = None
    """For how long a caller who was cut off, or hung up, is offered the old place; never for a hidden number."""
    skills: dict[Name, Level] = {}
    """What the agents who are rung first are good at, and how good, from 1 to 10."""
    widen_after: Annotated[float | None, fields.text(amounts.widening)] = 30.0
    """How long callers wait for the best agent: the one who speaks their language and has the skills."""
    ring_time: Annotated[float, fields.seconds(1, 180, "1s to 3m")] = 20.0
    """How long one phone rings before the next agent's."""
    music: Annotated[str, fields.text(plain.music_name)] = "calm"
    """What callers hear while they wait."""
    while_waiting: list[WaitWords] = []
    """What becomes of those who wait long, in the order of the times."""
    keys: dict[ExitKeyText, To] = {}
    """Keys that lead out of the queue, at any moment of the wait; all other keys mean nothing."""
    nobody_logged_in: To | None = None
    """Where callers go when no agent is signed in."""
    wrap_up: Annotated[float, fields.seconds(0, 3600, "0s to 1h")] = 0.0
    """The agent's pause after a talk."""
    say_place: Annotated[float, fields.text(amounts.every)] | None = None
    """How often callers hear their place in the queue."""
    say_wait: (
        Annotated[SayWaitWords, fields.table_as("say_wait: {right_within: 2m, every: 90s}")] | None
    ) = None
    """How callers are told how long they are likely to wait."""
    say: Annotated[list[Prompt], fields.one_or_more()] = []
    """Messages that callers hear while they wait, one after another."""
    say_every: Annotated[float, fields.seconds(20, 3600, "20s to 1h")] = 60.0
    """How often they hear one of them."""
    at_most: Annotated[int, fields.text(amounts.waiting)] | None = None
    """How many may wait; more go to `when_full`."""
    when_full: To | None = None
    """Where callers go when so many wait."""
    split: dict[Name, Percent] | None = None
    """The share of the calls for each site or partner; together 100%."""
    catch_up: Annotated[int, fields.text(amounts.catching_up)] = 20
    """How many calls at most a site gets later that it could not take."""
    at_closing_time: Annotated[Destination | None, fields.text(destinations.at_closing_time)] = None
    """What becomes of those who still wait."""
    survey: Name | None = None
    """What callers are asked after the talk; one of `surveys`."""
    record: (
        Annotated[
            str, fields.text(plain.one_of("when talks are recorded", "after consent", "never"))
        ]
        | None
    ) = None
    """Whether talks are recorded."""


class VoicemailWords(Words):
    """A box where callers leave a message."""

    say: Prompt = "voicemail"
    """What callers hear before the tone."""
    at_most: Annotated[float, fields.seconds(1, 1800, "1s to 30m")] = 120.0
    """How long a message may be."""


class CallbackWords(Words):
    """How those are called back who chose it."""

    keep_place: Flag = True
    """Whether who chose to be called back keeps the place in the queue."""
    confirm_number: Flag = True
    """Whether the caller is asked if the number is right."""
    tries: Annotated[int, fields.count(1, 10)] = 3
    """How often somebody is called who does not answer."""
    retry_after: Annotated[float, fields.seconds(60, 86400, "1m to 1d")] = 900.0
    """How long to wait before the next try."""
    hours: Name | None = None
    """When callers are called back; one of `hours`."""
    caller_id: CallerNumber | None = None
    """The number that they see; a landline number of your own."""


class SurveyWords(Words):
    """What callers are asked after a talk."""

    needed = {"by": "by: voice", "say": "say: survey.question"}

    by: Annotated[str, fields.text(plain.one_of("a way to ask", "sms", "voice"))] | None = None
    """By text message or by voice."""
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    """The prompts that ask."""
    scale: Annotated[tuple[int, int], fields.text(amounts.scale)] = (1, 10)
    """What may be answered."""
    share: Percent = 1.0
    """How many of the callers are asked."""
    not_again_within: Annotated[float, fields.seconds(0, 366 * 86400, "0s to 366d")] = 30 * 86400.0
    """Who was asked is left in peace for so long."""
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    """How long to wait for the first digit."""
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 2.0
    """How long to wait for a second digit, where the scale has such numbers."""
    tries: Annotated[int, fields.count(1, 10)] = 2
    """How often it is asked."""
    no_input: Prompt = "no_input"
    """What a caller hears who keyed nothing."""
    no_match: Prompt = "no_match"
    """What a caller hears whose answer is not on the scale."""
    thanks: Prompt = "goodbye"
    """What is said at the end, answered or not."""
