"""The story of a survey: how was it, asked of who stays on the line when the agent has hung up."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from ivr.call import Call, NoInput, NoMatch, Rated
from ivr.records.events import SurveyAsked, SurveyTry
from ivr.rules.decision import SurveyDone
from ivr.rules.visit import AskSurvey, InVain


async def run_survey(call: Call, asked: AskSurvey, at: datetime) -> SurveyDone | InVain:
    """Ask once for a number of the scale. That the caller was asked counts from the first word of it, at `at`."""
    survey = asked.survey
    if asked.is_first:
        scale = SurveyAsked(survey=survey.name, lowest=survey.lowest, highest=survey.highest)
        call.note(scale)
        call.acquaintance.survey_begins(at)
    match await call.rate(survey, say=asked.say):
        case Rated(score):
            call.note(SurveyTry(survey=survey.name, result="answered", score=score))
            return SurveyDone(survey.name, answered=True)
        case NoInput():
            call.note(SurveyTry(survey=survey.name, result="no_input"))
            return InVain("no_input")
        case NoMatch():
            call.note(SurveyTry(survey=survey.name, result="no_match"))
            return InVain("no_match")
        case unknown:
            assert_never(unknown)
