"""While a caller waits in a queue: too long, deserted, closing time, and the end when they have talked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.rules.decide.departments import answering
from ivr.rules.decide.hours import opening
from ivr.rules.decide.journey import Journey
from ivr.rules.decide.onward import go
from ivr.rules.decide.queues import deserted
from ivr.rules.decision import Facts
from ivr.rules.model import Queue, RuleSet, Survey, Target, ToQueue, WaitStep
from ivr.why import (
    CameTo,
    ClosingTimeCame,
    LeftByKey,
    MovedByHand,
    NoSuchExit,
    NoSuchStep,
    NotAskedAgain,
    NotInShare,
    PlaceHadAgain,
    ServedAfterClosing,
    StepNotDone,
    StoryFinished,
    SurveyBegins,
    SurveyNotAsked,
    SurveyOver,
    WaitedSoLong,
)

_LOOKED_AHEAD = 240
"""Minutes: nobody waits longer than that."""

_STRIDE = 5
"""Minutes between two looks at whether it is open; what is closed for less is not noticed by who waits."""


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
        if step.offer is not None:
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


def exit_keyed(journey: Journey, name: str, key: str) -> None:
    """The caller left by a key; one that these rules do not have means nothing, and the caller waits on."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    elif key in queue.exits:
        chosen = queue.exits[key]
        journey.reason(LeftByKey(name, str(chosen.target.to), key), chosen.at)
        go(journey, chosen.target)
    else:
        journey.reason(NoSuchExit(name, key), queue.at)
        journey.end = queue


def taken_elsewhere(journey: Journey, name: str, to: str, by: str, why: str) -> None:
    """Somebody took the caller to another queue; where these rules do not have it, the caller waits on."""
    queue, other = journey.rules.queues.get(name), journey.rules.queues.get(to)
    if queue is None:
        journey.gone("queue", name)
    elif other is None:
        journey.why_not(MovedByHand(name, to, by, why), None)
        journey.reason(CameTo(f"queue {name}"), queue.at)
        journey.end = queue
    else:
        journey.reason(MovedByHand(name, to, by, why), other.at)
        go(journey, Target(ToQueue(to), other.at))


def place_taken(journey: Journey, name: str, since: datetime) -> None:
    """The caller has the place again that they left; they wait on."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
    else:
        waited = journey.facts.at.timestamp() - since.timestamp()
        journey.reason(PlaceHadAgain(name, round(waited, 1)), queue.at)
        journey.end = queue


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


def closes_in(rules: RuleSet, facts: Facts, queue: Queue, department: str | None) -> float | None:
    """How long until those who wait in the queue for an open department are led elsewhere; None: not for hours."""
    waited_for = rules.departments.get(department or "")
    if queue.at_closing is None or waited_for is None:
        return None
    site = answering(Journey(rules, facts), waited_for)
    start = facts.at.astimezone(UTC)
    if not opening(rules, waited_for, start, site).is_open:
        return None  # who came in all the same is served
    for ahead in range(_STRIDE, _LOOKED_AHEAD + 1, _STRIDE):
        if not opening(rules, waited_for, start + timedelta(minutes=ahead), site).is_open:
            minutes = (ahead - back for back in range(_STRIDE - 1, -1, -1))
            begun = start.replace(second=0, microsecond=0)
            moments = (begun + timedelta(minutes=minute) for minute in minutes)
            found = (at for at in moments if not opening(rules, waited_for, at, site).is_open)
            first = next(found, start + timedelta(minutes=ahead))
            return max(0.0, (first - start).total_seconds())
    return None


def finish(journey: Journey, queue: str | None) -> None:
    """They have talked, or a message was left: the caller is asked how it was, or the call ends."""
    talked_in = journey.rules.queues.get(queue or "")
    survey = journey.rules.surveys.get(talked_in.survey or "") if talked_in else None
    if talked_in is not None and survey is not None and _is_asked(journey, survey):
        journey.reason(SurveyBegins(survey.name, talked_in.name, survey.share), survey.at)
        journey.end = survey
    else:
        journey.reason(StoryFinished(), None)


def _is_asked(journey: Journey, survey: Survey) -> bool:
    facts = journey.facts
    if survey.by != "voice":
        journey.why_not(SurveyNotAsked(survey.name, survey.by, survey.share), survey.at)
        return False
    if facts.lot >= survey.share:
        journey.why_not(NotInShare(survey.name, survey.share), survey.at)
        return False
    asked = facts.surveyed_at
    if asked is not None and 0 <= (facts.at - asked).total_seconds() < survey.not_again_seconds:
        journey.why_not(NotAskedAgain(survey.name, survey.not_again_seconds), survey.at)
        return False
    return True


def survey_done(journey: Journey, name: str, *, answered: bool) -> None:
    """The survey is over: a word of thanks, and the call ends."""
    survey = journey.rules.surveys.get(name)
    if survey is None:
        journey.gone("survey", name)
        return
    journey.reason(SurveyOver(name, answered), survey.at)
    journey.hang_up(survey.thanks)
