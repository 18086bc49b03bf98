"""A turn that a call took → where it goes next."""

from __future__ import annotations

from ivr.rules.decide.arrival import arrive
from ivr.rules.decide.journey import Journey
from ivr.rules.decide.menus import answered, keyed, spoken
from ivr.rules.decide.onward import not_taken
from ivr.rules.decide.split import site_away
from ivr.rules.decide.waiting import (
    closing_time,
    exit_keyed,
    finish,
    nobody_logged_in,
    place_taken,
    survey_done,
    taken_elsewhere,
    waited_long,
)
from ivr.rules.decision import (
    AnswerKeyed,
    CameIn,
    ClosingTime,
    Decision,
    ExitKeyed,
    Facts,
    Finished,
    NobodyLoggedIn,
    NothingAnswered,
    NothingChosen,
    NotTaken,
    OptionChosen,
    PlaceTaken,
    SiteAway,
    Spoken,
    SurveyDone,
    TakenElsewhere,
    Turn,
    WaitedLong,
)
from ivr.rules.model import RuleSet


def decide(rules: RuleSet, facts: Facts, turn: Turn) -> Decision:  # noqa: C901, PLR0912 - a line for each turn
    """Where the call goes after this turn, with the steps that led there."""
    journey = Journey(rules, facts)
    match turn:
        case CameIn():
            arrive(journey)
        case OptionChosen(menu, key):
            keyed(journey, menu, key)
        case NothingChosen(menu):
            keyed(journey, menu, None)
        case Spoken(menu, words):
            spoken(journey, menu, words)
        case AnswerKeyed(question, digits):
            answered(journey, question, digits)
        case NothingAnswered(question):
            answered(journey, question, None)
        case WaitedLong(queue, step):
            waited_long(journey, queue, step)
        case NobodyLoggedIn(queue):
            nobody_logged_in(journey, queue)
        case ExitKeyed(queue, key):
            exit_keyed(journey, queue, key)
        case TakenElsewhere(queue, to, by, why):
            taken_elsewhere(journey, queue, to, by, why)
        case SiteAway(queue):
            site_away(journey, queue)
        case PlaceTaken(queue, since):
            place_taken(journey, queue, since)
        case ClosingTime(queue):
            closing_time(journey, queue)
        case NotTaken(phone, barred):
            not_taken(journey, phone, barred)
        case SurveyDone(survey, is_answered):
            survey_done(journey, survey, answered=is_answered)
        case Finished(queue_or_none):
            finish(journey, queue_or_none)
    return journey.decision()
