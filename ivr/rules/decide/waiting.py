"""While a caller waits in a queue: too long, deserted, closing time, and the end when they have talked."""

from __future__ import annotations

from ivr.rules.decide.journey import Journey
from ivr.rules.decide.onward import go
from ivr.rules.decide.queues import deserted
from ivr.rules.model import Queue, WaitStep
from ivr.why import (
    ClosingTimeCame,
    NoSuchStep,
    ServedAfterClosing,
    StepNotDone,
    StoryFinished,
    SurveyNotAsked,
    WaitedSoLong,
)


def waited_long(journey: Journey, name: str, step: int) -> None:
    """The caller waited until a step of a queue."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif 0 <= step < len(queue.while_waiting):
        _overflow(journey, queue, queue.while_waiting[step])
    else:
        journey.reason(NoSuchStep(name), queue.at)
        journey.end = queue


def _overflow(journey: Journey, queue: Queue, step: WaitStep) -> None:
    journey.reason(_waited(queue, step), step.at)
    if step.target is not None:
        go(journey, step.target)
    else:
        journey.mention(StepNotDone(step.offer), step.at)
        journey.end = queue


def _waited(queue: Queue, step: WaitStep) -> WaitedSoLong:
    to = str(step.target.to) if step.target else None
    also_ring = str(step.also_ring.to) if step.also_ring else None
    return WaitedSoLong(queue.name, step.after_seconds, to, also_ring, step.offer)


def nobody_logged_in(journey: Journey, name: str) -> None:
    """The last agent of a queue signed out."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    else:
        go(journey, deserted(journey, queue))


def closing_time(journey: Journey, name: str) -> None:
    """The department that the caller waits for in this queue has closed."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif queue.at_closing is None:
        journey.reason(ServedAfterClosing(name), queue.at)
        journey.end = queue
    else:
        to = str(queue.at_closing.to)
        journey.reason(ClosingTimeCame(name, to), queue.at_closing.at)
        go(journey, queue.at_closing)


def finish(journey: Journey, queue: str | None) -> None:
    """They have talked, or a message was left: the call ends."""
    journey.reason(StoryFinished(), None)
    talked_in = journey.rules.queues.get(queue or "")
    survey = journey.rules.surveys.get(talked_in.survey or "") if talked_in else None
    if survey is not None:
        journey.mention(SurveyNotAsked(survey.name, survey.by, survey.share), survey.at)
